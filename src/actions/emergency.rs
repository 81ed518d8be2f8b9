use waymark_core::event::{Body, EmergencyDraft, EmergencyStep, EventId, ResolveDraft, TryDraft};
use waymark_core::rules::escalation::Stage;
use waymark_core::view::RecordView;

use super::reading::my_movement;
use super::saving::{self, Earnest, SaveError};
use crate::state::AppState;

/// Saves an emergency, in the movement they travel in if there is one; it goes out before everything else.
///
/// # Errors
/// What is wrong with the store.
pub async fn raise_emergency_here(app: AppState) -> Result<EventId, SaveError> {
    let draft = EmergencyDraft { movement: my_movement(app).await, ..EmergencyDraft::default() };
    raise_emergency(app, draft, Raised::AsMovement).await
}

/// Saves an emergency; it goes out before everything else.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn raise_emergency(
    app: AppState,
    draft: EmergencyDraft,
    how: Raised,
) -> Result<EventId, SaveError> {
    let raised = draft.parse(saving::fix(app), saving::now())?;
    let earnest = match how {
        Raised::AsMovement => Earnest::AsMovement,
        Raised::Drill => Earnest::Exercise,
        Raised::InEarnest => Earnest::Real,
    };
    saving::save(app, Body::EmergencyRaised(raised), earnest, None).await
}

/// Whether it is real.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// As the movement in which it happens.
    AsMovement,
    Drill,
    /// Real, also in the middle of a drill.
    InEarnest,
}

/// Which emergency is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlarmRef {
    pub record: EventId,
    pub movement: Option<EventId>,
    pub exercise: bool,
}

impl AlarmRef {
    pub fn of(view: &RecordView) -> Self {
        Self { record: view.id, movement: view.movement(), exercise: view.exercise }
    }
}

/// Writes down that somebody was called about an emergency, and what came of it.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn record_alarm_try(
    app: AppState,
    alarm: &AlarmRef,
    stage: Stage,
    draft: &TryDraft,
) -> Result<EventId, SaveError> {
    let tried = draft.parse(stage.number().unwrap_or_default())?;
    let step = EmergencyStep { record: alarm.record, movement: alarm.movement, tried };
    saving::save(app, Body::EmergencyStep(step), Earnest::of(alarm.exercise), None).await
}

/// Says that an emergency is over or was a false alarm.
///
/// # Errors
/// What is wrong with the fields, or with the store.
pub async fn resolve_emergency(
    app: AppState,
    alarm: &AlarmRef,
    draft: ResolveDraft,
) -> Result<EventId, SaveError> {
    let resolved = draft.parse(alarm.record, alarm.movement)?;
    saving::save(app, Body::EmergencyResolved(resolved), Earnest::of(alarm.exercise), None).await
}

/// Opens the phone's own text messages with this text, to the base if its number is known.
pub fn sms_link(text: &str) -> String {
    // Android asks for `?body=`, iOS for `&body=`; both take this.
    format!("sms:{}?&body={}", super::base_number(), js_sys::encode_uri_component(text))
}
