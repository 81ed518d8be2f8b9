use waymark_core::event::{Body, CheckinDraft, EventId, PeopleState};

use super::drafts::CheckinForm;
use super::reading::my_movement;
use super::saving::{self, Earnest, SaveError};
use crate::state::AppState;

/// Saves how the people are, in the movement they travel in if there is one, and nothing else. What is being typed into
/// the check-in form stays a draft. `duress` says that the sign of duress was given.
///
/// # Errors
/// What is wrong with the store.
pub async fn one_tap(app: AppState, people: PeopleState, duress: bool) -> Result<EventId, SaveError> {
    let movement = my_movement(app).await;
    save(app, &CheckinDraft::one_tap(people, movement), duress, None).await
}

/// Saves a check-in and drops the draft it came from. Does not wait for a position or for the network.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn check_in(app: AppState, form: CheckinForm, draft: CheckinDraft) -> Result<EventId, SaveError> {
    save(app, &draft, false, Some(&form.name())).await
}

async fn save(
    app: AppState,
    draft: &CheckinDraft,
    duress: bool,
    kept_as: Option<&str>,
) -> Result<EventId, SaveError> {
    let mut made = draft.parse(saving::fix(app), saving::now())?;
    made.duress = duress || made.note.as_deref().is_some_and(super::duress::is_sign);
    saving::save(app, Body::CheckinMade(made), Earnest::AsMovement, kept_as).await
}
