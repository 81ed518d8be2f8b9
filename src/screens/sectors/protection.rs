use leptos::prelude::*;
use waymark_core::view::chain::Item;

use super::list_of;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_list};
use crate::screens::parts::{ExportMenu, Find, FindField, forms};
use crate::state::AppState;
use crate::ui::{Check, LinkButton, live, lu};
use crate::words;

/// Incidents of our own, the newest first.
#[component]
pub fn Protection() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let history = RwSignal::new(false);
    let all = memo(move || {
        let history = history.get();
        app.chain.with(|chain| {
            let wanted = |item: &&Item| history || !item.is_external();
            chain.of_form("incident").into_iter().filter(wanted).cloned().collect::<Vec<_>>()
        })
    });
    let find = Find::new();
    let incidents = find.among(all);
    let none = move || {
        incidents
            .with(Vec::is_empty)
            .then(|| view! { <p class="soft">{words!(i18n, sectors.no_incidents)}</p> })
    };
    let row = move |item: Item| {
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
            <FindField find />
            <Check
                name="history"
                label=words!(i18n, sectors.history)
                hint=words!(i18n, sectors.history_hint)
                checked=history
                on_change=Callback::new(move |with| history.set(with))
            />
            {live(none)}
            {item_list(incidents, row)}
        </section>
        <ExportMenu name="protection" lists />
    }
    .into_any()
}
