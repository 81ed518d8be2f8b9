use waymark_core::event::{Body, CheckinDraft, EventId};

use super::drafts::CHECK_IN;
use super::saving::{self, SaveError};
use crate::state::AppState;

/// Saves a check-in and drops the draft it came from. Does not wait for a position or for the network.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn check_in(app: AppState, draft: CheckinDraft) -> Result<EventId, SaveError> {
    let made = draft.parse(saving::fix(app), saving::now())?;
    saving::save(app, Body::CheckinMade(made), Some(CHECK_IN)).await
}
