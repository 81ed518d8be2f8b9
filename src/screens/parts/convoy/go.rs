use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{Decided, DecisionDraft, Kind, Known, Stamp};
use waymark_core::guidance::{Moment, Now};
use waymark_core::rules::authority::may_write;
use waymark_core::rules::go_no_go::{Check, Leg, Outlook, Question, Window, checks, known_checks, outlook};
use waymark_core::view::chain::Item;
use waymark_core::view::community::{AreaItems, standing};
use waymark_core::view::movement::Decision;

use super::forms::choice;
use super::{Convoy, Work};
use crate::actions;
use crate::i18n::{I18n, intl};
use crate::reactive::{derive, memo};
use crate::screens::parts::item::ItemRow;
use crate::screens::parts::{KnownThen, Phones, Reading, SendRow, Sending, check_row, forms, guide, words};
use crate::ui::{
    Banner, Button, Chip, Choices, Field, Fold, Input, LateFold, Shape, Tone, WorkTitle, live, lu, rows, time,
};
use crate::{say, words};

/// What is known of each leg before somebody decides, and what was decided.
#[component]
pub fn GoNoGo(convoy: Convoy) -> impl IntoView {
    let Convoy { i18n, open, movement, .. } = convoy;
    let app = convoy.app();
    let watches = memo(move || convoy.watches());
    if watches.get_untracked() {
        spawn_local(actions::open_guidance(app));
        spawn_local(actions::open_chain(app));
    }
    let ended = memo(move || movement.with(|movement| movement.closed.is_some()));
    let may = memo(move || {
        let may = app.person().is_some_and(|person| may_write(person.role, &Kind::MovementDecided).is_ok());
        // Nobody decides by half of what is known.
        may && !ended.get() && app.chain.is_read() && app.guidance.is_read()
    });
    // Drawn once each: whoever has unfolded what was known then goes on reading.
    let decisions = rows(
        move || movement.with(|movement| movement.decisions.iter().rev().cloned().collect()),
        |Decision { by, decided }| (by.user.clone(), by.name.clone(), by.at, decided.plan),
        move |decision| decided(convoy, decision),
    );
    let undecided = move || {
        let none = movement.with(|movement| movement.decisions.is_empty());
        none.then(|| view! { <p class="soft">{words!(i18n, go.undecided)}</p> })
    };
    let act = move || {
        may.get().then(|| {
            let press = Callback::new(move |()| open.set(Some(Work::Decide)));
            view! {
                <div class="btn-row">
                    <Button id=Work::Decide.button() label=words!(i18n, go.decide) icon=lu::LuScale on_press=press />
                </div>
            }
        })
    };
    let form = move || (open.get() == Some(Work::Decide)).then(|| view! { <DecideForm convoy /> });
    let known = move || watches.get().then(|| view! { <Legs convoy /> });
    view! {
        <section class="panel go" data-part="go">
            <h2>{words!(i18n, go.title)}</h2>
            {live(undecided)}
            <ul class="joined">{decisions}</ul>
            {live(known)}
            {live(act)}
            {live(form)}
        </section>
    }
    .into_any()
}

fn decided(convoy: Convoy, decision: Decision) -> AnyView {
    let Convoy { i18n, movement, .. } = convoy;
    let Decision { by, decided } = decision;
    let (choice, name, at) = (decided.decision.clone(), by.name, by.at.0);
    let title = derive(move || {
        let (said, time) = (words::decision(i18n, &choice), convoy.moment(at));
        say!(i18n, go.decided, decision = said, name = name, time = time)
    });
    let (count, seen_as_of) = (decided.known.count().to_string(), decided.known.seen_as_of);
    let known = move || match seen_as_of {
        Some(at) => say!(i18n, go.known, number = count, time = convoy.moment(at.0)),
        None => say!(i18n, go.known_never, number = count),
    };
    let conditions = decided.conditions.map(|text| {
        view! {
            <p dir="auto">
                <span class="soft">{words!(i18n, go.conditions)}</span>
                " "
                <strong>{text}</strong>
            </p>
        }
    });
    let plan = decided.plan;
    let is_older = memo(move || movement.with(|movement| movement.plan.id != plan));
    let older = move || is_older.get().then(|| view! { <p class="small">{words!(i18n, go.older_plan)}</p> });
    let tone = match decided.decision {
        Decided::Go => Tone::Accent,
        Decided::NoGo => Tone::Danger,
        _ => Tone::Warn,
    };
    view! {
        <li data-decision=decided.decision.code().to_owned()>
            <p>
                <Chip text=title icon=lu::LuScale tone />
            </p>
            <p dir="auto">
                <span class="soft">{words!(i18n, go.reason)}</span>
                " "
                {decided.reason}
            </p>
            {conditions}
            <p class="small soft">{known}</p>
            <KnownThen known=decided.known />
            {live(older)}
        </li>
    }
    .into_any()
}

