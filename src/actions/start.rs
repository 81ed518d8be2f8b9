use std::time::Duration;

use leptos::prelude::*;
use waymark_core::sync::{LocalStore, Meta, StoreError};

use super::{measure_storage, refresh};
use crate::browser::{clock, preferences, service_worker};
use crate::state::{AppState, SessionState, Theme};

/// How often texts such as "47 min ago" move on.
const CLOCK_TICK: Duration = Duration::from_secs(10);

/// How often to look how much room is left.
const STORAGE_LOOK: Duration = Duration::from_mins(1);

/// Brings the app to life: reads who is signed in and what is on the phone, then starts the courier.
pub async fn start(app: AppState) {
    app.device
        .theme
        .set(preferences::get(preferences::THEME).map_or(Theme::System, |code| Theme::from_code(&code)));
    set_interval(move || app.now.set(clock::now()), CLOCK_TICK);
    service_worker::on_update_ready(move || app.device.update_ready.set(true));
    match open(app).await {
        Ok(meta) => {
            let services = app.services();
            app.sync.update(|sync| sync.clockoffset = meta.clockoffset);
            let signed_in = meta.session.as_ref().map(|session| SessionState::SignedIn(session.into()));
            services.set_session(meta.session);
            refresh(app).await;
            app.session.set(signed_in.unwrap_or(SessionState::SignedOut));
            services.courier.start(app);
        }
        Err(error) => {
            app.device.store_problem.set(Some(error));
            app.session.set(SessionState::SignedOut);
        }
    }
    set_interval(move || leptos::task::spawn_local(measure_storage(app)), STORAGE_LOOK);
    measure_storage(app).await;
}

async fn open(app: AppState) -> Result<Meta, StoreError> {
    app.services().store.meta().await
}
