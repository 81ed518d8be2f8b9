//! What somebody, or the server, tried when a check-in did not come or an emergency was raised.

use serde_json::Value;

use super::code_list::code_list;
use super::draft::{Checks, FieldError, MAX_NOTE, Problem};
use crate::json::{Json as _, Members};
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

/// One try: whom, by what, what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
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

json_struct!(Tried: required [stage, to, means, result] optional [note, automatic]);

impl Tried {
    /// Its members among those of the record it stands in.
    pub(super) fn beside(&self, put: impl FnOnce(&mut Members)) -> Value {
        let mut value = self.to_value();
        if let Value::Object(members) = &mut value {
            put(members);
        }
        value
    }
}

/// The `means` of a step that the server took when it had nothing to reach anybody by.
pub const NO_MEANS: &str = "none";

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
    /// No means, no result, or text that is too long.
    pub fn parse(&self, stage: u8) -> Result<Tried, Vec<FieldError>> {
        let mut checks = Checks::default();
        let means = checks.text("means", &self.means, MAX_MEANS);
        if means.is_none() {
            checks.fail("means", Problem::Required);
        }
        if self.result.code().is_empty() {
            checks.fail("result", Problem::Required);
        }
        let note = checks.text("note", &self.note, MAX_NOTE);
        let (to, result) = (self.to.clone(), self.result.clone());
        let tried = means.map(|means| Tried { stage, to, means, result, note, automatic: false });
        checks.done(tried)
    }
}

json_serialize!(Tried, TryDraft);
