use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::form::{Form, WELFARE_HOURS, form_named};
use waymark_core::event::{Kind, Stamp};
use waymark_core::guidance::{Card, ORIGINAL};
use waymark_core::rules::Role;
use waymark_core::rules::authority::may_write;
use waymark_core::spelling::folded;
use waymark_core::view::Chain;
use waymark_core::view::chain::{Item, Status};

use super::{ItemRow, item_key};
use crate::actions::{self, FormOf};
use crate::i18n::{intl, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes;
use crate::screens::parts::forms::{self, Filling, FormSheet, Prefill};
use crate::screens::parts::{SendRow, Sending};
use crate::state::AppState;
use crate::ui::{Banner, Button, LinkButton, Text, Tone, WorkTitle, focus, live, lu, rows, time};
use crate::{say, words};

/// What can be done with an item, by its kind, its state and who is signed in.
#[component]
pub fn Acts(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let open = RwSignal::new(None::<(&'static str, bool)>);
    let role = memo(move || app.person().map(|person| person.role));
    let user = app.person_untracked().map(|person| person.user);
    let acts = memo(move || {
        let Some(role) = role.get() else { return vec![] };
        item.with(|item| {
            let mut acts = about(item, role);
            let own = user.as_ref().is_some_and(|user| !item.may_verify(user));
            acts.retain(|(name, _)| !(own && *name == "verified"));
            // It begins with the card as it is now.
            let read = app.guidance.is_read();
            acts.retain(|(name, _)| *name != "proposal" || read);
            acts
        })
    });
    let decides = memo(move || {
        role.get().is_some_and(|role| {
            item.with(|item| about(item, role).iter().any(|(name, _)| *name == "proposal"))
        })
    });
    effect(move || {
        if decides.get() {
            spawn_local(actions::open_guidance(app));
        }
    });
    let buttons = move || {
        let button = |(name, update): (&'static str, bool)| {
            let on_press = Callback::new(move |()| open.set(Some((name, update))));
            let label = act_label(name, update);
            view! { <Button label on_press id=button_id(name, update) /> }.into_any()
        };
        acts.get().into_iter().map(button).collect::<Vec<_>>()
    };
    let links = move || {
        let role = role.get()?;
        Some(item.with(|item| {
            let link = |name: &'static str| {
                let href = format!("{}?of={}", routes::report(name), item.id);
                view! { <LinkButton label=out_label(name) href /> }.into_any()
            };
            out_of(item, role).into_iter().map(link).collect::<Vec<_>>()
        }))
    };
    let happened = memo(move || {
        let (id, threat) =
            item.with(|item| (item.id, item.form.kind == Kind::ThreatReported && item.is_open()));
        let came =
            |chain: &Chain| chain.out_of(id).iter().any(|item| item.form.kind == Kind::IncidentReported);
        threat && app.chain.with(came)
    });
    let prompt = move || {
        happened.get().then(|| {
            view! { <Banner tone=Tone::Warn icon=lu::LuListChecks text=words!(i18n, chain.carried_out_open) /> }
        })
    };
    let work = move || {
        let (name, update) = open.get()?;
        let item = item.get_untracked();
        let form = if update { Some(item.form) } else { form_named(name) };
        form.map(|form| view! { <Work form item update open /> })
    };
    view! {
        <section class="stack stack-tight acts" aria-label=words!(i18n, chain.acts)>
            {live(prompt)}
            <div class="btn-row">{live(buttons)} {live(links)}</div>
            {live(work)}
            <Missing item />
            <Welfare item />
        </section>
    }
    .into_any()
}

fn button_id(name: &str, update: bool) -> String {
    format!("act-{name}{}", if update { "-update" } else { "" })
}

/// Forms that say something about it; `true` adds to the item itself.
fn about(item: &Item, role: Role) -> Vec<(&'static str, bool)> {
    let mut acts = vec![];
    if item.is_external() {
        return acts;
    }
    let open = item.is_open();
    let mut add = |name: &'static str, kind: Kind, wanted: bool| {
        if wanted && may_write(role, &kind).is_ok() {
            acts.push((name, false));
        }
    };
    match item.form.kind {
        Kind::ThreatReported => {
            add("evaluation", Kind::ThreatEvaluated, open);
            add("threat_end", Kind::ThreatClosed, open);
        }
        Kind::IncidentReported => add("incident_end", Kind::IncidentClosed, open),
        Kind::CommunityHeard => add("answered", Kind::CommunityAnswered, true),
        Kind::ActionOpened => {
            add("done", Kind::ActionDone, item.status() == Status::Open);
            add("verified", Kind::ActionVerified, item.status() == Status::Done);
        }
        Kind::InvestigationOpened => {
            add("investigation_end", Kind::InvestigationClosed, open);
            add("proposal", Kind::ProposalDecided, !open);
        }
        Kind::FindingRecorded => add("proposal", Kind::ProposalDecided, true),
        _ => {}
    }
    if !is_once(&item.form.kind) && may_write(role, &item.form.kind).is_ok() {
        acts.push((item.form.name, true));
    }
    acts
}

/// What was looked at, read, named or published is so again, and not corrected.
fn is_once(kind: &Kind) -> bool {
    matches!(kind, Kind::ChecklistCompleted | Kind::GuidanceRead | Kind::PlanStaffed | Kind::PackPublished)
}

/// Forms of what comes out of it.
fn out_of(item: &Item, role: Role) -> Vec<&'static str> {
    let may = |kind: Kind| may_write(role, &kind).is_ok();
    let mut all = vec![];
    if item.is_external() {
        return all;
    }
    let watches = role.watches();
    match item.form.kind {
        Kind::ThreatReported => {
            all.push("incident");
            all.extend(watches.then_some("action"));
        }
        Kind::IncidentReported => {
            all.push("loss");
            all.extend(watches.then_some("action"));
            all.extend(watches.then_some("finding"));
            all.extend(may(Kind::InvestigationOpened).then_some("investigation"));
        }
        Kind::RiskAssessed => {
            all.push("risk");
            all.extend(watches.then_some("action"));
        }
        Kind::DrillHeld => {
            all.extend(watches.then_some("action"));
            all.extend(watches.then_some("finding"));
        }
        Kind::CommunityHeard | Kind::CommunityConsulted | Kind::LossRecorded | Kind::GapRaised => {
            all.extend(watches.then_some("action"));
        }
        Kind::InvestigationOpened => all.extend(watches.then_some("finding")),
        _ => {}
    }
    all
}

