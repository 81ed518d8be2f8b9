use leptos::prelude::*;
use waymark_core::event::{Body, DecisionDraft, EventId, Known, KnownPhone, Stamp};

use super::saving::{Earnest, SaveError, save};
use crate::state::{AppState, Shown};

/// Saves a decision on a movement, with what was known.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn decide(
    app: AppState,
    movement: &Shown,
    draft: &DecisionDraft,
    known: Known,
) -> Result<EventId, SaveError> {
    let decided = draft.parse(movement.id, movement.plan.id, known)?;
    save(app, Body::MovementDecided(Box::new(decided)), Earnest::of(movement.exercise), None).await
}

/// When the backend last heard from the phones of others, those of the longest silence first; tracks.
pub fn others_seen(app: AppState) -> Vec<KnownPhone> {
    let me = app.person().map(|person| person.user);
    let mut phones = app.movements.directory.with(|directory| directory.phones.clone());
    phones.retain(|phone| me.as_ref() != Some(&phone.user));
    KnownPhone::kept(phones, app.server_now())
}

/// When this phone last heard from the backend, by the server's clock; tracks.
pub fn seen_as_of(app: AppState) -> Option<Stamp> {
    let heard = app.live.with(|live| live.heard).max(app.sync.with(|sync| sync.last_contact));
    heard.map(|at| at.corrected(app.sync.with(|sync| sync.clockoffset)))
}
