//! What waits for a named person: emergencies first, then people who are not safe, then the others.

mod freshness;
mod list;
mod order;
mod seen;

use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::i18n::use_i18n;
use crate::routes::Router;
use crate::screens::parts::RecordPage;
use crate::state::AppState;
use crate::ui::{Empty, ListTitle, PageTitle};
use crate::{routes, words};
use freshness::Freshness;
use list::{Recent, Waiting};

#[component]
pub fn Watch() -> impl IntoView {
    let app = AppState::get();
    let watches = Memo::new(move |_| app.person().is_some_and(|person| person.role.watches()));
    let i18n = use_i18n();
    move || {
        if watches.get() {
            return view! { <Board /> }.into_any();
        }
        view! {
            <div class="page page-narrow">
                <PageTitle text=words!(i18n, watch.title) />
                <Empty title=words!(i18n, watch.not_allowed) text=words!(i18n, watch.not_allowed_text) />
            </div>
        }
        .into_any()
    }
}

#[component]
fn Board() -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let router = Router::get();
    let named = Memo::new(move |_| router.below(routes::WATCH));
    let id = Signal::derive(move || named.get().and_then(|id| id.parse::<EventId>().ok()));
    seen::mark(app);
    let side = move || match named.get() {
        Some(_) => {
            view! { <RecordPage id back=routes::WATCH back_label=words!(i18n, watch.title) /> }.into_any()
        }
        None => view! { <p class="soft split-hint">{words!(i18n, watch.choose)}</p> }.into_any(),
    };
    view! {
        <div class="page split-page" data-open=move || named.get().map(|_| "")>
            <div class="bar split-head">
                <ListTitle text=words!(i18n, watch.title) open=Signal::derive(move || named.with(Option::is_some)) />
                <Freshness />
            </div>
            <div class="split split-watch">
                <div class="split-list stack">
                    <Waiting current=id />
                    <Recent current=id />
                    <p class="small soft">{words!(i18n, watch.honest)}</p>
                </div>
                <div class="split-side">{side}</div>
            </div>
        </div>
    }
    .into_any()
}
