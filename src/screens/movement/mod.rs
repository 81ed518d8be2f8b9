//! One movement: where it is, who is there, what was done.

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;

use crate::actions;
use crate::i18n::use_i18n;
use crate::routes::{self, Router};
use crate::screens::parts::PaperSheet;
use crate::state::{AppState, Shown};
use crate::ui::{LinkButton, PageTitle};
use crate::words;

#[component]
pub fn Movement() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let id = Memo::new(move |_| router.below(routes::MOVEMENTS)?.parse::<EventId>().ok());
    let found = RwSignal::new(None::<Shown>);
    Effect::new(move || {
        let Some(id) = id.get() else { return };
        spawn_local(async move {
            found.try_set(actions::open_movement(app, id).await);
        });
    });
    move || {
        found.get().map(|movement| {
            let name = movement.plan.plan.name.clone();
            view! {
                <div class="page">
                    <PageTitle text=Signal::stored(name) />
                    <LinkButton label=words!(i18n, plan.revise_title) href=routes::revise(movement.id) />
                    <div class="print-only">
                        <PaperSheet movement=Signal::stored(movement) />
                    </div>
                </div>
            }
        })
    }
}
