//! The four sectors of the model side by side, and the register of each.

mod chart;
mod community;
mod cut;
mod mitigation;
mod overview;
mod protection;
mod risk;
mod situation;
mod situation_paper;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Sector;
use waymark_core::view::chain::Item;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::{self, Router};
use crate::screens::parts::{ListOf, Reading, forms};
use crate::state::AppState;
use crate::ui::{Empty, PageTitle, Text, live};
use crate::words;
use overview::Overview;

#[component]
pub fn Sectors() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let named = memo(move || router.below(routes::SECTORS));
    spawn_local(actions::open_chain(app));
    live(move || {
        if !watches.get() {
            return view! {
                <div class="page page-narrow">
                    <PageTitle text=words!(i18n, sectors.title) />
                    <Empty title=words!(i18n, sectors.not_allowed) text=words!(i18n, sectors.not_allowed_text) />
                </div>
            }
            .into_any();
        }
        match named.get().as_deref().and_then(Sector::from_code) {
            Some(sector) => view! { <Register sector /> }.into_any(),
            None => view! { <Overview /> }.into_any(),
        }
    })
}

/// A list of a register as it is shown, for files.
fn list_of(name: &'static str, label: Text, items: Memo<Vec<Item>>) -> ListOf {
    ListOf {
        name,
        label,
        ids: derive(move || items.with(|items| items.iter().map(|item| item.id).collect())),
    }
}

/// What one sector keeps, in full.
#[component]
fn Register(sector: Sector) -> impl IntoView {
    let i18n = use_i18n();
    let body = match sector {
        Sector::Risk => view! { <risk::Risk /> }.into_any(),
        Sector::Community => view! { <community::Community /> }.into_any(),
        Sector::Protection => view! { <protection::Protection /> }.into_any(),
        Sector::Mitigation | Sector::Centre => view! { <mitigation::Mitigation /> }.into_any(),
    };
    view! {
        <div class="page">
            <a class="back" href=routes::SECTORS>
                {words!(i18n, sectors.title)}
            </a>
            <PageTitle text=derive(move || forms::code(i18n, "sector", sector.code())) />
            <Reading />
            {body}
        </div>
    }
    .into_any()
}
