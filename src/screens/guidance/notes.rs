use leptos::prelude::*;
use waymark_core::guidance::Card;
use waymark_core::spelling::folded;
use waymark_core::view::chain::Item;
use waymark_core::view::offices::notes;

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::state::AppState;
use crate::ui::{LinkButton, live, lu, time};
use crate::{say, words};

/// What an office may add to a pack that says so.
const MAY: &str = "notes";

/// What offices have added to a card, and the way to add something, for those who watch where the pack allows it.
#[component]
pub fn OfficeNotes(card: Memo<Card>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        let id = card.with(|card| card.id.clone());
        app.chain.with(|chain| notes(chain, &id).into_iter().cloned().collect::<Vec<_>>())
    });
    let may = memo(move || {
        let own = card.with(|card| app.guidance.with(|library| library.is_own(&card.id)));
        app.person().is_some_and(|person| person.role.watches())
            && app.guidance.standing.with(|standing| standing.offices_may(MAY, own))
    });
    let lines = move || all.get().into_iter().map(|item| note(i18n, app, &item)).collect::<Vec<_>>();
    let add = move || {
        may.get().then(|| {
            let card = card.get();
            let title = card.text(i18n.get_locale().as_str()).map(|(_, text)| text.title.clone());
            let title = routes::encoded(&title.unwrap_or_else(|| card.id.clone()));
            let href = format!("{}?card={}&title={title}", routes::report("office_note"), card.id);
            let home = actions::own_area(app).map(|home| folded(&home));
            let own = |item: &Item| item.now.text("base").map(folded) == home;
            let label = if home.is_some() && all.with(|all| all.iter().any(own)) {
                words!(i18n, guidance.note_change)
            } else {
                words!(i18n, guidance.note_add)
            };
            view! { <LinkButton label href icon=lu::LuFilePen /> }
        })
    };
    let some = memo(move || may.get() || all.with(|all| !all.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="office-notes">
                    <h2>{words!(i18n, guidance.notes)}</h2>
                    <ul class="office-notes">{live(lines)}</ul>
                    <div class="btn-row">{live(add)}</div>
                </section>
            }
        })
    })
}

fn note(i18n: I18n, app: AppState, item: &Item) -> AnyView {
    let (name, at) = (item.by.name.clone(), item.by.at.0);
    let by = move || {
        let time = time::moment(intl(i18n), at, app.minute.get());
        say!(i18n, chain.reported_by, name = name.clone(), time = time)
    };
    view! {
        <li>
            <p dir="auto">
                <strong>{item.now.text("base").unwrap_or_default().to_owned()}</strong>
            </p>
            <p dir="auto" class="office-note">
                {item.now.text("text").unwrap_or_default().to_owned()}
            </p>
            <a class="small soft" href=routes::record(item.id)>
                {by}
            </a>
        </li>
    }
    .into_any()
}
