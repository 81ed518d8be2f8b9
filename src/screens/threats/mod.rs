//! Triage: the threats that wait for a judgement, how threats turned out, and what the chain does not know.

mod blind;
mod list;
mod tally;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::view::chain::Item;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::{self, Router};
use crate::screens::parts::{ExportMenu, Find, FindField, Reading, RecordPage};
use crate::state::AppState;
use crate::ui::{LinkButton, ListTitle, live, lu};
use crate::words;
use blind::BlindSpots;
use list::List;
use tally::Counts;

#[component]
pub fn Threats() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    spawn_local(actions::open_chain(app));
    let all = memo(move || {
        app.chain.with(|chain| chain.of_form("threat").into_iter().cloned().collect::<Vec<Item>>())
    });
    let find = Find::new();
    let found = find.among(all);
    let named = memo(move || router.below(routes::THREATS));
    let id = derive(move || named.get().and_then(|id| id.parse::<EventId>().ok()));
    let side = move || match named.get() {
        Some(_) => {
            view! { <RecordPage id back=routes::THREATS back_label=words!(i18n, chain.threats) /> }.into_any()
        }
        None => view! { <p class="soft split-hint">{words!(i18n, chain.choose)}</p> }.into_any(),
    };
    view! {
        <div class="page split-page" data-open=move || named.get().map(|_| "")>
            <div class="bar split-head">
                <ListTitle text=words!(i18n, chain.threats) open=derive(move || named.with(Option::is_some)) />
                <LinkButton label=words!(i18n, nav.report) href=routes::report("threat") icon=lu::LuPlus />
            </div>
            <div class="split">
                <div class="split-list stack">
                    <p class="soft">{words!(i18n, chain.threats_text)}</p>
                    <Reading />
                    <FindField find />
                    <List all=found current=id />
                    <Counts />
                    <BlindSpots />
                    <ExportMenu name="threats" lists=list::exported(found, i18n) />
                </div>
                <div class="split-side">{live(side)}</div>
            </div>
        </div>
    }
    .into_any()
}
