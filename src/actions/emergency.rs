use waymark_core::event::{Body, EmergencyDraft, EventId, ResolveDraft};

use super::saving::{self, SaveError};
use crate::state::AppState;

/// Saves an emergency; it goes out before everything else.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn raise_emergency(app: AppState, draft: EmergencyDraft) -> Result<EventId, SaveError> {
    let raised = draft.parse(saving::fix(app), saving::now())?;
    saving::save(app, Body::EmergencyRaised(raised), None).await
}

/// Says that an emergency is over or was a false alarm.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn resolve_emergency(
    app: AppState,
    record: EventId,
    movement: Option<EventId>,
    draft: ResolveDraft,
) -> Result<EventId, SaveError> {
    let resolved = draft.parse(record, movement)?;
    saving::save(app, Body::EmergencyResolved(resolved), None).await
}