fn act_label(name: &str, update: bool) -> Text {
    let i18n = use_i18n();
    match name {
        _ if update => words!(i18n, chain.add),
        "evaluation" => words!(i18n, chain.evaluate),
        "answered" => words!(i18n, chain.answer),
        "done" => words!(i18n, chain.mark_done),
        "verified" => words!(i18n, chain.verify),
        "proposal" => words!(i18n, standards.decide),
        _ => words!(i18n, chain.close),
    }
}

fn out_label(name: &str) -> Text {
    let i18n = use_i18n();
    match name {
        "incident" => words!(i18n, chain.report_incident),
        "loss" => words!(i18n, chain.record_loss),
        "finding" => words!(i18n, chain.finding),
        "investigation" => words!(i18n, chain.investigate),
        "risk" => words!(i18n, chain.reassess),
        _ => words!(i18n, chain.open_action),
    }
}

/// A form that says something about the item, within its page.
#[component]
fn Work(
    form: &'static Form,
    item: Item,
    update: bool,
    open: RwSignal<Option<(&'static str, bool)>>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::hold_update(app);
    let back = open.get_untracked().map(|(name, update)| button_id(name, update)).unwrap_or_default();
    let on_close = Callback::new(move |()| {
        open.set(None);
        focus(back.clone());
    });
    let sending = Sending::new(on_close);
    let id = item.id;
    let of = FormOf { about: Some(id), update, ..FormOf::new(form) };
    let blank = match form.kind {
        _ if update => Prefill::of(&item.now),
        Kind::ProposalDecided => proposed(app, &item),
        _ => Prefill::default(),
    };
    let filling = Filling::keep(app, of, blank);
    let send = Callback::new(move |()| {
        sending.run(async move { filling.save(app).await }, move || say!(i18n, report.saved));
    });
    let title = derive(move || {
        if update { forms::text(i18n, "update").unwrap_or_default() } else { forms::title(i18n, form) }
    });
    let text = derive(move || {
        let name = if update { "update" } else { form.name };
        forms::text(i18n, &format!("{name}_text")).unwrap_or_default()
    });
    // An incident does not close before what was to be done about it is done and looked at.
    let waiting = memo(move || {
        if form.kind != Kind::IncidentClosed {
            return vec![];
        }
        app.chain.with(|chain| chain.open_actions(id).into_iter().cloned().collect::<Vec<_>>())
    });
    let may_send = memo(move || waiting.with(Vec::is_empty));
    let held_up = move || {
        (!may_send.get()).then(|| {
            let row = move |item: Item| view! { <ItemRow item /> };
            view! {
                <Banner tone=Tone::Warn icon=lu::LuListChecks text=words!(i18n, report.actions_open) />
                <ul class="rows" data-part="actions-open">{rows(move || waiting.get(), item_key, row)}</ul>
            }
        })
    };
    // What is typed in the meantime is kept.
    let foot = move || {
        if may_send.get() {
            return view! { <SendRow sending label=words!(i18n, report.save) on_send=send /> }.into_any();
        }
        view! {
            <div class="btn-row">
                <Button label=words!(i18n, report.later) on_press=on_close />
            </div>
        }
        .into_any()
    };
    view! {
        <div class="panel work">
            <WorkTitle text=title />
            <p class="soft">{text}</p>
            {live(held_up)}
            <FormSheet filling failed=sending.failed />
            {live(foot)}
        </div>
    }
    .into_any()
}

/// Where a finding names a card, its text as it is now: what is proposed is written into it.
fn proposed(app: AppState, item: &Item) -> Prefill {
    let mut draft = Prefill::default();
    let standard = item.now.text("standard").map(folded).unwrap_or_default();
    untrack(|| {
        app.guidance.with(|library| {
            let named = |card: &&Card| {
                folded(&card.id) == standard
                    || card.texts.values().any(|text| folded(&text.title) == standard)
            };
            if let Some(card) = library.cards.iter().find(named).filter(|_| !standard.is_empty()) {
                draft.put("card", &card.id);
                draft.put("draft", &card.source(ORIGINAL).unwrap_or_default());
            }
        });
    });
    draft
}

/// Points of a checklist that are not met: each becomes somebody's to do.
#[component]
fn Missing(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let points = memo(move || {
        let watches = app.person().is_some_and(|person| person.role.watches());
        item.with(|item| {
            let own = watches && item.form.kind == Kind::ChecklistCompleted && !item.exercise;
            let all = if own { item.now.list("missing") } else { vec![] };
            all.into_iter().map(str::to_owned).collect::<Vec<_>>()
        })
    });
    let rows = move || {
        let (id, name) = item.with(|item| (item.id, item.now.text("name").unwrap_or_default().to_owned()));
        let asked: Vec<String> = app.chain.with(|chain| {
            let what = |item: &&Item| item.now.text("what").map(str::to_owned);
            chain.out_of(id).iter().filter_map(what).collect()
        });
        let row = |point: String| {
            let done = asked.iter().any(|what| what.contains(&point));
            let what = routes::encoded(&format!("{name}: {point}"));
            let href = format!("{}?of={id}&action=protection_upgrade&what={what}", routes::report("action"));
            let end = if done {
                view! { <span class="small soft">{say!(i18n, checklists.action_open)}</span> }.into_any()
            } else {
                view! { <LinkButton label=words!(i18n, chain.open_action) href icon=lu::LuListChecks /> }
                    .into_any()
            };
            view! { <li><p dir="auto">{point.clone()}</p> {end}</li> }.into_any()
        };
        points.get().into_iter().map(row).collect::<Vec<_>>()
    };
    let some = memo(move || points.with(|points| !points.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="panel panel-tight" data-part="missing-points">
                    <h3>{words!(i18n, checklists.missing_title)}</h3>
                    <ul class="missing-points">{live(rows)}</ul>
                </section>
            }
        })
    })
}

