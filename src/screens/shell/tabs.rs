use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes::Router;
use crate::state::{AppState, WaitingList};
use crate::ui::{Icon, IconData, Text, live, lu};
use crate::{routes, say, words};

/// The way to the other screens: below on a phone, beside on a wide screen.
#[component]
pub fn Tabs() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let watch = move || {
        watches.get().then(|| {
            view! {
                <Tab href=routes::WATCH icon=lu::LuEye label=words!(i18n, nav.watch)>
                    <WaitingCount />
                </Tab>
            }
        })
    };
    // Whoever watches has five tabs without it; on a phone they reach it from the first screen.
    let report = move || {
        let wide = watches.get();
        view! { <Tab href=routes::REPORT icon=lu::LuFilePen label=words!(i18n, nav.report) wide /> }
    };
    let wide = move || {
        watches.get().then(|| {
            view! {
                <Tab
                    href=routes::THREATS
                    icon=lu::LuMessageSquareWarning
                    label=words!(i18n, nav.threats)
                    wide=true
                />
                <Tab href=routes::SECTORS icon=lu::LuChartColumn label=words!(i18n, nav.sectors) wide=true />
                <Tab href=routes::MAP icon=lu::LuMap label=words!(i18n, nav.map) wide=true />
            }
        })
    };
    view! {
        <nav class="tabs" aria-label=words!(i18n, nav.label)>
            <ul>
                <Tab href=routes::HOME icon=lu::LuHouse label=words!(i18n, nav.home) />
                <Tab href=routes::CHECK_IN icon=lu::LuMapPinCheck label=words!(i18n, nav.check_in) />
                <Tab href=routes::MOVEMENTS icon=lu::LuRoute label=words!(i18n, nav.movements) />
                {live(report)}
                <Tab href=routes::RECORDS icon=lu::LuClipboardList label=words!(i18n, nav.records) />
                {live(watch)}
                <Tab href=routes::GUIDANCE icon=lu::LuBookOpen label=words!(i18n, nav.guidance) wide=true />
                {live(wide)}
                <Tab href=routes::SETTINGS icon=lu::LuSettings label=words!(i18n, nav.settings) wide=true />
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Tab(
    href: &'static str,
    icon: IconData,
    label: Text,
    /// Only where there is room.
    #[prop(optional)]
    wide: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let router = Router::get();
    let current = move || router.path() == href || (href != routes::HOME && router.below(href).is_some());
    view! {
        <li class=wide.then_some("only-wide")>
            <a class="tab" href=href aria-current=move || current().then_some("page")>
                <Icon icon />
                <span>{label}</span>
                {children.map(|children| children())}
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn WaitingCount() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let late = app.late_movements();
    let count = memo(move || app.records.waiting.with(WaitingList::real) + late.get());
    live(move || match count.get() {
        0 => None,
        count => Some(view! {
            <span class="tab-count">
                <span aria-hidden="true">{count}</span>
                <span class="unseen">{say!(i18n, nav.watch_count, count = count)}</span>
            </span>
        }),
    })
}
