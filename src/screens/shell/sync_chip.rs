use leptos::prelude::*;

use crate::i18n::{I18n, use_i18n};
use crate::reactive::memo;
use crate::state::{AppState, SyncPhase, SyncStatus};
use crate::ui::{Icon, IconData, live, lu};
use crate::{routes, say};

/// How the queue stands, in words; leads to what can be done about it.
#[component]
pub fn SyncChip() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let state = memo(move || app.sync.with(|sync| state(i18n, sync, app.photos.waiting.get())));
    let waiting = memo(move || app.sync.with(|sync| waiting(i18n, sync)));
    let waiting = move || {
        let text = waiting.get()?;
        Some(view! { <span class="sync-dot">" · "</span> <span>{text}</span> })
    };
    let icon = memo(move || app.sync.with(icon));
    let href = move || match app.sync.with(|sync| sync.phase) {
        SyncPhase::Paused => routes::ENROL,
        _ => routes::SETTINGS,
    };
    view! {
        <a class="sync" href=href>
            {live(move || view! { <Icon icon=icon.get() /> })}
            <span class="sync-words" role="status">
                <span>{state}</span>
                {live(waiting)}
            </span>
        </a>
    }
    .into_any()
}

fn state(i18n: I18n, sync: &SyncStatus, photos: u32) -> String {
    let queued = sync.counts.queued;
    match (sync.phase, queued) {
        (SyncPhase::Paused, _) => say!(i18n, sync.paused),
        (SyncPhase::Offline, _) => say!(i18n, sync.offline),
        (SyncPhase::Sending, _) => {
            let count = sync.in_flight.max(1);
            say!(i18n, sync.sending, count = count)
        }
        (SyncPhase::Idle, 0) if photos > 0 => say!(i18n, sync.photos, count = photos),
        (SyncPhase::Idle, 0) => say!(i18n, sync.all_sent),
        (SyncPhase::Idle, _) => say!(i18n, sync.waiting, count = queued),
    }
}

/// How much there is to send once there is a network.
fn waiting(i18n: I18n, sync: &SyncStatus) -> Option<String> {
    let queued = sync.counts.queued;
    (sync.phase == SyncPhase::Offline && queued > 0).then(|| say!(i18n, sync.waiting, count = queued))
}

fn icon(sync: &SyncStatus) -> IconData {
    match (sync.phase, sync.counts.queued) {
        (SyncPhase::Paused, _) => lu::LuCirclePause,
        (SyncPhase::Offline, _) => lu::LuWifiOff,
        (SyncPhase::Sending, _) => lu::LuArrowUp,
        (SyncPhase::Idle, 0) => lu::LuCheckCheck,
        (SyncPhase::Idle, _) => lu::LuHourglass,
    }
}
