use crate::event::{Body, Digest, EmergencyReason, Event, EventId, Kind, Record, Stamp, Tried};
use crate::rules::answers::answers;
use crate::sync::{Held, Placement, Refusal};

/// Where a record has got to, and on whose word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordState {
    /// On this phone only.
    Queued,
    Sending,
    /// The backend holds it.
    Stored,
    Seen {
        by: String,
        at: Stamp,
    },
    /// Confirmed (a check-in) or taken on (an emergency) by a named person.
    Confirmed {
        by: String,
        at: Stamp,
    },
    /// The backend would not take it; it is kept on this phone.
    Refused(Refusal),
}

impl RecordState {
    /// The stable word for tests and assistive tools (`data-state`).
    pub fn code(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Stored => "stored",
            Self::Seen { .. } => "seen",
            Self::Confirmed { .. } => "confirmed",
            Self::Refused(_) => "refused",
        }
    }
}

/// One thing that happened to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    /// By the clock of whoever took the step, corrected by the server where it could.
    pub at: Stamp,
    /// Who took it; `None` for the phone and the server.
    pub by: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepKind {
    /// Written down on the device.
    Saved,
    /// The backend acknowledged it.
    Stored,
    Refused(Refusal),
    Seen,
    Confirmed,
    /// Somebody, or the server, tried something.
    Tried(Tried),
    /// Somebody is on it.
    Acknowledged,
    /// Over, or a false alarm.
    Resolved(EmergencyReason, Option<String>),
}

/// A record as screens show it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordView {
    pub id: EventId,
    pub digest: Digest,
    pub kind: Kind,
    /// `None` for kinds this version does not know and for sealed records.
    pub body: Option<Body>,
    /// Written on this device.
    pub mine: bool,
    pub author_name: String,
    /// When it happened by the clock of the device that wrote it.
    pub device_time: Stamp,
    /// When it happened, as well as is known.
    pub happened: Stamp,
    /// When the backend got it.
    pub received: Option<Stamp>,
    pub exercise: bool,
    pub state: RecordState,
    /// Everything that happened to it, in order.
    pub steps: Vec<Step>,
    waiting: bool,
}

impl RecordView {
    /// Folds a record and what was said about it. `my_name` stands in for the author of records of this device, which
    /// have not been through the server; `in_flight` says whether it is on its way right now.
    pub fn fold(held: &Held, about: &[Record], my_name: &str, in_flight: bool) -> Self {
        let event = &held.record.event;
        let received = match &held.placement {
            Placement::Backend { acknowledged } => {
                held.record.arrival.as_ref().map(|arrival| arrival.received).or(*acknowledged)
            }
            Placement::Outbox | Placement::Refused(_) => None,
        };
        let mut steps = first_steps(held, received);
        steps.extend(about.iter().filter_map(|record| step_of(record, event, my_name)));
        let body = event.body().ok();
        let waiting = body.as_ref().is_some_and(Body::waits_for_answer)
            && !about.iter().any(|record| answers(&record.event, event));
        Self {
            id: event.id,
            digest: event.digest,
            kind: event.kind.clone(),
            body,
            mine: held.mine,
            author_name: name_of(&held.record, my_name),
            device_time: event.time,
            happened: held.record.happened(),
            received,
            exercise: event.exercise,
            state: state_of(&held.placement, &steps, in_flight),
            steps,
            waiting,
        }
    }

    /// Whether somebody still has to answer it.
    pub fn is_waiting(&self) -> bool {
        self.waiting
    }

    /// The movement it belongs to.
    pub fn movement(&self) -> Option<EventId> {
        self.body.as_ref().and_then(|body| body.movement(self.id))
    }

    /// How an emergency ended, if it has.
    pub fn resolution(&self) -> Option<&Step> {
        self.steps.iter().find(|step| matches!(step.kind, StepKind::Resolved(..)))
    }

    /// Milliseconds by which the writing device's clock was wrong (positive: it was behind).
    pub fn clock_error_ms(&self) -> i64 {
        self.happened.ms_since(self.device_time)
    }
}

fn first_steps(held: &Held, received: Option<Stamp>) -> Vec<Step> {
    let step = |kind, at| Step { kind, at, by: None };
    let mut steps = vec![step(StepKind::Saved, held.record.event.recorded)];
    if let Placement::Refused(refused) = &held.placement {
        steps.push(step(StepKind::Refused(refused.refusal.clone()), refused.at));
    }
    steps.extend(received.map(|at| step(StepKind::Stored, at)));
    steps
}

