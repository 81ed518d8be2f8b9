use waymark_core::event::{Body, CheckinConfirmed, EmergencyAcknowledged, EventId, RecordSeen};
use waymark_core::view::{RecordView, StepKind};

use super::refresh;
use super::saving::{Earnest, SaveError, save, write};
use crate::state::AppState;

/// Confirms a check-in in the name of whoever is signed in.
///
/// # Errors
/// As every save.
pub async fn confirm(app: AppState, record: &RecordView) -> Result<EventId, SaveError> {
    let body = CheckinConfirmed { record: record.id, digest: record.digest, movement: record.movement() };
    save(app, Body::CheckinConfirmed(body), Earnest::of(record.exercise), None).await
}

/// Takes on an emergency in the name of whoever is signed in.
///
/// # Errors
/// As every save.
pub async fn acknowledge(app: AppState, record: &RecordView) -> Result<EventId, SaveError> {
    let body =
        EmergencyAcknowledged { record: record.id, digest: record.digest, movement: record.movement() };
    save(app, Body::EmergencyAcknowledged(body), Earnest::of(record.exercise), None).await
}

/// Notes that records were on the screen of someone who watches. Those that somebody has already seen are left out.
pub async fn mark_seen(app: AppState, records: &[RecordView]) {
    let watches = app.person_untracked().is_some_and(|person| person.role.watches());
    let unseen = records.iter().filter(|record| {
        let seen =
            |kind: &StepKind| matches!(kind, StepKind::Seen | StepKind::Confirmed | StepKind::Acknowledged);
        !record.mine && !record.steps.iter().any(|step| seen(&step.kind))
    });
    for record in unseen.filter(|_| watches) {
        let body = RecordSeen { record: record.id, digest: record.digest };
        if write(app, Body::RecordSeen(body), Earnest::of(record.exercise), None).await.is_err() {
            break;
        }
    }
    refresh(app).await;
}
