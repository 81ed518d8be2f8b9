use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::form::form_named;
use waymark_core::event::{Known, KnownCheck, KnownItem, KnownLeg, KnownPhone};

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::forms;
use crate::screens::parts::item::ItemRow;
use crate::state::AppState;
use crate::ui::{LateFold, live, time};
use crate::{actions, say, words};

/// What was known when somebody decided, leg by leg; each item as it is now, with a way to its page.
#[component]
pub fn KnownThen(known: Known) -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let (count, some) = (known.count(), !known.checks.is_empty() || !known.phones.is_empty());
    let make = Callback::new(move |()| {
        spawn_local(actions::open_chain(app));
        let leg = |leg: &KnownLeg| {
            let title = say!(i18n, go.leg, from = leg.from, to = leg.to);
            let level = leg.level.as_deref().map(|level| format!(" · {}", forms::code(i18n, "level", level)));
            view! {
                <h4>{title} {level}</h4>
                {listed(&leg.items)}
            }
            .into_any()
        };
        let legs: Vec<_> = known.legs.iter().map(leg).collect();
        let unplaced = (!known.unplaced.is_empty()).then(|| {
            view! {
                <h4>{words!(i18n, go.unplaced)}</h4>
                {listed(&known.unplaced)}
            }
        });
        let left_out = (known.left_out > 0).then(
            || view! { <p class="soft">{say!(i18n, go.more, number = known.left_out.to_string())}</p> },
        );
        let checks = (!known.checks.is_empty()).then(|| {
            let list: Vec<_> = known.checks.iter().map(|check| checked(app, i18n, check)).collect();
            view! {
                <h4>{words!(i18n, go.checklists)}</h4>
                <ul class="points">{list}</ul>
            }
        });
        let phones = Signal::stored(known.phones.clone());
        view! {
            <div class="stack">
                {legs}
                {unplaced}
                {left_out}
                {checks}
                <Phones phones />
            </div>
        }
        .into_any()
    });
    let holds = Signal::stored(count.to_string());
    (count > 0 || some)
        .then(|| view! { <LateFold part="known" heading=words!(i18n, go.known_then) holds make /> })
        .into_any()
}

/// When the base had last heard from the phones of others: what they wrote since is not known here.
#[component]
pub fn Phones(#[prop(into)] phones: Signal<Vec<KnownPhone>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let some = memo(move || phones.with(|phones| !phones.is_empty()));
    let holds = derive(move || {
        let now = app.minute.get();
        let first = phones.with(|phones| phones.first().map(|phone| (phone.name.clone(), phone.seen)));
        let (name, seen) = first.unwrap_or_default();
        say!(i18n, go.phone_seen, name = name, time = time::moment(intl(i18n), seen.0, now))
    });
    let make = Callback::new(move |()| {
        let lines = move || {
            let now = app.minute.get();
            let line = |phone: &KnownPhone| {
                let time = time::moment(intl(i18n), phone.seen.0, now);
                view! { <li>{say!(i18n, go.phone_seen, name = phone.name, time = time)}</li> }.into_any()
            };
            phones.with(|phones| phones.iter().map(line).collect::<Vec<_>>())
        };
        view! {
            <p class="small soft">{words!(i18n, go.phones_text)}</p>
            <ul class="points">{live(lines)}</ul>
        }
        .into_any()
    });
    live(move || {
        some.get().then(|| view! { <LateFold part="phones" heading=words!(i18n, go.phones) holds make /> })
    })
}

fn checked(app: AppState, i18n: I18n, check: &KnownCheck) -> AnyView {
    spawn_local(actions::open_guidance(app));
    let check = check.clone();
    let words = move || {
        let state = match check.state.as_str() {
            "missing" => say!(i18n, checklists.missing),
            "old" => say!(i18n, checklists.old),
            "clear" => say!(i18n, checklists.clear),
            _ => say!(i18n, checklists.with_gaps),
        };
        let title = app.guidance.with(|library| {
            let list = library.checklist(&check.checklist)?;
            Some(list.text(i18n.get_locale().as_str())?.1.title.clone())
        });
        let what = format!("{} · {}: {state}", title.unwrap_or_else(|| check.checklist.clone()), check.name);
        match check.record {
            Some(id) => view! { <a href=routes::record(id)>{what}</a> }.into_any(),
            None => view! { <span>{what}</span> }.into_any(),
        }
    };
    view! { <li>{live(words)}</li> }.into_any()
}

fn listed(items: &[KnownItem]) -> AnyView {
    let app = AppState::get();
    let i18n = use_i18n();
    let row = |known: &KnownItem| {
        let KnownItem { id, form, .. } = known.clone();
        live(move || {
            if let Some(item) = app.chain.item(id) {
                return view! { <ItemRow item /> }.into_any();
            }
            let name = form_named(&form).map_or_else(|| form.clone(), |form| forms::short(i18n, form));
            let words = say!(i18n, go.known_elsewhere, form = name);
            view! {
                <li class="row">
                    <p class="soft">{words}</p>
                </li>
            }
            .into_any()
        })
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}
