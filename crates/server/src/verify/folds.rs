//! Whether screens can be made of it: every movement and the chain, out of all records.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use waymark_core::event::{Body, EventId, Record};
use waymark_core::view::Movement;
use waymark_core::view::chain::{Chain, Said};
use waymark_core::view::movement::Report;

use super::Findings;

#[derive(Default)]
pub struct Folds {
    movements: BTreeMap<EventId, Vec<Report>>,
    said: Vec<Said>,
}

impl Folds {
    pub fn take(&mut self, record: &Record) {
        let Some(report) = Report::of(record) else { return };
        if let Some(movement) = report.body.movement(report.id) {
            self.movements.entry(movement).or_default().push(report.clone());
        }
        self.said.extend(Said::of(report));
    }

    /// How many movements with a plan there are, and how much is in the chain.
    pub fn make(self, findings: &mut Findings) -> (usize, usize) {
        let mut made = 0;
        for (id, reports) in &self.movements {
            let planned = reports.iter().any(|report| matches!(report.body, Body::MovementPlanned(_)));
            // A fold that breaks off would take a board with it; here it is a fault like others.
            match catch_unwind(AssertUnwindSafe(|| Movement::fold(*id, reports))) {
                Ok(Some(_)) => made += 1,
                Ok(None) if !planned => {}
                Ok(None) | Err(_) => findings.fault("fold", format!("movement {id}"), "it cannot be made up"),
            }
        }
        let mut chain = Chain::default();
        for said in self.said {
            let id = said.id;
            if catch_unwind(AssertUnwindSafe(|| chain.take(said))).is_err() {
                findings.fault("fold", format!("record {id}"), "the chain cannot take it in");
                break;
            }
        }
        (made, chain.len())
    }
}