const HOUR_MS: i64 = 3_600_000;

/// After an incident with people hurt: the contacts that nobody has planned.
#[component]
fn Welfare(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let missing = memo(move || {
        let watches = app.person().is_some_and(|person| person.role.watches());
        item.with(|item| {
            if !watches || item.form.kind != Kind::IncidentReported || !item.is_open() || item.exercise {
                return vec![];
            }
            let planned = app.chain.with(|chain| {
                let contact = |item: &&Item| item.now.text("action") == Some("welfare_contact");
                chain
                    .out_of(item.id)
                    .into_iter()
                    .filter(contact)
                    .filter_map(Item::deadline)
                    .collect::<Vec<_>>()
            });
            let due = |hours: &u32| item.happened().plus_ms(i64::from(*hours) * HOUR_MS);
            let near = |at: &Stamp| planned.iter().any(|other| other.ms_since(*at).abs() < 12 * HOUR_MS);
            WELFARE_HOURS.iter().map(due).filter(|at| !near(at)).collect::<Vec<_>>()
        })
    });
    let links = move || {
        let id = item.with(|item| item.id);
        let now = app.now.get().0;
        let link = |at: Stamp| {
            let href = format!("{}?of={id}&action=welfare_contact&due={at}", routes::report("action"));
            let when = time::moment(intl(i18n), at.0, now);
            let label = Signal::stored(say!(i18n, report.welfare_at, when = when));
            view! { <LinkButton label href icon=lu::LuHeartHandshake /> }.into_any()
        };
        missing.get().into_iter().map(link).collect::<Vec<_>>()
    };
    let some = memo(move || missing.with(|missing| !missing.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="panel panel-tight welfare">
                    <h3>{words!(i18n, report.welfare)}</h3>
                    <p class="small soft">{words!(i18n, report.welfare_text)}</p>
                    <div class="btn-row">{live(links)}</div>
                </section>
            }
        })
    })
}
