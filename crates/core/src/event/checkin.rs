use serde::{Deserialize, Serialize};

use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE};
use super::{Digest, EventId, Position, PositionDraft, Stamp};

code_list! {
    /// What a check-in reports (UN radio practice; domain.md, movement).
    CheckinKind {
        Departed = "departed",
        Waypoint = "waypoint",
        Scheduled = "scheduled",
        Delayed = "delayed",
        Halted = "halted",
        Diverted = "diverted",
        Checkpoint = "checkpoint",
        Breakdown = "breakdown",
        Overnight = "overnight",
        Arrived = "arrived",
        Handover = "handover",
        Closed = "closed",
    }
}

code_list! {
    /// How the people are. Unknown is never shown as safe.
    PeopleState {
        Safe = "safe",
        NeedAssistance = "need_assistance",
        NotSafe = "not_safe",
        Unknown = "unknown",
    }
}

impl PeopleState {
    /// Whether a record with this state goes out before all others.
    pub fn is_urgent(&self) -> bool {
        matches!(self, Self::NeedAssistance | Self::NotSafe)
    }
}

/// More people than any convoy has; a larger number is a slip of the thumb.
pub const MAX_HEADCOUNT: i64 = 999;

/// `checkin.made`: where we are and how we are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckinMade {
    pub checkin: CheckinKind,
    pub people: PeopleState,
    /// People present, when they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headcount: Option<u32>,
    pub position: Position,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// `checkin.confirmed`: a named person took note of a check-in and answers for it. Its subject is the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckinConfirmed {
    pub record: EventId,
    /// What was confirmed, so that a confirmation cannot be carried over to another content.
    pub digest: Digest,
}

/// `record.seen`: a record was on a manager's screen. Its subject is the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordSeen {
    pub record: EventId,
    pub digest: Digest,
}

/// A check-in form while it is filled in; parses into [`CheckinMade`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckinDraft {
    pub checkin: CheckinKind,
    pub people: PeopleState,
    /// As typed, in any digits; empty when nobody was counted.
    pub headcount: String,
    pub position: PositionDraft,
    pub note: String,
}

impl Default for CheckinDraft {
    fn default() -> Self {
        Self {
            checkin: CheckinKind::Scheduled,
            people: PeopleState::Safe,
            headcount: String::new(),
            position: PositionDraft::default(),
            note: String::new(),
        }
    }
}

impl CheckinDraft {
    /// The one-tap check-in of the home screen.
    pub fn one_tap(people: PeopleState) -> Self {
        Self { people, ..Self::default() }
    }

    /// Checks every field. `fix` is the newest GPS fix, if any; it is left out when too old.
    ///
    /// # Errors
    /// Everything that is wrong, field by field.
    pub fn parse(&self, fix: Option<Position>, now: Stamp) -> Result<CheckinMade, Vec<FieldError>> {
        let mut checks = Checks::default();
        let headcount = checks.whole("headcount", &self.headcount, 1, MAX_HEADCOUNT);
        let position = self.position.parse(fix, now, &mut checks);
        let note = checks.text("note", &self.note, MAX_NOTE);
        let made = position.map(|position| CheckinMade {
            checkin: self.checkin.clone(),
            people: self.people.clone(),
            headcount: headcount.and_then(|count| u32::try_from(count).ok()),
            position,
            note,
        });
        checks.done(made)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PositionSource, Problem};
    use super::*;

    #[test]
    fn one_tap_needs_nothing_else() {
        let made = CheckinDraft::one_tap(PeopleState::Safe).parse(None, Stamp(0)).unwrap();
        assert_eq!(made.people, PeopleState::Safe);
        assert_eq!(made.position, Position::None);
        assert_eq!(made.headcount, None);
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let draft = CheckinDraft {
            headcount: "-3".into(),
            note: "x".repeat(MAX_NOTE + 1),
            position: PositionDraft { source: Some(PositionSource::Odometer), ..PositionDraft::default() },
            ..CheckinDraft::default()
        };
        let errors = draft.parse(None, Stamp(0)).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["headcount", "km", "note"]);
        assert_eq!(errors[1].problem, Problem::Required);
    }

    #[test]
    fn a_code_from_a_newer_pack_is_kept_as_itself() {
        let made: CheckinMade = serde_json::from_str(
            r#"{"checkin":"river_crossing","people":"safe","position":{"source":"none"}}"#,
        )
        .unwrap();
        assert_eq!(made.checkin, CheckinKind::Other("river_crossing".into()));
        assert!(serde_json::to_string(&made).unwrap().contains("river_crossing"));
    }
}
