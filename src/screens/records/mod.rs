//! The records on this phone, and one of them in full: beside the list where there is room.

mod list;

use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::Router;
use crate::screens::parts::RecordPage;
use crate::ui::{LinkButton, ListTitle, live, lu};
use crate::{routes, words};
use list::List;

#[component]
pub fn Records() -> impl IntoView {
    let i18n = use_i18n();
    let router = Router::get();
    let named = memo(move || router.below(routes::RECORDS));
    let id = derive(move || named.get().and_then(|id| id.parse::<EventId>().ok()));
    let side = move || match named.get() {
        Some(_) => {
            view! { <RecordPage id back=routes::RECORDS back_label=words!(i18n, records.title) /> }.into_any()
        }
        None => view! { <p class="soft split-hint">{words!(i18n, records.choose)}</p> }.into_any(),
    };
    view! {
        <div class="page split-page" data-open=move || named.get().map(|_| "")>
            <div class="split-head bar">
                <ListTitle text=words!(i18n, records.title) open=derive(move || named.with(Option::is_some)) />
                <LinkButton label=words!(i18n, carry.link) href=routes::CARRY icon=lu::LuHandHelping />
            </div>
            <div class="split">
                <div class="split-list">
                    <List current=id />
                </div>
                <div class="split-side">{live(side)}</div>
            </div>
        </div>
    }
    .into_any()
}
