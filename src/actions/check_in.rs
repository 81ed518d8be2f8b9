use waymark_core::event::{Body, CheckinDraft, EventId, PeopleState};

use super::drafts::CHECK_IN;
use super::saving::{self, SaveError};
use crate::state::AppState;

/// Saves how the people are, and nothing else. What is being typed into the check-in form stays a draft.
///
/// # Errors
/// What is wrong with the store.
pub async fn one_tap(app: AppState, people: PeopleState) -> Result<EventId, SaveError> {
    save(app, &CheckinDraft::one_tap(people, None), None).await
}

/// Saves a check-in and drops the draft it came from. Does not wait for a position or for the network.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn check_in(app: AppState, draft: CheckinDraft) -> Result<EventId, SaveError> {
    save(app, &draft, Some(CHECK_IN)).await
}

async fn save(app: AppState, draft: &CheckinDraft, kept_as: Option<&str>) -> Result<EventId, SaveError> {
    let made = draft.parse(saving::fix(app), saving::now())?;
    saving::save(app, Body::CheckinMade(made), kept_as).await
}
