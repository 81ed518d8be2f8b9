use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{EventId, Kind};
use waymark_core::rules::authority::may_write;
use waymark_core::view::chain::{Edge, Item, Reason, Suggestion};

use super::find_other::FindOther;
use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::{forms, words};
use crate::state::AppState;
use crate::ui::{Button, Toasts, Tone, live, lu, time};
use crate::{say, words};

const SUGGESTED: usize = 5;

/// What it is joined to, and what may belong to it.
#[component]
pub fn Joined(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let id = memo(move || item.with(|item| item.id));
    let may =
        memo(move || app.person().is_some_and(|person| may_write(person.role, &Kind::LinkMade).is_ok()));
    let edges = memo(move || app.chain.with(|chain| chain.edges(id.get())));
    let joined = move || {
        let own = id.get();
        edges.with(|edges| {
            edges.iter().filter_map(|edge| edge_row(app, i18n, edge, own, may.get())).collect::<Vec<_>>()
        })
    };
    let some = memo(move || edges.with(|edges| !edges.is_empty()));
    let suggested =
        memo(
            move || {
                if may.get() {
                    app.chain.with(|chain| chain.suggestions(id.get(), SUGGESTED))
                } else {
                    vec![]
                }
            },
        );
    let rows = move || {
        suggested.with(|all| all.iter().filter_map(|one| suggestion_row(app, i18n, one)).collect::<Vec<_>>())
    };
    view! {
        {live(move || {
            some.get().then(|| view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, chain.joined_to)}</h2>
                    <ul class="joined">{live(joined)}</ul>
                </section>
            })
        })}
        {live(move || {
            may.get().then(|| view! {
                <section class="stack stack-tight" data-part="suggested">
                    <h2>{words!(i18n, chain.suggested)}</h2>
                    {live(move || suggested.with(Vec::is_empty).then(|| {
                        view! { <p class="soft">{words!(i18n, chain.suggested_none)}</p> }
                    }))}
                    <ul class="joined">{live(rows)}</ul>
                    <FindOther id />
                </section>
            })
        })}
    }
    .into_any()
}

fn edge_row(app: AppState, i18n: I18n, edge: &Edge, own: EventId, may: bool) -> Option<AnyView> {
    let other = edge.other(own);
    let (form, headline) = about(app, i18n, other)?;
    let relation = seen_from(i18n, edge.relation.code(), other == edge.from);
    let by = edge.by.as_ref().map(|by| {
        let time = time::moment(intl(i18n), by.at.0, app.now.get_untracked().0);
        say!(i18n, chain.joined_by, name = by.name, time = time)
    });
    let (from, to) = (edge.from, edge.to);
    // What came out of an item does so whatever anybody says.
    let undo = (may && edge.by.is_some()).then(|| {
        let label = words!(i18n, chain.unjoin);
        join_button(app, i18n, label, (from, to, "withdrawn"), false, &headline)
    });
    Some(
        view! {
            <li>
                <p>
                    <a class="clip" dir="auto" href=routes::record(other)>{format!("{form} · {headline}")}</a>
                </p>
                <p class="small soft">{relation} {by.map(|by| format!(" · {by}"))}</p>
                {undo.map(|undo| view! { <div class="btn-row">{undo}</div> })}
            </li>
        }
        .into_any(),
    )
}

fn suggestion_row(app: AppState, i18n: I18n, one: &Suggestion) -> Option<AnyView> {
    let (form, headline) = about(app, i18n, one.other)?;
    let why: Vec<String> = one.reasons.iter().map(|reason| why(app, i18n, reason)).collect();
    let relation = seen_from(i18n, one.relation.code(), one.other == one.from);
    let button = join_button(
        app,
        i18n,
        words!(i18n, chain.join),
        (one.from, one.to, one.relation.code()),
        true,
        &headline,
    );
    Some(
        view! {
            <li data-suggested=one.other.to_string()>
                <p>
                    <a class="clip" dir="auto" href=routes::record(one.other)>{format!("{form} · {headline}")}</a>
                </p>
                <p class="small">{why.join(" · ")}</p>
                <p class="small soft">{relation}</p>
                <div class="btn-row">{button}</div>
            </li>
        }
        .into_any(),
    )
}

/// How the other stands to the item of the page: from the other to it, or to the other from it.
pub(super) fn seen_from(i18n: I18n, relation: &str, from_other: bool) -> String {
    forms::code(i18n, "relation", &format!("{relation}_{}", if from_other { "here" } else { "there" }))
}

pub(super) fn join_button(
    app: AppState,
    i18n: I18n,
    label: crate::ui::Text,
    (from, to, relation): (EventId, EventId, &str),
    joins: bool,
    headline: &str,
) -> AnyView {
    let toasts = Toasts::find();
    let busy = RwSignal::new(false);
    let relation = relation.to_owned();
    let about = forms::clipped(headline, 80);
    let press = Callback::new(move |()| {
        let relation = relation.clone();
        busy.set(true);
        spawn_local(async move {
            let saved = actions::join(app, from, to, &relation).await;
            toasts.say(|| match saved {
                Ok(_) if joins => say!(i18n, chain.joined),
                Ok(_) => say!(i18n, chain.unjoined),
                Err(error) => words::save_error(i18n, &error),
            });
            busy.try_set(false);
        });
    });
    let (icon, tone) = if joins { (lu::LuLink, Tone::Accent) } else { (lu::LuUnlink, Tone::None) };
    view! { <Button label icon tone on_press=press busy about /> }.into_any()
}

pub(super) fn about(app: AppState, i18n: I18n, id: EventId) -> Option<(String, String)> {
    app.chain
        .with(|chain| chain.get(id).map(|item| (forms::short(i18n, item.form), forms::headline(i18n, item))))
}

fn why(app: AppState, i18n: I18n, reason: &Reason) -> String {
    match reason {
        Reason::Place(place) => say!(i18n, chain.why_place, place = *place),
        Reason::Near(km) => say!(i18n, chain.why_near, km = time::number(intl(i18n), km.round())),
        Reason::Days(0) => say!(i18n, chain.why_days_zero),
        Reason::Days(days) => say!(i18n, chain.why_days, days = days.to_string()),
        Reason::SameDay(at) => {
            let day = time::moment(intl(i18n), at.0, app.now.get_untracked().0);
            say!(i18n, chain.why_same_day, day = day)
        }
        Reason::Target(target) => say!(i18n, chain.why_target, target = *target),
        Reason::Words(all) => say!(i18n, chain.why_words, words = all.join(", ")),
    }
}
