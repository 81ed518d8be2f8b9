//! Who is out and what waits for a named person: those first who need a human.

mod attention;
mod freshness;
mod list;
mod offered;
mod order;
mod out;
mod pressing;
mod ringer;
mod seen;

use leptos::prelude::*;
use waymark_core::event::EventId;

use crate::browser::clock;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::Router;
use crate::screens::parts::RecordPage;
use crate::screens::parts::convoy::{ConvoyPage, Found, use_movement};
use crate::state::AppState;
use crate::ui::{Empty, ListTitle, PageTitle, live};
use crate::{routes, words};
use attention::AttentionPanel;
use freshness::{BlindBanner, Freshness};
use list::{Recent, Waiting};
use offered::offered;
use out::{DrillBanner, Out};
use pressing::Pressing;
pub use ringer::Ringer;

#[component]
pub fn Watch() -> impl IntoView {
    let app = AppState::get();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let i18n = use_i18n();
    live(move || {
        if watches.get() {
            return view! { <Board /> }.into_any();
        }
        view! {
            <div class="page page-narrow">
                <PageTitle text=words!(i18n, board.title) />
                <Empty title=words!(i18n, watch.not_allowed) text=words!(i18n, watch.not_allowed_text) />
            </div>
        }
        .into_any()
    })
}

/// What the address names, or is offered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    Looking,
    Movement,
    Record,
}

#[component]
fn Board() -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let router = Router::get();
    let named = memo(move || router.below(routes::WATCH));
    let touched = StoredValue::new(clock::now());
    let touch = move || touched.set_value(clock::now());
    let offered = offered(app, named, touched);
    let id = derive(move || match named.get() {
        Some(id) => id.parse::<EventId>().ok(),
        None => offered.get(),
    });
    // What nobody has chosen takes neither the focus nor the heading of the page.
    let unasked = memo(move || named.with(Option::is_none));
    let found = use_movement(id);
    let beside = memo(move || match (unasked.get() && id.get().is_none(), found.get()) {
        (true, _) => Beside::Nothing,
        (_, Found::Looking) => Beside::Looking,
        (_, Found::Shown(_)) => Beside::Movement,
        (_, Found::Missing) => Beside::Record,
    });
    seen::mark(app);
    let back_label = words!(i18n, board.title);
    let side = move || match (beside.get(), unasked.get()) {
        (Beside::Movement, unasked) => {
            view! { <ConvoyPage id back=routes::WATCH back_label short=true unasked /> }.into_any()
        }
        (Beside::Record, unasked) => {
            view! { <RecordPage id back=routes::WATCH back_label unasked /> }.into_any()
        }
        (Beside::Looking, _) => ().into_any(),
        (Beside::Nothing, _) => {
            view! { <p class="soft split-hint">{words!(i18n, watch.choose)}</p> }.into_any()
        }
    };
    view! {
        <div
            class="page split-page board"
            data-open=move || named.get().map(|_| "")
            on:pointermove=move |_| touch()
            on:pointerdown=move |_| touch()
            on:keydown=move |_| touch()
        >
            <BlindBanner />
            <DrillBanner />
            <div class="bar split-head">
                <ListTitle text=words!(i18n, board.title) open=derive(move || named.with(Option::is_some)) />
                <Freshness />
            </div>
            <div class="split split-watch">
                <div class="split-list stack">
                    <AttentionPanel />
                    <Out current=id />
                    <Pressing />
                    <h2>{words!(i18n, watch.title)}</h2>
                    <Waiting current=id />
                    <Recent current=id />
                    <p class="small soft">{words!(i18n, board.honest)}</p>
                </div>
                <div class="split-side">{live(side)}</div>
            </div>
        </div>
    }
    .into_any()
}
