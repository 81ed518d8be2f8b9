use std::time::Duration;

use leptos::prelude::*;
use waymark_core::sync::{LocalStore, Meta, Session, Wake};

use super::reading::begin_with_movements;
use super::records::refresh_records;
use super::{guidance, keep_subscribed, measure_storage, photos, update_directory};
use crate::browser::{clock, preferences, press, service_worker};
use crate::state::{AppState, SessionState, Theme};

/// How often texts such as "47 min ago" move on.
const CLOCK_TICK: Duration = Duration::from_secs(10);

/// How often to look how much room is left.
const STORAGE_LOOK: Duration = Duration::from_mins(1);

/// How long to wait before trying to open the store again.
const OPEN_AGAIN_MS: u32 = 3_000;

/// Who works here, the rules of the watch and the guidance change seldom.
const DIRECTORY_LOOK: Duration = Duration::from_hours(1);

/// Brings the app to life: reads who is signed in and what is on the phone, then starts the courier.
pub async fn start(app: AppState) {
    app.device
        .theme
        .set(preferences::get(preferences::THEME).map_or(Theme::System, |code| Theme::from_code(&code)));
    app.photos.size.set(photos::stored_photo_size());
    set_interval(move || app.now.set(clock::now()), CLOCK_TICK);
    service_worker::on_update_ready(move || app.device.update_ready.set(true));
    let meta = open(app).await;
    let services = app.services();
    app.sync.update(|sync| sync.clockoffset = meta.clockoffset);
    // Before any screen: what it says, it says in the organisation's words.
    guidance::note_in_force(app).await;
    take_up_session(app, meta.session).await;
    // It could be read a moment ago; if it cannot now, another start will.
    let _ = services.courier.redirect().await;
    press::watch();
    services.courier.start(app);
    leptos::task::spawn_local(async move {
        photos::sweep(app).await;
        update_directory(app).await;
        keep_subscribed(app).await;
    });
    set_interval(move || leptos::task::spawn_local(measure_storage(app)), STORAGE_LOOK);
    set_interval(move || leptos::task::spawn_local(update_directory(app)), DIRECTORY_LOOK);
    measure_storage(app).await;
}

/// Another tab has signed in.
pub async fn reload_session(app: AppState) {
    let services = app.services();
    if let Ok(meta) = services.store.meta().await {
        take_up_session(app, meta.session).await;
        let _ = services.courier.redirect().await;
        guidance::reopen(app).await;
        services.courier.wake(Wake::SignedIn);
    }
}

/// Screens open when there is something to show, and not only when there is all.
async fn take_up_session(app: AppState, session: Option<Session>) {
    let signed_in = session.as_ref().map(|session| SessionState::SignedIn(session.into()));
    app.services().set_session(session);
    let begun = begin_with_movements(app).await;
    refresh_records(app, begun).await;
    app.session.set(signed_in.unwrap_or(SessionState::SignedOut));
}

/// Reads who this phone is, for as long as it takes: a store that cannot be read is not an empty one, and whoever
/// enrolled over it would become somebody else.
async fn open(app: AppState) -> Meta {
    loop {
        let store = app.services().store;
        let understood = store.understand().await;
        match understood.and(store.meta().await) {
            Ok(meta) => {
                app.device.store_problem.set(None);
                return meta;
            }
            Err(error) => app.device.store_problem.set(Some(error)),
        }
        clock::sleep(OPEN_AGAIN_MS).await;
    }
}
