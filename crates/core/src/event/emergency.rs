use serde_json::Value;

use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{Digest, EventId, Position, PositionDraft, Stamp, Tried};
use crate::json::{self, Fault, Json};
use crate::{json_serialize, json_struct};

code_list! {
    /// Why an emergency was raised (domain.md, movement).
    EmergencyReason {
        TrafficAccident = "traffic_accident",
        Robbery = "robbery",
        Attack = "attack",
        Abduction = "abduction",
        Medical = "medical",
        MineUxo = "mine_uxo",
        Unstated = "other",
        FalseAlarm = "false_alarm",
    }
}

/// `emergency.raised`: someone held the button. The reason can come later or never.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyRaised {
    pub reason: EmergencyReason,
    pub position: Position,
    pub note: Option<String>,
    /// The movement in which it was raised.
    pub movement: Option<EventId>,
}

json_struct!(EmergencyRaised: required [reason, position] optional [note, movement]);

/// `emergency.acknowledged`: a named person is on it. Its subject is the emergency's record.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyAcknowledged {
    pub record: EventId,
    pub digest: Digest,
    /// The movement of the emergency.
    pub movement: Option<EventId>,
}

json_struct!(EmergencyAcknowledged: required [record, digest] optional [movement]);

/// `emergency.resolved`: it is over, or it was a false alarm. Its subject is the emergency's record.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyResolved {
    pub record: EventId,
    pub reason: EmergencyReason,
    pub note: Option<String>,
    /// The movement of the emergency.
    pub movement: Option<EventId>,
}

json_struct!(EmergencyResolved: required [record, reason] optional [note, movement]);

/// `emergency.step`: somebody, or the server, tried something. Its subject is the emergency's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyStep {
    /// The emergency, or the check-in made under threat.
    pub record: EventId,
    /// The movement of the emergency.
    pub movement: Option<EventId>,
    pub tried: Tried,
}

impl Json for EmergencyStep {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let members = json::members(value)?;
        let mut movement = None;
        json::optional(members, "movement", &mut movement)?;
        Ok(Self { record: json::required(members, "record")?, movement, tried: Tried::from_value(value)? })
    }

    fn to_value(&self) -> Value {
        self.tried.beside(|members| {
            json::put(members, "record", self.record.to_value());
            if let Some(movement) = &self.movement {
                json::put(members, "movement", movement.to_value());
            }
        })
    }
}

json_struct!(@read EmergencyStep);

/// What there is when the button has been held: perhaps nothing more.
#[derive(Debug, Clone, PartialEq)]
pub struct EmergencyDraft {
    pub reason: EmergencyReason,
    pub note: String,
    pub movement: Option<EventId>,
}

json_struct!(EmergencyDraft: draft [reason, note, movement]);

impl Default for EmergencyDraft {
    fn default() -> Self {
        Self { reason: EmergencyReason::Unstated, note: String::new(), movement: None }
    }
}

impl EmergencyDraft {
    /// # Errors
    /// Only a note that is too long.
    pub fn parse(&self, fix: Option<Position>, now: Stamp) -> Result<EmergencyRaised, Vec<FieldError>> {
        let mut checks = Checks::default();
        let note = checks.text("note", &self.note, MAX_NOTE);
        let position = PositionDraft::default().parse(fix, now, &mut checks);
        let (reason, movement) = (self.reason.clone(), self.movement);
        let raised = position.map(|position| EmergencyRaised { reason, position, note, movement });
        checks.done(raised)
    }
}

/// Why it is over: a false alarm needs a reason in words, so that it can be judged afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolveDraft {
    pub reason: EmergencyReason,
    pub note: String,
}

json_struct!(ResolveDraft: draft [reason, note]);
json_serialize!(
    EmergencyRaised,
    EmergencyStep,
    EmergencyAcknowledged,
    EmergencyResolved,
    EmergencyDraft,
    ResolveDraft
);

impl Default for ResolveDraft {
    fn default() -> Self {
        Self { reason: EmergencyReason::FalseAlarm, note: String::new() }
    }
}

impl ResolveDraft {
    /// # Errors
    /// A missing or too long note.
    pub fn parse(
        &self,
        record: EventId,
        movement: Option<EventId>,
    ) -> Result<EmergencyResolved, Vec<FieldError>> {
        let mut checks = Checks::default();
        let note = checks.text("note", &self.note, MAX_NOTE);
        if note.is_none() {
            checks.fail("note", Problem::Required);
        }
        checks.done(Some(EmergencyResolved { record, reason: self.reason.clone(), note, movement }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_needs_no_word() {
        let raised = EmergencyDraft::default().parse(None, Stamp(0)).unwrap();
        assert_eq!((raised.reason, raised.position), (EmergencyReason::Unstated, Position::None));
    }

    #[test]
    fn a_false_alarm_says_why() {
        let id = EventId::new(1, [0; 10]);
        assert!(ResolveDraft::default().parse(id, None).is_err());
        let draft = ResolveDraft { note: "pocket".into(), ..ResolveDraft::default() };
        assert_eq!(draft.parse(id, None).unwrap().reason, EmergencyReason::FalseAlarm);
    }
}
