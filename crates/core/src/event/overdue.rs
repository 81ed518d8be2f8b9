use serde_json::Value;

use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{EventId, Stamp, Tried};
use crate::json::{self, Fault, Json};
use crate::{json_serialize, json_struct};

code_list! {
    /// Why somebody ended the watch on one due check-in without a check-in.
    ResolvedHow {
        Contact = "contact",
        Mistake = "mistake",
        /// It is an emergency now, and worked as one.
        Emergency = "emergency",
    }
}

/// `overdue.raised`: a check-in did not come. `due` names which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueRaised {
    pub movement: EventId,
    pub due: Stamp,
    /// Call signs of the vehicles it did not come from; empty for all.
    pub vehicles: Vec<String>,
}

json_struct!(OverdueRaised: required [movement, due] optional [vehicles]);

/// `overdue.step`: somebody, or the server, tried something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueStep {
    pub movement: EventId,
    pub due: Stamp,
    /// Call signs of the vehicles it is about; empty for all.
    pub vehicles: Vec<String>,
    pub tried: Tried,
}

impl Json for OverdueStep {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        let members = json::members(value)?;
        let (movement, due) = (json::required(members, "movement")?, json::required(members, "due")?);
        let mut vehicles = vec![];
        json::optional(members, "vehicles", &mut vehicles)?;
        Ok(Self { movement, due, vehicles, tried: Tried::from_value(value)? })
    }

    fn to_value(&self) -> Value {
        self.tried.beside(|members| {
            json::put(members, "movement", self.movement.to_value());
            json::put(members, "due", self.due.to_value());
            if !self.vehicles.is_empty() {
                json::put(members, "vehicles", self.vehicles.to_value());
            }
        })
    }
}

json_struct!(@read OverdueStep);

/// `overdue.acknowledged`: a named person is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueAcknowledged {
    pub movement: EventId,
    pub due: Stamp,
    /// Call signs of the vehicles it is about; empty for all.
    pub vehicles: Vec<String>,
}

json_struct!(OverdueAcknowledged: required [movement, due] optional [vehicles]);

/// `overdue.resolved`: the check-in came late, or somebody says why it need not come any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueResolved {
    pub movement: EventId,
    pub due: Stamp,
    /// Call signs of the vehicles that need not be heard any more; empty for all.
    pub vehicles: Vec<String>,
    pub how: ResolvedHow,
    /// The check-in that came late.
    pub record: Option<EventId>,
    pub note: Option<String>,
    /// The server noticed it: nobody has answered for a silence by it.
    pub automatic: bool,
}

json_struct!(OverdueResolved: required [movement, due, how] optional [vehicles, record, note, automatic]);

/// The form that ends the watch on one due check-in.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolveOverdueDraft {
    pub how: ResolvedHow,
    pub note: String,
}

json_struct!(ResolveOverdueDraft: draft [how, note]);
json_serialize!(OverdueRaised, OverdueStep, OverdueAcknowledged, OverdueResolved, ResolveOverdueDraft);

impl Default for ResolveOverdueDraft {
    fn default() -> Self {
        Self { how: ResolvedHow::Contact, note: String::new() }
    }
}

impl ResolveOverdueDraft {
    /// # Errors
    /// A missing or too long note: whoever ends a watch says why.
    pub fn parse(
        &self,
        movement: EventId,
        due: Stamp,
        vehicles: Vec<String>,
    ) -> Result<OverdueResolved, Vec<FieldError>> {
        let mut checks = Checks::default();
        let note = checks.text("note", &self.note, MAX_NOTE);
        if note.is_none() {
            checks.fail("note", Problem::Required);
        }
        checks.done(Some(OverdueResolved {
            movement,
            due,
            vehicles,
            how: self.how.clone(),
            record: None,
            note,
            automatic: false,
        }))
    }
}
