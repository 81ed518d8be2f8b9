use serde::{Deserialize, Serialize};

use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{EventId, Stamp};

code_list! {
    /// Whom a step of the ladder turns to (domain.md, overdue ladder).
    Party {
        Traveller = "traveller",
        RadioRoom = "radio_room",
        Leader = "leader",
        OtherVehicles = "other_vehicles",
        Destination = "destination",
        LastWaypoint = "last_waypoint",
        Security = "security",
        CrisisLead = "crisis_lead",
        Central = "central",
        EveryManager = "every_manager",
    }
}

code_list! {
    /// What came of a try.
    TryResult {
        Reached = "reached",
        NoAnswer = "no_answer",
        /// The means itself did not work.
        Failed = "failed",
        /// A message went out; nobody has answered yet.
        Sent = "sent",
    }
}

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueRaised {
    pub movement: EventId,
    pub due: Stamp,
}

/// `overdue.step`: somebody, or the server, tried something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueStep {
    pub movement: EventId,
    pub due: Stamp,
    /// The step of the ladder it belongs to: 1 to 5, 6 when the ladder is exhausted.
    pub stage: u8,
    pub to: Party,
    /// Radio, a number, push, mail: as a person would say it.
    pub means: String,
    pub result: TryResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The server took it by itself: it holds nothing up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
}

/// The `means` of a step that the server took when it had nothing to reach anybody by.
pub const NO_MEANS: &str = "none";

/// `overdue.acknowledged`: a named person is on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueAcknowledged {
    pub movement: EventId,
    pub due: Stamp,
}

/// `overdue.resolved`: the check-in came late, or somebody says why it need not come any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueResolved {
    pub movement: EventId,
    pub due: Stamp,
    pub how: ResolvedHow,
    /// The check-in that came late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<EventId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The form that writes down a try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TryDraft {
    pub to: Party,
    pub means: String,
    pub result: TryResult,
    pub note: String,
}

impl Default for TryDraft {
    fn default() -> Self {
        Self { to: Party::Leader, means: String::new(), result: TryResult::NoAnswer, note: String::new() }
    }
}

const MAX_MEANS: usize = 120;

impl TryDraft {
    /// # Errors
    /// No means, or text that is too long.
    pub fn parse(&self, movement: EventId, due: Stamp, stage: u8) -> Result<OverdueStep, Vec<FieldError>> {
        let mut checks = Checks::default();
        let means = checks.text("means", &self.means, MAX_MEANS);
        if means.is_none() {
            checks.fail("means", Problem::Required);
        }
        let note = checks.text("note", &self.note, MAX_NOTE);
        let (to, result) = (self.to.clone(), self.result.clone());
        let step = means.map(|means| OverdueStep {
            movement,
            due,
            stage,
            to,
            means,
            result,
            note,
            automatic: false,
        });
        checks.done(step)
    }
}

/// The form that ends the watch on one due check-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResolveOverdueDraft {
    pub how: ResolvedHow,
    pub note: String,
}

impl Default for ResolveOverdueDraft {
    fn default() -> Self {
        Self { how: ResolvedHow::Contact, note: String::new() }
    }
}

impl ResolveOverdueDraft {
    /// # Errors
    /// A missing or too long note: whoever ends a watch says why.
    pub fn parse(&self, movement: EventId, due: Stamp) -> Result<OverdueResolved, Vec<FieldError>> {
        let mut checks = Checks::default();
        let note = checks.text("note", &self.note, MAX_NOTE);
        if note.is_none() {
            checks.fail("note", Problem::Required);
        }
        checks.done(Some(OverdueResolved { movement, due, how: self.how.clone(), record: None, note }))
    }
}
