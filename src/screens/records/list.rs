use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::view::RecordView;

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::{RecordRow, row_key};
use crate::state::AppState;
use crate::ui::{Button, Empty, LinkButton, live, rows};
use crate::{actions, routes, words};

/// Newest first; those of others with their names.
#[component]
pub fn List(current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let none = memo(move || app.records.newest.with(Vec::is_empty));
    let more = move || {
        let load = Callback::new(move |()| spawn_local(actions::load_more(app)));
        app.records
            .more
            .get()
            .then(|| view! { <Button label=words!(i18n, records.show_more) on_press=load /> })
    };
    live(move || {
        if none.get() {
            return view! {
                <Empty title=words!(i18n, records.empty) text=words!(i18n, records.empty_text)>
                    <LinkButton label=words!(i18n, records.to_checkin) href=routes::CHECK_IN />
                </Empty>
            }
            .into_any();
        }
        let row = move |view: RecordView| {
            let id = view.id;
            let current = derive(move || current.get() == Some(id));
            view! { <RecordRow view named=true current /> }
        };
        view! {
            <div class="stack">
                <ul class="rows">
                    {rows(move || app.records.newest.get(), row_key, row)}
                </ul>
                {live(more)}
            </div>
        }
        .into_any()
    })
}
