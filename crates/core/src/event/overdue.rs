use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use super::{EventId, Stamp};
use crate::{json_serialize, json_struct};

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
    /// The step of the ladder it belongs to: 1 to 5, 6 when the ladder is exhausted.
    pub stage: u8,
    pub to: Party,
    /// Radio, a number, push, mail: as a person would say it.
    pub means: String,
    pub result: TryResult,
    pub note: Option<String>,
    /// The server took it by itself: it holds nothing up.
    pub automatic: bool,
}

json_struct!(OverdueStep: required [movement, due, stage, to, means, result] optional [note, automatic]);

/// The `means` of a step that the server took when it had nothing to reach anybody by.
pub const NO_MEANS: &str = "none";

/// `overdue.acknowledged`: a named person is on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueAcknowledged {
    pub movement: EventId,
    pub due: Stamp,
}

json_struct!(OverdueAcknowledged: required [movement, due]);

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

/// The form that writes down a try.
#[derive(Debug, Clone, PartialEq)]
pub struct TryDraft {
    pub to: Party,
    pub means: String,
    pub result: TryResult,
    pub note: String,
}

json_struct!(TryDraft: draft [to, means, result, note]);

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
#[derive(Debug, Clone, PartialEq)]
pub struct ResolveOverdueDraft {
    pub how: ResolvedHow,
    pub note: String,
}

json_struct!(ResolveOverdueDraft: draft [how, note]);
json_serialize!(
    OverdueRaised,
    OverdueStep,
    OverdueAcknowledged,
    OverdueResolved,
    TryDraft,
    ResolveOverdueDraft
);

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