fn step_of(record: &Record, subject: &Event, my_name: &str) -> Option<Step> {
    let counts = answers(&record.event, subject);
    let kind = match record.event.body().ok()? {
        Body::RecordSeen(body) if body.digest == subject.digest => StepKind::Seen,
        Body::CheckinConfirmed(_) if counts => StepKind::Confirmed,
        // What is said about a check-in never shows that it was more than one.
        Body::EmergencyAcknowledged(_) if counts && subject.kind == Kind::CheckinMade => StepKind::Confirmed,
        Body::EmergencyAcknowledged(_) if counts => StepKind::Acknowledged,
        Body::EmergencyStep(body) => StepKind::Tried(body.tried),
        Body::EmergencyResolved(body)
            if body.record == subject.id && subject.kind == Kind::EmergencyRaised =>
        {
            StepKind::Resolved(body.reason, body.note)
        }
        _ => return None,
    };
    Some(Step { kind, at: record.happened(), by: Some(name_of(record, my_name)) })
}

fn name_of(record: &Record, my_name: &str) -> String {
    record.arrival.as_ref().map_or_else(|| my_name.to_owned(), |arrival| arrival.author_name.clone())
}

fn state_of(placement: &Placement, steps: &[Step], in_flight: bool) -> RecordState {
    // The first answer counts: who confirms after that does not take it over.
    let first = |wanted: &[StepKind]| steps.iter().find(|step| wanted.contains(&step.kind));
    let by = |step: &Step| step.by.clone().unwrap_or_default();
    if let Placement::Refused(refused) = placement {
        return RecordState::Refused(refused.refusal.clone());
    }
    if let Some(step) = first(&[StepKind::Confirmed, StepKind::Acknowledged]) {
        return RecordState::Confirmed { by: by(step), at: step.at };
    }
    if let Some(step) = first(&[StepKind::Seen]) {
        return RecordState::Seen { by: by(step), at: step.at };
    }
    match placement {
        Placement::Outbox if in_flight => RecordState::Sending,
        Placement::Outbox => RecordState::Queued,
        Placement::Refused(refused) => RecordState::Refused(refused.refusal.clone()),
        Placement::Backend { .. } => RecordState::Stored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::CheckinConfirmed;
    use crate::sync::{Entry, Refused};
    use crate::testing::build;

    fn held(placement: Placement) -> Held {
        Held { record: Record::own(build::checkin(1)), mine: true, placement }
    }

    fn said(body: Body, seq: u64, name: &str) -> Record {
        build::arrived(build::unsaved(name, seq, body).into_event(seq), seq, name)
    }

    fn state(held: &Held, about: &[Record]) -> String {
        RecordView::fold(held, about, "Idriss", false).state.code().to_owned()
    }

    const STORED: Placement = Placement::Backend { acknowledged: Some(build::MORNING) };

    #[test]
    fn a_record_goes_from_queued_to_confirmed() {
        let event = build::checkin(1);
        assert_eq!(state(&held(Placement::Outbox), &[]), "queued");
        assert_eq!(RecordView::fold(&held(Placement::Outbox), &[], "I", true).state, RecordState::Sending);
        assert_eq!(state(&held(STORED), &[]), "stored");
        let seen = said(build::seen_of(&event), 5, "Moussa");
        assert_eq!(state(&held(STORED), std::slice::from_ref(&seen)), "seen");
        let confirmed = said(build::confirmation_of(&event), 6, "Amina");
        let view = RecordView::fold(&held(STORED), &[seen, confirmed], "Idriss", false);
        let RecordState::Confirmed { by, .. } = &view.state else { panic!("{:?}", view.state) };
        assert_eq!((by.as_str(), view.author_name.as_str()), ("Amina", "Idriss"));
        assert!(!view.is_waiting());
    }

    #[test]
    fn the_first_confirmation_counts() {
        let event = build::checkin(1);
        let about = [
            said(build::confirmation_of(&event), 5, "Amina"),
            said(build::confirmation_of(&event), 6, "Moussa"),
        ];
        let view = RecordView::fold(&held(STORED), &about, "Idriss", false);
        assert!(matches!(&view.state, RecordState::Confirmed { by, .. } if by == "Amina"));
    }

    #[test]
    fn a_confirmation_of_other_contents_confirms_nothing() {
        let event = build::checkin(1);
        let other = CheckinConfirmed { record: event.id, digest: build::checkin(2).digest, movement: None };
        let view =
            RecordView::fold(&held(STORED), &[said(Body::CheckinConfirmed(other), 5, "Amina")], "I", false);
        assert_eq!(view.state, RecordState::Stored);
        assert!(view.is_waiting());
    }

    #[test]
    fn nobody_confirms_their_own_record() {
        let event = build::checkin(1);
        let own = said(build::confirmation_of(&event), 5, &event.author.0);
        assert_eq!(state(&held(STORED), &[own]), "stored");
    }

    #[test]
    fn a_refused_record_says_why() {
        let refusal = Refusal::new("not_allowed", "no".into());
        let entry = Entry::of(&build::checkin(1), false, 0);
        let refused = Placement::Refused(Refused { entry, refusal: refusal.clone(), at: build::MORNING });
        let view = RecordView::fold(&held(refused), &[], "Idriss", false);
        assert_eq!(view.state, RecordState::Refused(refusal));
    }
}
