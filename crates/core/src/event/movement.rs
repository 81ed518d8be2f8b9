use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{EventId, MAX_HEADCOUNT, Plan};
use crate::{json_serialize, json_struct};

code_list! {
    /// How a movement ended.
    Ending {
        /// Everyone has got out where they were going.
        Completed = "completed",
        /// Another base has them, and has said so.
        HandedOver = "handed_over",
        /// They never left.
        Cancelled = "cancelled",
    }
}

/// `movement.planned`: its own id is the movement's.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementPlanned {
    pub plan: Plan,
}

json_struct!(MovementPlanned: required [plan]);

/// `movement.revised`: a whole new plan in place of another.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementRevised {
    pub movement: EventId,
    /// The plan that was on the author's screen: the id of a `movement.planned` or `movement.revised`.
    pub replaces: EventId,
    pub plan: Plan,
}

json_struct!(MovementRevised: required [movement, replaces, plan]);

/// `movement.closed`: everyone is accounted for.
#[derive(Debug, Clone, PartialEq)]
pub struct MovementClosed {
    pub movement: EventId,
    pub ending: Ending,
    /// People who were counted getting out.
    pub accounted: Option<u32>,
    /// Who at the other base said that they have them.
    pub contact: Option<String>,
    pub note: Option<String>,
}

json_struct!(MovementClosed: required [movement, ending] optional [accounted, contact, note]);

/// The form that closes a movement.
#[derive(Debug, Clone, PartialEq)]
pub struct CloseDraft {
    pub ending: Ending,
    /// As typed, in any digits.
    pub accounted: String,
    pub contact: String,
    pub note: String,
}

json_struct!(CloseDraft: draft [ending, accounted, contact, note]);
json_serialize!(MovementPlanned, MovementRevised, MovementClosed, CloseDraft);

impl Default for CloseDraft {
    fn default() -> Self {
        Self {
            ending: Ending::Completed,
            accounted: String::new(),
            contact: String::new(),
            note: String::new(),
        }
    }
}

impl CloseDraft {
    /// A movement closes when as many people as set out have got out; who closes it with another number says why.
    ///
    /// # Errors
    /// Everything that is wrong, field by field.
    pub fn parse(&self, movement: EventId, headcount: u32) -> Result<MovementClosed, Vec<FieldError>> {
        let mut checks = Checks::default();
        let accounted = checks.whole("accounted", &self.accounted, 0, MAX_HEADCOUNT);
        let accounted = accounted.and_then(|count| u32::try_from(count).ok());
        let contact = checks.text("contact", &self.contact, MAX_NOTE);
        let note = checks.text("note", &self.note, MAX_NOTE);
        let left = self.ending != Ending::Cancelled;
        if left && self.accounted.trim().is_empty() {
            checks.fail("accounted", Problem::Required);
        }
        if self.ending == Ending::HandedOver && contact.is_none() {
            checks.fail("contact", Problem::Required);
        }
        let as_planned = left && accounted.is_none_or(|count| count == headcount);
        if !as_planned && note.is_none() {
            checks.fail("note", Problem::Required);
        }
        let closed = MovementClosed { movement, ending: self.ending.clone(), accounted, contact, note };
        checks.done(Some(closed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(draft: &CloseDraft) -> Vec<&'static str> {
        let parsed = draft.parse(EventId::new(1, [0; 10]), 11);
        parsed.err().unwrap_or_default().iter().map(|error| error.field).collect()
    }

    #[test]
    fn nobody_is_left_behind_without_a_word() {
        let draft = CloseDraft { accounted: "11".into(), ..CloseDraft::default() };
        assert!(faults(&draft).is_empty());
        assert_eq!(faults(&CloseDraft { accounted: "10".into(), ..draft.clone() }), ["note"]);
        assert_eq!(faults(&CloseDraft { accounted: String::new(), ..draft.clone() }), ["accounted"]);
        assert_eq!(faults(&CloseDraft { ending: Ending::HandedOver, ..draft.clone() }), ["contact"]);
        assert_eq!(faults(&CloseDraft { ending: Ending::Cancelled, ..draft }), ["note"]);
    }
}
