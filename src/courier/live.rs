//! The stream that says there is something new, and a slow look where it does not hold.

use std::rc::Rc;

use leptos::prelude::{Set as _, Update as _};
use leptos::task::spawn_local;
use waymark_core::backend::reference;
use waymark_core::sync::{Backoff, Destination, PullInput};
use web_sys::AbortController;

use super::Courier;
use crate::browser::stream::{StreamNews, follow};
use crate::browser::{clock, events, network};
use crate::state::Live;

/// The server's heart beats every 15 seconds; three missing beats are a dead link.
const QUIET_MS: u32 = 45_000;
/// How often to look for a reason to connect, and for news without a stream.
const LOOK_MS: u32 = 5_000;
const POLL_EVERY: u32 = 12;
/// The same where the home has no stream.
const POLL_WITHOUT_STREAM: u32 = 2;

/// Keeps a stream open for as long as the app runs and there is somebody to look at it.
pub(super) fn start(courier: &Rc<Courier>) {
    let courier = Rc::downgrade(courier);
    spawn_local(async move {
        let mut backoff = Backoff::default();
        let mut looks = 0;
        while let Some(courier) = courier.upgrade() {
            if wanted(&courier) {
                if connect(&courier).await {
                    backoff.reset();
                }
                set_connected(&courier, false);
                // What a stream would have said may be in the feed all the same.
                if courier.session.borrow().is_some() && network::is_online() {
                    courier.pull_input(PullInput::Wake { now: clock::now() });
                }
                let wait = backoff.fail(clock::jitter()).clamp(500, 60_000);
                drop(courier);
                clock::sleep(u32::try_from(wait).unwrap_or(LOOK_MS)).await;
                continue;
            }
            looks += 1;
            let every =
                if courier.has_server() || !looked_at(&courier) { POLL_EVERY } else { POLL_WITHOUT_STREAM };
            if looks % every == 0 && courier.session.borrow().is_some() && network::is_online() {
                courier.pull_input(PullInput::Wake { now: clock::now() });
            }
            drop(courier);
            clock::sleep(LOOK_MS).await;
        }
    });
}

/// A hidden page of somebody who does not watch needs no stream.
pub(super) fn visibility(courier: &Rc<Courier>, visible: bool) {
    if visible || watches(courier) {
        return;
    }
    if let Some(stream) = courier.stream.borrow_mut().take() {
        stream.abort();
    }
}

fn wanted(courier: &Courier) -> bool {
    courier.has_server() && courier.session.borrow().is_some() && network::is_online() && looked_at(courier)
}

fn looked_at(courier: &Courier) -> bool {
    events::is_visible() || watches(courier)
}

/// A home without a stream is as fresh as its last page.
pub(super) fn polled(courier: &Courier, home: &Destination, answered: bool) {
    if !home.is_ours() {
        set_connected(courier, answered);
    }
}

fn watches(courier: &Courier) -> bool {
    courier.session.borrow().as_ref().is_some_and(|session| session.role.watches())
}

/// Follows one stream to its end; says whether it was ever open.
async fn connect(courier: &Rc<Courier>) -> bool {
    let Some(session) = courier.session.borrow().clone() else { return false };
    let Ok(controller) = AbortController::new() else { return false };
    courier.stream.replace(Some(controller.clone()));
    let mut opened = false;
    let refused = follow(&reference::stream(&session), &controller, QUIET_MS, |news| {
        opened = true;
        set_connected(courier, true);
        if matches!(news, StreamNews::Event { name, .. } if name == "seq") {
            courier.pull_input(PullInput::Wake { now: clock::now() });
        }
    })
    .await;
    // A credential that is no longer good shows here first when nothing is queued.
    if refused == Some(401) {
        courier.pull_input(PullInput::Wake { now: clock::now() });
        clock::sleep(LOOK_MS * POLL_EVERY).await;
    }
    opened
}

fn set_connected(courier: &Courier, connected: bool) {
    let Some(app) = courier.app.get() else { return };
    if connected {
        app.live.set(Live { connected, heard: Some(clock::now()) });
    } else {
        app.live.update(|live| live.connected = false);
    }
}
