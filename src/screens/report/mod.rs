//! Reports: a choice of forms, each a page that takes a minute.

mod choose;
mod page;

use leptos::prelude::*;

use crate::actions;
use crate::reactive::memo;
use crate::routes::{self, Router};
use crate::state::AppState;
use crate::ui::live;
use choose::{Choose, Community};
use page::Page;

#[component]
pub fn Report() -> impl IntoView {
    let app = AppState::get();
    let router = Router::get();
    // For names that were used before, and for what a report is about.
    leptos::task::spawn_local(actions::open_chain(app));
    let name = memo(move || router.below(routes::REPORT));
    live(move || match name.get().as_deref() {
        None => view! { <Choose /> }.into_any(),
        Some("community") => view! { <Community /> }.into_any(),
        Some(name) => view! { <Page name=name.to_owned() /> }.into_any(),
    })
}
