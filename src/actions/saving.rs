use leptos::prelude::{GetUntracked as _, Set as _, Update as _, WithUntracked as _, untrack};
use waymark_core::event::{Body, Event, EventId, FieldError, Position, Stamp, Unsaved};
use waymark_core::sync::{Counts, LocalStore, StoreError, Wake};

use super::reading::when_read;
use super::refresh;
use crate::browser::clock;
use crate::state::{AppState, FixState, StorageReport};

/// Why nothing was saved. What was typed is still in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveError {
    Fields(Vec<FieldError>),
    Store(StoreError),
    SignedOut,
}

impl From<StoreError> for SaveError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Vec<FieldError>> for SaveError {
    fn from(errors: Vec<FieldError>) -> Self {
        Self::Fields(errors)
    }
}

/// Whether a record is part of a drill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earnest {
    /// As the movement it belongs to.
    AsMovement,
    Real,
    Exercise,
}

impl Earnest {
    pub fn of(exercise: bool) -> Self {
        if exercise { Self::Exercise } else { Self::Real }
    }

    fn is_exercise(self, app: AppState, body: &Body, id: EventId) -> bool {
        let movement = || body.movement(id).and_then(|id| untrack(|| app.movements.get(id)));
        match self {
            Self::AsMovement => movement().is_some_and(|movement| movement.exercise),
            Self::Real => false,
            Self::Exercise => true,
        }
    }
}

/// Writes one record and its outbox entry; returns when both are on the disk.
pub(super) async fn save(
    app: AppState,
    body: Body,
    earnest: Earnest,
    draft: Option<&str>,
) -> Result<EventId, SaveError> {
    let id = write(app, body, earnest, draft).await?;
    leptos::task::spawn_local(refresh(app));
    Ok(id)
}

/// As [`save`], without showing it: for many at once.
pub(super) async fn write(
    app: AppState,
    body: Body,
    earnest: Earnest,
    draft: Option<&str>,
) -> Result<EventId, SaveError> {
    let services = app.services();
    let session = services.session().ok_or(SaveError::SignedOut)?;
    if earnest == Earnest::AsMovement {
        when_read(app).await;
    }
    let now = clock::now();
    let urgent = body.is_urgent();
    if !urgent && storage_runs_out(app, RESERVE) {
        return Err(StoreError::Full.into());
    }
    let id = EventId::new(u64::try_from(now.0).unwrap_or_default(), clock::random());
    let movement = body.movement(id);
    let is_form = matches!(body, Body::Filled(_));
    let unsaved = Unsaved {
        id,
        source: session.source(),
        time: now,
        recorded: now,
        author: session.user,
        pack: super::guidance::in_force(app),
        exercise: earnest.is_exercise(app, &body, id),
        clockoffset: app.sync.with_untracked(|sync| sync.clockoffset),
        body,
    };
    let event = match services.store.save(unsaved, draft).await {
        Ok(event) => event,
        Err(error) => {
            app.device.store_problem.set(Some(error.clone()));
            return Err(error.into());
        }
    };
    app.device.store_problem.set(None);
    note_saved(app, &event);
    if let Some(movement) = movement {
        services.stale.movement(movement);
    }
    if is_form {
        services.stale.form(event.id);
    }
    // Whoever tapped waits for the word Saved, not for this.
    leptos::task::spawn_local(async move {
        clock::sleep(0).await;
        services.courier.saved(urgent);
        services.courier.wake(Wake::Saved { urgent });
    });
    Ok(event.id)
}

/// Room that is kept for emergencies and for the browser's own log files, in bytes.
const RESERVE: f64 = 2_097_152.0;

/// Refuses early, while there is still so much room for what cannot wait, in bytes.
pub(super) fn storage_runs_out(app: AppState, reserve: f64) -> bool {
    // Some browsers say 0 for what they do not tell.
    let runs_out = |report: &StorageReport| report.quota > 0.0 && report.quota - report.used < reserve;
    app.device.storage.with_untracked(|report| report.as_ref().is_some_and(runs_out))
}

/// Tells the canary before anything else: if the tab dies now, the queue is still accounted for.
fn note_saved(app: AppState, event: &Event) {
    let counts = app.sync.with_untracked(|sync| sync.counts.clone());
    let counts = Counts {
        queued: counts.queued + 1,
        records: counts.records + 1,
        oldest_queued: counts.oldest_queued.or(Some(event.recorded)),
        ..counts
    };
    app.services().store.note_saved(&counts, event.devseq);
    app.sync.update(|sync| sync.counts = counts);
}

/// The newest fix as a position, if there is one; core leaves it out when it is too old.
pub(super) fn fix(app: AppState) -> Option<Position> {
    match app.device.fix.get_untracked() {
        FixState::Fixed { lat, lon, accuracy, at } => Some(Position::Gps { lat, lon, accuracy, fixed: at }),
        _ => None,
    }
}

pub(super) fn now() -> Stamp {
    clock::now()
}
