//! Whether screens can be made of it: every movement, and every item of the chain with what is said about it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use waymark_core::event::{Body, EventId, OrgId};
use waymark_core::view::Movement;
use waymark_core::view::chain::{Chain, Said};
use waymark_core::view::movement::Report;

use super::{Findings, record};
use crate::storage::StorageError;
use crate::storage::snapshot::{Snapshot, StoredRecord};

/// So many rows are read again at once, or more if one movement or item has more.
const AT_ONCE: usize = 1_000;

/// Which rows make up each movement, and each item of the chain with what is said about it.
#[derive(Default)]
pub struct Folds {
    movements: Vec<(EventId, i64)>,
    items: Vec<(EventId, i64)>,
}

impl Folds {
    /// A row, and of which movement and which item it is.
    pub fn take(&mut self, row: i64, (movement, item): (Option<EventId>, Option<EventId>)) {
        self.movements.extend(movement.map(|movement| (movement, row)));
        self.items.extend(item.map(|item| (item, row)));
    }

    /// How many movements with a plan there are, and how much is in the chain.
    pub async fn make(
        mut self,
        snapshot: &mut dyn Snapshot,
        org: &OrgId,
        findings: &mut Findings,
    ) -> Result<(usize, usize), StorageError> {
        let (mut made, mut in_chain) = (0, 0);
        let mut movement = |id, reports: Vec<Report>, findings: &mut Findings| {
            made += usize::from(fold(id, &reports, findings));
        };
        each(&mut self.movements, snapshot, org, &mut movement, findings).await?;
        let mut item = |_, reports: Vec<Report>, findings: &mut Findings| in_chain += link(reports, findings);
        each(&mut self.items, snapshot, org, &mut item, findings).await?;
        Ok((made, in_chain))
    }
}

/// Gives each of these with its reports, in the order in which they came.
async fn each(
    rows: &mut [(EventId, i64)],
    snapshot: &mut dyn Snapshot,
    org: &OrgId,
    take: &mut (dyn FnMut(EventId, Vec<Report>, &mut Findings) + Send),
    findings: &mut Findings,
) -> Result<(), StorageError> {
    rows.sort_unstable();
    let mut rest = &*rows;
    while !rest.is_empty() {
        let ends = rest.chunk_by(|one, next| one.0 == next.0).scan(0, |end, of_one| {
            *end += of_one.len();
            Some(*end)
        });
        let end = ends.into_iter().find(|end| *end >= AT_ONCE).unwrap_or(rest.len());
        let (part, later) = rest.split_at(end);
        let wanted: Vec<i64> = part.iter().map(|(_, row)| *row).collect();
        let mut reports: HashMap<i64, Report> = HashMap::new();
        let mut read = |stored: StoredRecord| {
            let row = stored.row;
            reports.extend(record::in_feed(stored).and_then(|record| Some((row, Report::of(&record)?))));
        };
        snapshot.records_at(org, &wanted, &mut read).await?;
        for of_one in part.chunk_by(|one, next| one.0 == next.0) {
            let mut all = vec![];
            for (_, row) in of_one {
                match reports.remove(row) {
                    Some(report) => all.push(report),
                    None => findings.fault("fold", format!("row {row}"), "it was not there when read again"),
                }
            }
            take(of_one[0].0, all, findings);
        }
        rest = later;
    }
    Ok(())
}

/// Whether there is a movement. A fold that breaks off would take a board with it; here it is a fault like others.
fn fold(id: EventId, reports: &[Report], findings: &mut Findings) -> bool {
    let planned = reports.iter().any(|report| matches!(report.body, Body::MovementPlanned(_)));
    match catch_unwind(AssertUnwindSafe(|| Movement::fold(id, reports))) {
        Ok(Some(_)) => return true,
        Ok(None) if !planned => {}
        Ok(None) | Err(_) => findings.fault("fold", format!("movement {id}"), "it cannot be made up"),
    }
    false
}

/// How much is in the chain of an item and what is said about it.
fn link(reports: Vec<Report>, findings: &mut Findings) -> usize {
    let mut chain = Chain::default();
    for said in reports.into_iter().filter_map(Said::of) {
        let id = said.id;
        if catch_unwind(AssertUnwindSafe(|| chain.take(said))).is_err() {
            findings.fault("fold", format!("record {id}"), "the chain cannot take it in");
            break;
        }
    }
    chain.len()
}
