use leptos::prelude::*;

use super::list_of;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::screens::parts::{ExportMenu, forms};
use crate::state::AppState;
use crate::ui::{LinkButton, live, lu, rows};
use crate::words;

/// Incidents of our own, the newest first.
#[component]
pub fn Protection() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let incidents = memo(move || {
        app.chain.with(|chain| {
            let own = chain.of_form("incident").into_iter().filter(|item| !item.is_external());
            own.take(MOST).cloned().collect::<Vec<_>>()
        })
    });
    let none = move || {
        incidents
            .with(Vec::is_empty)
            .then(|| view! { <p class="soft">{words!(i18n, sectors.no_incidents)}</p> })
    };
    let row = move |item: waymark_core::view::chain::Item| {
        let more = item.now.text("means").map(|code| forms::code(i18n, "means", code)).unwrap_or_default();
        view! { <ItemRow item more /> }
    };
    let lists = vec![list_of("incidents", words!(i18n, sectors.incidents), incidents)];
    view! {
        <section class="stack stack-tight">
            <div class="bar">
                <h2>{words!(i18n, sectors.incidents)}</h2>
                <LinkButton label=words!(i18n, nav.report) href=routes::report("incident") icon=lu::LuPlus />
            </div>
            {live(none)}
            <ul class="rows">{rows(move || incidents.get(), item_key, row)}</ul>
        </section>
        <ExportMenu name="protection" lists />
    }
    .into_any()
}

const MOST: usize = 200;
