use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::{intl, use_i18n};
use crate::reactive::derive;
use crate::state::{AppState, StorageReport};
use crate::ui::{Button, Meter, SheetRow, live, time};
use crate::{actions, say, words};

/// How much room there is, and whether the browser has promised to keep what is here.
#[component]
pub fn StorageRow() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(actions::measure_storage(app));
    let asked = RwSignal::new(false);
    let ask = Callback::new(move |()| {
        spawn_local(async move {
            actions::ask_for_persistence(app).await;
            asked.try_set(true);
        });
    });
    let report = move || match app.device.storage.get() {
        None => view! { <p>{words!(i18n, settings.used_unknown)}</p> }.into_any(),
        Some(report) => view! { <Room report /> }.into_any(),
    };
    let promise = move || match app.device.storage.get() {
        Some(report) if report.persisted => say!(i18n, settings.persisted),
        _ if asked.get() => say!(i18n, settings.persist_refused),
        _ => say!(i18n, settings.not_persisted),
    };
    let button = move || {
        let persisted = app.device.storage.with(|report| report.is_some_and(|report| report.persisted));
        (!persisted).then(|| view! { <Button label=words!(i18n, settings.ask_persist) on_press=ask /> })
    };
    view! {
        <SheetRow heading=words!(i18n, settings.storage)>
            {live(report)}
            <p role="status">{live(promise)}</p>
            <div class="btn-row">{live(button)}</div>
        </SheetRow>
    }
    .into_any()
}

#[component]
fn Room(report: StorageReport) -> impl IntoView {
    let i18n = use_i18n();
    let text = derive(move || {
        let (used, quota) = (time::bytes(intl(i18n), report.used), time::bytes(intl(i18n), report.quota));
        say!(i18n, settings.used, used = used, quota = quota)
    });
    view! {
        <p>{text}</p>
        <Meter label=text value=report.used max=report.quota />
    }
    .into_any()
}
