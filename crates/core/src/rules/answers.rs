//! Which record answers which: for the fold, for every store's waiting list, and for the server.

use crate::event::{Body, Event};

use super::authority::may_answer;

/// Whether `answer` takes `subject` off the list of what waits: it is about this record, about just this content, of a
/// kind that answers it, and by somebody else.
pub fn answers(answer: &Event, subject: &Event) -> bool {
    let (Ok(said), Ok(about)) = (answer.body(), subject.body()) else { return false };
    let fits = match (&said, &about) {
        (Body::CheckinConfirmed(said), Body::CheckinMade(_)) => {
            said.record == subject.id && said.digest == subject.digest
        }
        (Body::EmergencyAcknowledged(said), Body::EmergencyRaised(_)) => {
            said.record == subject.id && said.digest == subject.digest
        }
        // Its author's phone shows this as a confirmation and nothing else.
        (Body::EmergencyAcknowledged(said), Body::CheckinMade(made)) if made.duress => {
            said.record == subject.id && said.digest == subject.digest
        }
        // Whoever holds the phone can call it off; somebody else still has to take note.
        (Body::EmergencyResolved(said), Body::EmergencyRaised(_)) => {
            said.record == subject.id && answer.author != subject.author
        }
        _ => false,
    };
    fits && may_answer(&answer.kind, &answer.author, &subject.author).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CheckinConfirmed, Digest, EmergencyAcknowledged, PeopleState, ResolveDraft};
    use crate::testing::build;

    fn by(author: &str, body: Body) -> Event {
        build::unsaved(author, 9, body).into_event(1)
    }

    #[test]
    fn only_an_answer_to_just_this_by_somebody_else_counts() {
        let made = by("idriss", build::checkin_body(PeopleState::Safe, ""));
        let raised = by("idriss", build::emergency_body());
        assert!(answers(&by("amina", build::confirmation_of(&made)), &made));
        assert!(!answers(&by("idriss", build::confirmation_of(&made)), &made), "their own");
        let other = CheckinConfirmed { record: made.id, digest: Digest::of_bytes(b"other"), movement: None };
        assert!(!answers(&by("amina", Body::CheckinConfirmed(other)), &made), "another content");
        assert!(!answers(&by("amina", build::seen_of(&made)), &made), "seen is no answer");
        let wrong_kind = EmergencyAcknowledged { record: made.id, digest: made.digest, movement: None };
        assert!(!answers(&by("amina", Body::EmergencyAcknowledged(wrong_kind)), &made), "another kind");
        let taken_on = EmergencyAcknowledged { record: raised.id, digest: raised.digest, movement: None };
        assert!(answers(&by("amina", Body::EmergencyAcknowledged(taken_on)), &raised));
        let over = ResolveDraft { note: "all is well".into(), ..ResolveDraft::default() };
        let over = Body::EmergencyResolved(over.parse(raised.id, None).unwrap());
        assert!(!answers(&by("idriss", over.clone()), &raised), "called off at gunpoint, perhaps");
        assert!(answers(&by("amina", over), &raised));
    }
}
