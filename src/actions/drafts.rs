use leptos::prelude::Set as _;
use waymark_core::event::CheckinDraft;
use waymark_core::sync::LocalStore;

use crate::state::AppState;

pub(super) const CHECK_IN: &str = "check-in";
pub(super) const PLAN: &str = "plan";

/// What was typed into the check-in form and not yet saved, if anything.
pub async fn checkin_draft(app: AppState) -> Option<CheckinDraft> {
    let text = app.services().store.draft(CHECK_IN).await.ok()??;
    serde_json::from_str(&text).ok()
}

/// Keeps what has been typed so far. Call it on every change, a little delayed.
pub async fn keep_checkin_draft(app: AppState, draft: &CheckinDraft) {
    let Ok(text) = serde_json::to_string(draft) else { return };
    if let Err(error) = app.services().store.put_draft(CHECK_IN, &text).await {
        app.device.store_problem.set(Some(error));
    }
}

/// Forgets the draft, as when the form is cleared.
pub async fn drop_checkin_draft(app: AppState) {
    if let Err(error) = app.services().store.drop_draft(CHECK_IN).await {
        app.device.store_problem.set(Some(error));
    }
}
