//! The form of a plan: its fields, how it is filled, what it comes to while it is typed, and how it is read.

mod fill;
mod outlook;
mod parse;
#[cfg(test)]
mod tests;

use super::{AreaLevel, Stamp};
use crate::{json_serialize, json_struct};

pub use outlook::{PlanPart, Stretch, with_name};

/// The form of a plan while it is filled in; parses into [`Plan`].
#[derive(Debug, Clone, PartialEq)]
pub struct PlanDraft {
    pub name: String,
    pub purpose: String,
    pub clearance: String,
    pub notification: String,
    pub area_level: AreaLevel,
    pub leader: String,
    pub vehicles: Vec<VehicleDraft>,
    /// Names, one a line or with commas.
    pub on_foot: String,
    pub headcount: String,
    pub depart: Option<Stamp>,
    pub from: PlaceDraft,
    pub legs: Vec<LegDraft>,
    pub turnaround: Option<Stamp>,
    /// One a line.
    pub no_go: String,
    /// Primary, alternate, contingency, emergency.
    pub means: [String; 4],
    /// One a line.
    pub contacts: String,
    /// In the order of [`Situation::ALL`].
    pub actions_on: [String; 5],
    /// Minutes as typed; empty for the default of the area's level.
    pub interval: String,
    pub grace: String,
    /// A drill. Belongs to the record and not to the plan.
    pub exercise: bool,
}

json_struct! {
    PlanDraft: draft [
        name, purpose, clearance, notification, area_level, leader, vehicles, on_foot, headcount,
        depart, from, legs, turnaround, no_go, means, contacts, actions_on, interval, grace, exercise,
    ]
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaceDraft {
    pub name: String,
    pub code_name: String,
    /// Known from an earlier plan; not typed.
    pub at: Option<(f64, f64)>,
}

json_struct!(PlaceDraft: draft [name, code_name, at]);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct LegDraft {
    pub to: PlaceDraft,
    pub road: String,
    pub km: String,
    /// Hours and minutes.
    pub time: String,
    pub medical: String,
    pub overnight_until: Option<Stamp>,
}

json_struct!(LegDraft: draft [to, road, km, time, medical, overnight_until]);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct VehicleDraft {
    pub call_sign: String,
    pub plate: String,
    /// Names, one a line or with commas: the driver, the navigator, the others.
    pub people: String,
}

json_struct!(VehicleDraft: draft [call_sign, plate, people]);
json_serialize!(PlanDraft, PlaceDraft, LegDraft, VehicleDraft);

impl Default for PlanDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            purpose: String::new(),
            clearance: String::new(),
            notification: String::new(),
            area_level: AreaLevel::Moderate,
            leader: String::new(),
            vehicles: vec![VehicleDraft::default()],
            on_foot: String::new(),
            headcount: String::new(),
            depart: None,
            from: PlaceDraft::default(),
            legs: vec![LegDraft::default()],
            turnaround: None,
            no_go: String::new(),
            means: Default::default(),
            contacts: String::new(),
            actions_on: Default::default(),
            interval: String::new(),
            grace: String::new(),
            exercise: false,
        }
    }
}

/// Names as people list them, in any script.
fn names(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(BETWEEN_NAMES).map(str::trim).filter(|name| !name.is_empty())
}

const BETWEEN_NAMES: [char; 5] = ['\n', ',', ';', '،', '؛'];