/// Tracks the chain and the movement, and not the clock.
fn look<T>(convoy: Convoy, read: impl FnOnce(&Outlook<'_>) -> T) -> T {
    let now = convoy.now.get_untracked();
    let places = actions::known_places(convoy.app());
    convoy.app().chain.with(|chain| {
        convoy.movement.with(|movement| {
            let (plan, exercise) = (&movement.plan.plan, movement.exercise);
            let question = Question { plan, exercise, places: &places, now, window: Window::default() };
            read(&outlook(chain, &question))
        })
    })
}

/// The checklists of the movement, read by `read`; tracks.
fn look_at_checks<T>(convoy: Convoy, read: impl FnOnce(&[Check<'_>]) -> T) -> T {
    let app = convoy.app();
    app.guidance.with(|library| {
        app.chain.with(|chain| {
            convoy.movement.with(|movement| {
                let plan = &movement.plan.plan;
                read(&checks(chain, &library.checklists, plan, movement.id, movement.exercise))
            })
        })
    })
}

#[component]
fn Legs(convoy: Convoy) -> impl IntoView {
    let i18n = convoy.i18n;
    let app = convoy.app();
    let window = Window::default();
    let (km, days) = (time::number(intl(i18n), window.km), window.days.to_string());
    // What is known moves on with what arrives, and with the plan; not with each tick of the clock.
    let hour = memo(move || convoy.now.get().0 / 3_600_000);
    let legs = move || {
        hour.track();
        look(convoy, |outlook| {
            let unplaced = (!outlook.unplaced.is_empty()).then(|| {
                view! {
                    <h3>{words!(i18n, go.unplaced)} " " <span class="num">{outlook.unplaced.len()}</span></h3>
                    {items(i18n, &outlook.unplaced)}
                }
            });
            let by_name = (outlook.by_name_only > 0)
                .then(|| view! { <p class="small soft">{words!(i18n, go.by_name)}</p> });
            let (now, read) = (convoy.now.get_untracked(), app.chain.is_read());
            let legs: Vec<_> = outlook.legs.iter().map(|one| leg(i18n, one, now, read)).collect();
            let rated = (!outlook.other_levels.is_empty()).then(|| {
                view! {
                    <h3>{words!(i18n, go.other_levels)}</h3>
                    <p class="small soft">{words!(i18n, go.other_levels_text)}</p>
                    {levels(i18n, &outlook.other_levels)}
                }
            });
            view! {
                {legs}
                {unplaced}
                {rated}
                {by_name}
            }
        })
    };
    let fresh = move || {
        let now = convoy.now.get().0;
        let (tone, text) = match actions::seen_as_of(app) {
            Some(at) => (Tone::None, say!(i18n, go.as_of, time = time::moment(intl(i18n), at.0, now))),
            None => (Tone::Warn, say!(i18n, go.as_of_never)),
        };
        view! { <Banner tone icon=lu::LuClock text=Signal::stored(text) /> }
    };
    let unsent = move || {
        let queued = app.sync.with(|sync| sync.counts.queued);
        (queued > 0).then(|| view! { <p class="small">{words!(i18n, go.unsent, count = queued)}</p> })
    };
    spawn_local(actions::open_guidance(app));
    let checked = move || {
        hour.track();
        let now = convoy.now.get_untracked().0;
        look_at_checks(convoy, |all| {
            let movement = convoy.movement.with(|movement| movement.id);
            all.iter().map(|check| check_row(i18n, check, movement, now)).collect::<Vec<_>>()
        })
    };
    let fits = derive(move || {
        convoy.movement.with(|movement| {
            let plan = &movement.plan.plan;
            let hours = plan.timetable().into_iter().flatten().map(|at| time::hour(at.0));
            let night = hours.into_iter().any(|hour| !(6..18).contains(&hour));
            let mut moments = vec![Moment::any("leg")];
            if night {
                moments.insert(0, Moment::new("leg", "night"));
            }
            Now { moments, level: plan.area_level.figure(), ..Now::default() }
        })
    });
    spawn_local(actions::update_directory(app));
    view! {
        <p class="soft">{words!(i18n, go.text, km = km, days = days)}</p>
        {live(fresh)}
        {live(unsent)}
        <Phones phones=derive(move || actions::others_seen(app)) />
        <Reading />
        {live(legs)}
        <guide::Offered now=fits />
        <h3>{words!(i18n, go.checklists)}</h3>
        <ul class="rows" data-part="checks">{live(checked)}</ul>
    }
    .into_any()
}

/// So many of each list are shown; the rest are a tap away.
const SHOWN: usize = 5;

/// What could harm a source is always shown: whoever decides is noted to have seen it.
fn items(i18n: I18n, list: &[&Item]) -> AnyView {
    let own = |item: &Item| view! { <ItemRow item=item.clone() /> }.into_any();
    let (mut shown, mut rest) = (vec![], vec![]);
    for (at, item) in list.iter().enumerate() {
        if at < SHOWN || item.is_sensitive() {
            shown.push(own(item));
        } else {
            rest.push((*item).clone());
        }
    }
    let more = (!rest.is_empty()).then(|| {
        let heading = Signal::stored(say!(i18n, go.more, number = rest.len().to_string()));
        let make = Callback::new(move |()| {
            let rows: Vec<_> = rest.iter().map(own).collect();
            view! { <ul class="rows">{rows}</ul> }.into_any()
        });
        view! { <LateFold part="more" heading holds=Signal::stored(String::new()) make /> }
    });
    view! {
        <ul class="rows">{shown}</ul>
        {more}
    }
    .into_any()
}

/// Of each area, so that the mildest of them hides nothing.
fn levels(i18n: I18n, rated: &[&Item]) -> AnyView {
    let chip = |item: &&Item| {
        let code = item.now.text("level").unwrap_or_default();
        let level = forms::code(i18n, "level", code);
        let text = say!(i18n, go.level, area = item.now.text("area").unwrap_or_default(), level = level);
        let tone = match code {
            "high" | "extreme" => Tone::Danger,
            "substantial" | "moderate" => Tone::Warn,
            _ => Tone::None,
        };
        view! { <Chip text=Signal::stored(text) icon=lu::LuSignal tone /> }.into_any()
    };
    let chips: Vec<_> = rated.iter().map(chip).collect();
    view! { <p class="chips">{chips}</p> }.into_any()
}

/// `read` once all of the chain is there: only then is it true that nothing is known.
fn leg(i18n: I18n, leg: &Leg<'_>, now: Stamp, read: bool) -> AnyView {
    let title = say!(i18n, go.leg, from = leg.from, to = leg.to);
    let level = if leg.levels.is_empty() {
        let text = Signal::stored(say!(i18n, go.level_none));
        view! { <p><Chip text icon=lu::LuSignal tone=Tone::Quiet /></p> }.into_any()
    } else {
        levels(i18n, &leg.levels)
    };
    let list = |label: String, list: &[&Item]| {
        (!list.is_empty()).then(|| {
            view! {
                <h4>{label} " " <span class="num">{list.len()}</span></h4>
                {items(i18n, list)}
            }
        })
    };
    let nothing = read
        && leg.threats.is_empty()
        && leg.feedback.is_empty()
        && leg.incidents.is_empty()
        && leg.history.is_empty()
        && leg.risks.is_empty()
        && leg.levels.is_empty()
        && leg.acceptance.is_empty();
    let loud = leg.items().any(|item| item.form.kind == Kind::ThreatReported || item.is_sensitive());
    let body = view! {
        <div class="stack stack-tight">
                {level}
                {nothing.then(|| view! { <p class="soft">{say!(i18n, go.nothing)}</p> })}
                {list(say!(i18n, go.threats), &leg.threats)}
                {list(say!(i18n, go.feedback), &leg.feedback)}
                {accepted(i18n, &leg.acceptance, now)}
                {list(say!(i18n, go.incidents), &leg.incidents)}
                {list(say!(i18n, go.risks), &leg.risks)}
                {list(say!(i18n, go.actions), &leg.actions)}
                {history(i18n, &leg.history)}
            </div>
    }
    .into_any();
    let (heading, holds) = (Signal::stored(title), Signal::stored(summary(i18n, leg)));
    view! { <Fold heading holds open=loud>{body}</Fold> }.into_any()
}

/// "2 threats · 1 incident": what is in it, while it is folded.
fn summary(i18n: I18n, leg: &Leg<'_>) -> String {
    let part = |label: String, list: &[&Item]| (!list.is_empty()).then(|| format!("{label} {}", list.len()));
    let parts = [
        part(say!(i18n, go.threats), &leg.threats),
        part(say!(i18n, go.feedback), &leg.feedback),
        part(say!(i18n, go.incidents), &leg.incidents),
        part(say!(i18n, go.history), &leg.history),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn accepted(i18n: I18n, areas: &[AreaItems<'_>], now: Stamp) -> Option<AnyView> {
    let mut lines = vec![];
    for (area, observations) in areas {
        let standing = standing(observations);
        if let Some((tenths, _)) = standing.mean {
            let trend = match standing.before {
                None => say!(i18n, go.first),
                Some(before) if tenths > before => say!(i18n, go.better),
                Some(before) if tenths < before => say!(i18n, go.worse),
                Some(_) => say!(i18n, go.same),
            };
            let mean = time::number(intl(i18n), f64::from(tenths) / 10.0);
            lines.push(say!(i18n, go.acceptance_now, area = *area, mean = mean, trend = trend));
        }
        if !standing.signals.is_empty() {
            let seen: Vec<_> =
                standing.signals.iter().map(|code| forms::code(i18n, "signal", code)).collect();
            let seen = seen.join(" · ");
            let since = time::moment(intl(i18n), standing.since.0, now.0);
            lines.push(say!(i18n, go.signals, area = *area, time = since, list = seen));
        }
    }
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect();
    (!lines.is_empty()).then(|| {
        view! {
            <h4>{say!(i18n, go.acceptance)}</h4>
            {lines}
        }
        .into_any()
    })
}

fn history(i18n: I18n, items: &[&Item]) -> Option<AnyView> {
    let last = items.first()?;
    let year = last.happened().to_string().get(..4).unwrap_or_default().to_owned();
    let words = say!(i18n, go.history_text, number = items.len().to_string(), year = year);
    let shown: Vec<_> =
        items.iter().take(3).map(|item| view! { <ItemRow item=(*item).clone() /> }.into_any()).collect();
    Some(
        view! {
            <h4>{say!(i18n, go.history)}</h4>
            <p>{words}</p>
            <ul class="rows">{shown}</ul>
        }
        .into_any(),
    )
}

#[component]
fn DecideForm(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new(convoy.close());
    let decision = RwSignal::new(String::new());
    let [reason, conditions] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let options = derive(move || {
        Decided::ALL
            .iter()
            .map(|decided| choice(decided.code(), words::decision(i18n, decided)))
            .collect::<Vec<_>>()
    });
    let send = Callback::new(move |()| {
        let draft = DecisionDraft {
            decision: decision.with_untracked(|code| (!code.is_empty()).then(|| Decided::from_code(code))),
            reason: reason.get_untracked(),
            conditions: conditions.get_untracked(),
        };
        let known = untrack(|| known(convoy));
        let movement = movement.get_untracked();
        let unnamed = untrack(|| look(convoy, |outlook: &Outlook<'_>| outlook.unnamed()));
        let save = async move {
            let decided = actions::decide(app, &movement, &draft, known).await?;
            for id in unnamed {
                actions::note_seen(app, id).await;
            }
            Ok::<_, actions::SaveError>(decided)
        };
        sending.run(save, move || say!(i18n, go.saved));
    });
    let on_conditions = move || {
        let asked = decision.with(|code| code == Decided::GoWithConditions.code());
        asked.then(|| {
            let label = words!(i18n, go.conditions);
            view! {
                <Field
                    name="conditions"
                    label
                    value=conditions
                    error=sending.fault("conditions")
                    input=Input::Area
                />
            }
        })
    };
    let fault = sending.fault("decision");
    view! {
        <div class="work stack">
            <WorkTitle text=words!(i18n, go.decide) />
            <Choices
                name="decision"
                label=words!(i18n, go.decision)
                options
                value=decision
                on_choose=Callback::new(move |code| decision.set(code))
                shape=Shape::Wide
            />
            <p class="field-error" aria-live="polite">{live(move || fault.get())}</p>
            <Field
                name="reason"
                label=words!(i18n, go.reason)
                value=reason
                error=sending.fault("reason")
                input=Input::Area
            />
            {live(on_conditions)}
            <SendRow sending label=words!(i18n, go.save) on_send=send />
        </div>
    }
    .into_any()
}

/// What the decision keeps: all that this phone knows, also behind "more", and as of when.
fn known(convoy: Convoy) -> Known {
    let app = convoy.app();
    let queued = app.sync.with(|sync| sync.counts.queued);
    let as_of = actions::seen_as_of(app);
    let mut known = look(convoy, |outlook| outlook.known(as_of, queued));
    let (checks, more) = look_at_checks(convoy, known_checks);
    known.checks = checks;
    known.left_out += more;
    known.phones = actions::others_seen(app);
    known
}
