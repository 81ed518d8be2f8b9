use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes;
use crate::state::AppState;
use crate::ui::{Icon, IconData, Text, live, lu};
use crate::words;

/// The ways to what has no tab of its own on a phone.
#[component]
pub fn Ways() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let more = move || {
        watches.get().then(|| {
            view! {
                {way(routes::THREATS, lu::LuMessageSquareWarning, words!(i18n, nav.threats))}
                {way(routes::SECTORS, lu::LuChartColumn, words!(i18n, nav.sectors))}
                {way(routes::MAP, lu::LuMap, words!(i18n, nav.map))}
            }
        })
    };
    view! {
        <nav class="ways" aria-label=words!(i18n, nav.report)>
            {way(routes::REPORT, lu::LuFilePen, words!(i18n, nav.report))}
            {way(routes::GUIDANCE, lu::LuBookOpen, words!(i18n, nav.guidance))} {live(more)}
        </nav>
    }
    .into_any()
}

fn way(href: &'static str, icon: IconData, label: Text) -> AnyView {
    view! {
        <a class="way" href=href>
            <Icon icon />
            <span>{label}</span>
        </a>
    }
    .into_any()
}
