//! Protection guidance: found by typing, by field, and a card on a page of its own.

mod acknowledge;
mod calls;
mod card;
mod find;
mod names;
mod notes;
mod plan;
mod speak;
mod standing;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes::{self, Router};
use crate::state::AppState;
use crate::ui::{Empty, LinkButton, PageTitle, live};
use crate::words;
use card::CardPage;
use find::Find;
pub use names::PlanNames;
pub use plan::PlanPage;
use speak::SpeakPage;

#[derive(Clone, PartialEq)]
enum Shown {
    All,
    Card(String),
    Speak(String),
    /// Nothing of this name, or not read yet.
    Nothing {
        read: bool,
    },
}

#[component]
pub fn Guidance() -> impl IntoView {
    let app = AppState::get();
    let router = Router::get();
    spawn_local(actions::open_guidance(app));
    spawn_local(actions::refresh_pack(app));
    let shown = memo(move || match router.below(routes::GUIDANCE) {
        None => Shown::All,
        Some(id) => app.guidance.with(|library| {
            if library.card(&id).is_some() {
                Shown::Card(id)
            } else if library.speak_card(&id).is_some() {
                Shown::Speak(id)
            } else {
                Shown::Nothing { read: app.guidance.is_read() }
            }
        }),
    });
    live(move || match shown.get() {
        Shown::All => view! { <Find /> }.into_any(),
        Shown::Card(id) => view! { <CardPage id /> }.into_any(),
        Shown::Speak(id) => view! { <SpeakPage id /> }.into_any(),
        Shown::Nothing { read } => view! { <NoCard read /> }.into_any(),
    })
}

#[component]
fn NoCard(read: bool) -> impl IntoView {
    let i18n = use_i18n();
    if !read {
        return view! { <div class="page page-narrow"><NotRead /></div> }.into_any();
    }
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, guidance.none) />
            <Empty title=words!(i18n, guidance.none) text=words!(i18n, guidance.none_text) />
            <LinkButton label=words!(i18n, guidance.title) href=routes::GUIDANCE />
        </div>
    }
    .into_any()
}

/// Says that the guidance is not here yet, and why.
#[component]
fn NotRead() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    live(move || {
        let failed = app.guidance.standing.with(|standing| standing.failed);
        (!app.guidance.is_read()).then(|| {
            let text = if failed { words!(i18n, guidance.not_here) } else { words!(i18n, guidance.reading) };
            view! { <p class="soft" role="status">{text}</p> }
        })
    })
}
