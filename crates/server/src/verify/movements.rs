//! Which movements there are, who planned them, who travels, and whether they are over.

use std::collections::{BTreeMap, HashMap, HashSet};

use waymark_core::event::EventId;

use super::{Findings, Kept, Records};
use crate::storage::ingest::Change;
use crate::storage::snapshot::{StoredCrew, StoredMovement};

#[derive(Debug, Default)]
struct Expected<'a> {
    plan: Option<&'a Kept>,
    /// Everyone whom a plan names, and whether the one that came last does.
    crew: BTreeMap<&'a str, bool>,
    closings: Vec<&'a Kept>,
    revisions: Vec<&'a Kept>,
}

pub fn look(records: &Records, stored: Vec<StoredMovement>, crews: &[StoredCrew], findings: &mut Findings) {
    let doubtful = records.doubtful_movements();
    let expected = expected(records);
    let mut stored: HashMap<String, StoredMovement> =
        stored.into_iter().map(|movement| (movement.id.clone(), movement)).collect();
    for (id, expected) in &expected {
        let at = format!("movement {id}");
        match stored.remove(&id.to_string()) {
            _ if doubtful.contains(id.to_string().as_str()) => {}
            None => findings.fault("movements", at, "records name it, and its row is missing"),
            Some(row) => {
                for wrong in wrong(expected, &row) {
                    findings.fault(
                        "movements",
                        &at,
                        format!("`{wrong}` is not what follows from its records"),
                    );
                }
            }
        }
    }
    for id in stored.keys().filter(|id| !doubtful.contains(id.as_str())) {
        findings.fault("movements", format!("movement {id}"), "no record names it");
    }
    look_at_crews(&expected, crews, &doubtful, findings);
}

fn expected(records: &Records) -> BTreeMap<EventId, Expected<'_>> {
    let mut all: BTreeMap<EventId, Expected<'_>> = BTreeMap::new();
    for kept in &records.all {
        let Some(movement) = kept.movement else { continue };
        let one = all.entry(movement).or_default();
        match kept.change.as_deref() {
            Some(Change::Plan { first, crew }) => {
                if *first {
                    one.plan = Some(kept);
                } else {
                    one.revisions.push(kept);
                }
                one.crew.values_mut().for_each(|aboard| *aboard = false);
                one.crew.extend(crew.iter().map(|user| (&*user.0, true)));
            }
            Some(Change::Closed) => one.closings.push(kept),
            None => {}
        }
    }
    all
}

fn wrong(expected: &Expected<'_>, row: &StoredMovement) -> Vec<&'static str> {
    let planner = expected.plan.map(|plan| &*plan.author);
    let areas = expected.plan.map(|plan| &*plan.areas);
    let columns = [
        ("planner", row.planner.as_deref() == planner),
        ("areas", row.areas.as_deref() == areas),
        ("closed", is_end_right(expected, row.closed)),
    ];
    columns.into_iter().filter(|(_, right)| !right).map(|(name, _)| name).collect()
}

/// Closed by a closing after which nobody has changed the plan.
fn is_end_right(expected: &Expected<'_>, closed: Option<i64>) -> bool {
    let last = |all: &[&Kept]| all.iter().map(|kept| kept.happened.min(kept.received)).max();
    let is_over = last(&expected.closings).is_some_and(|end| Some(end) >= last(&expected.revisions));
    match closed {
        Some(at) => is_over && expected.closings.iter().any(|closing| closing.received.0 == at),
        None => !is_over,
    }
}

fn look_at_crews(
    expected: &BTreeMap<EventId, Expected<'_>>,
    crews: &[StoredCrew],
    doubtful: &HashSet<&str>,
    findings: &mut Findings,
) {
    let expected: Vec<_> = expected.iter().map(|(id, expected)| (id.to_string(), expected)).collect();
    let mut stored: HashMap<(&str, &str), bool> =
        crews.iter().map(|row| ((row.movement.as_str(), row.user.as_str()), row.aboard)).collect();
    for (id, expected) in &expected {
        for (user, aboard) in &expected.crew {
            let detail = match stored.remove(&(id.as_str(), *user)) {
                Some(stored) if stored == *aboard => continue,
                Some(true) => "is aboard, and the last plan does not name them",
                Some(false) => "is not aboard, and the last plan names them",
                None => "is missing, and a plan names them",
            };
            if !doubtful.contains(id.as_str()) {
                findings.fault("crews", format!("movement {id}"), format!("user {user} {detail}"));
            }
        }
    }
    for (movement, user) in stored.keys().filter(|(movement, _)| !doubtful.contains(movement)) {
        findings.fault("crews", format!("movement {movement}"), format!("no plan names user {user}"));
    }
}
