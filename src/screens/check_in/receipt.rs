use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::rules::overdue::verdict;

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::convoy::words::due_words;
use crate::screens::parts::{AtBase, RecordDetail, use_record};
use crate::state::{AppState, Shown};
use crate::ui::{Button, LinkButton, live, lu};
use crate::words;

/// What was saved, and where it has got to since; follows by itself.
#[component]
pub fn Receipt(id: EventId, on_again: Callback<()>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let record = use_record(Signal::stored(Some(id)));
    let movement = memo(move || {
        let id = record.with(|record| record.as_ref()?.movement())?;
        app.movements.get(id)
    });
    let shown = memo(move || record.with(Option::is_some));
    let detail = move || {
        let first = shown.get().then(|| record.get_untracked()).flatten()?;
        let view = derive(move || record.get().unwrap_or_else(|| first.clone()));
        Some(view! { <RecordDetail view /> })
    };
    let next = move || {
        let first = movement.get()?;
        let movement = memo(move || movement.get().unwrap_or_else(|| first.clone()));
        Some(view! { <Next movement /> })
    };
    view! {
        <section class="panel" data-record=id.to_string() data-state=move || {
            record.with(|record| record.as_ref().map(|view| view.state.code()))
        }>
            <h2>{words!(i18n, checkin.receipt)}</h2>
            {live(next)}
            {live(detail)}
            <div class="btn-row">
                <LinkButton label=words!(i18n, checkin.to_home) href=routes::HOME icon=lu::LuHouse />
                <Button label=words!(i18n, checkin.another) on_press=on_again />
            </div>
        </section>
    }
    .into_any()
}

/// When they are to be heard next.
#[component]
fn Next(movement: Memo<Shown>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let line = move || {
        let now = app.server_now();
        movement.with(|movement| due_words(i18n, &verdict(movement, now), false, now))
    };
    view! {
        <p>{live(line)}</p>
        <AtBase movement />
    }
    .into_any()
}
