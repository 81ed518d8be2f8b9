//! Waymark, the app: Leptos, rendered in the browser.
//!
//! Data flows one way: screen → draft → event → outbox → courier → backend → feed → view → screen
//! (docs/ARCHITECTURE.md).

pub mod actions;
mod app;
pub mod browser;
pub mod courier;
pub mod i18n;
mod reactive;
mod routes;
mod screens;
pub mod services;
pub mod state;
pub mod store;
mod ui;

use leptos::prelude::*;

use crate::app::App;
use crate::services::Services;
use crate::state::AppState;

/// Puts the app into the page; `start.js` then takes away what the page shows while it loads.
pub fn start() {
    mount_to_body(|| {
        let state = AppState::provide(Services::new(), browser::clock::now());
        leptos::task::spawn_local(actions::start(state));
        view! { <App /> }
    });
}
