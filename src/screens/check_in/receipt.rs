use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::{RecordDetail, use_record};
use crate::ui::{Button, LinkButton, live, lu};
use crate::words;

/// What was saved, and where it has got to since; follows by itself.
#[component]
pub fn Receipt(id: EventId, on_again: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let record = use_record(Signal::stored(Some(id)));
    let shown = memo(move || record.with(Option::is_some));
    let detail = move || {
        let first = shown.get().then(|| record.get_untracked()).flatten()?;
        let view = derive(move || record.get().unwrap_or_else(|| first.clone()));
        Some(view! { <RecordDetail view /> })
    };
    view! {
        <section class="panel" data-record=id.to_string() data-state=move || {
            record.with(|record| record.as_ref().map(|view| view.state.code()))
        }>
            <h2>{words!(i18n, checkin.receipt)}</h2>
            {live(detail)}
            <div class="btn-row">
                <LinkButton label=words!(i18n, checkin.to_home) href=routes::HOME icon=lu::LuHouse />
                <Button label=words!(i18n, checkin.another) on_press=on_again />
            </div>
        </section>
    }
    .into_any()
}
