use leptos::prelude::Set as _;
use waymark_core::event::{CheckinDraft, EventId, PlanDraft};
use waymark_core::json::Json;
use waymark_core::json_struct;
use waymark_core::sync::{LocalStore, StoreError};

use crate::state::AppState;

const CHECK_IN: &str = "check-in";
pub(super) const PLAN: &str = "plan";

/// Which check-in form a draft belongs to: one's own, or the one that an address opens for a movement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CheckinForm {
    pub movement: Option<EventId>,
    /// It is written down for somebody else.
    pub relayed: bool,
}

impl CheckinForm {
    pub(super) fn name(self) -> String {
        let relayed = if self.relayed { " relayed" } else { "" };
        self.movement.map_or_else(|| CHECK_IN.to_owned(), |id| format!("{CHECK_IN} {id}{relayed}"))
    }
}

/// What was typed into a check-in form and not yet saved, if anything.
pub async fn checkin_draft(app: AppState, form: CheckinForm) -> Option<CheckinDraft> {
    read(app, &form.name()).await
}

/// Keeps what has been typed so far. Call it on every change, a little delayed.
pub async fn keep_checkin_draft(app: AppState, form: CheckinForm, draft: &CheckinDraft) {
    keep(app, &form.name(), draft).await;
}

/// Forgets the draft, as when the form is cleared.
pub async fn drop_checkin_draft(app: AppState, form: CheckinForm) {
    forget(app, &form.name()).await;
}

/// A plan as it was left in its form.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptPlan {
    /// The plan that the form was filled with, if it changes one.
    pub replaces: Option<EventId>,
    pub draft: PlanDraft,
}

json_struct!(KeptPlan: required [replaces, draft]);

/// What was typed into the form of a new movement, or into the one that changes the plan of `movement`.
pub async fn plan_draft(app: AppState, movement: Option<EventId>) -> Option<KeptPlan> {
    read(app, &plan_name(movement)).await
}

/// As [`keep_checkin_draft`].
pub async fn keep_plan_draft(app: AppState, movement: Option<EventId>, kept: &KeptPlan) {
    keep(app, &plan_name(movement), kept).await;
}

/// As [`drop_checkin_draft`].
pub async fn drop_plan_draft(app: AppState, movement: Option<EventId>) {
    forget(app, &plan_name(movement)).await;
}

/// A new plan has one name, each movement's change has its own.
pub(super) fn plan_name(movement: Option<EventId>) -> String {
    movement.map_or_else(|| PLAN.to_owned(), |id| format!("{PLAN} {id}"))
}

pub(super) async fn read<T: Json>(app: AppState, name: &str) -> Option<T> {
    let text = app.services().store.draft(name).await.ok()??;
    T::from_value(&serde_json::from_str(&text).ok()?).ok()
}

pub(super) async fn keep<T: Json>(app: AppState, name: &str, draft: &T) {
    note(app, app.services().store.put_draft(name, &draft.to_value().to_string()).await);
}

pub(super) async fn forget(app: AppState, name: &str) {
    note(app, app.services().store.drop_draft(name).await);
}

fn note(app: AppState, done: Result<(), StoreError>) {
    if let Err(error) = done {
        app.device.store_problem.set(Some(error));
    }
}
