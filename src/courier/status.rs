//! What the shell says about the queue.

use std::rc::Rc;

use leptos::prelude::{Update as _, WithUntracked as _};
use waymark_core::sync::{Mode, State, Trouble};

use super::Courier;
use super::line::Line;
use crate::browser::clock;
use crate::state::{BackendState, SyncPhase, SyncStatus};

/// Shows how the machines stand.
pub(super) fn show(courier: &Rc<Courier>) {
    let Some(app) = courier.app.get() else { return };
    let home = courier.home();
    let outbox = home.state.borrow();
    let trouble = outbox.trouble().or(courier.pull.borrow().trouble()).cloned();
    let before = app.sync.with_untracked(Clone::clone);
    let after = SyncStatus {
        phase: phase(&outbox, trouble.as_ref(), before.phase),
        in_flight: u32::try_from(outbox.in_flight().len()).unwrap_or(u32::MAX),
        next_try: match outbox.mode() {
            Mode::Waiting(until) => Some(*until),
            _ => None,
        },
        trouble,
        backends: courier.lines.borrow().iter().map(|line| backend(line)).collect(),
        ..before.clone()
    };
    if after != before {
        app.sync.update(|sync| *sync = after);
    }
}

fn backend(line: &Line) -> BackendState {
    let state = line.state.borrow();
    BackendState {
        to: line.to,
        destination: line.destination.clone(),
        sending: matches!(state.mode(), Mode::Sending | Mode::Settling),
        next_try: match state.mode() {
            Mode::Waiting(until) => Some(*until),
            _ => None,
        },
        trouble: state.trouble().cloned(),
        heard: line.heard.get(),
    }
}

/// The backend has answered; `clockoffset` is by how much its clock is ahead of this phone's, in milliseconds.
pub(super) async fn contact(courier: &Rc<Courier>, clockoffset: i64) {
    heard(courier);
    if let Some(app) = courier.app.get() {
        app.services().learn_clock(app, clockoffset).await;
    }
}

/// The backend has answered.
pub(super) fn heard(courier: &Rc<Courier>) {
    if let Some(app) = courier.app.get() {
        app.sync.update(|sync| sync.last_contact = Some(clock::now()));
    }
}

fn phase(outbox: &State, trouble: Option<&Trouble>, before: SyncPhase) -> SyncPhase {
    match (outbox.mode(), trouble) {
        (Mode::Paused, _) | (_, Some(Trouble::SignIn)) => SyncPhase::Paused,
        _ if !outbox.is_online() => SyncPhase::Offline,
        (Mode::Sending | Mode::Settling, _) => SyncPhase::Sending,
        (_, Some(Trouble::Unreachable | Trouble::TimedOut | Trouble::NotTheBackend | Trouble::TooLarge)) => {
            SyncPhase::Offline
        }
        (Mode::Loading, _) if before == SyncPhase::Sending => SyncPhase::Sending,
        _ => SyncPhase::Idle,
    }
}
