use super::{By, Report};
use crate::event::{Body, ResolvedHow, Stamp, Tried};

/// One line of the log of a check-in that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Which check-in it is about.
    pub due: Stamp,
    /// Call signs of the vehicles it is about, where it says so; empty for all.
    pub vehicles: Vec<String>,
    pub by: By,
    pub entry: Entry,
}

impl LogEntry {
    /// Whether it speaks of this vehicle; of `None`, where a plan has no vehicles, everything does.
    pub fn is_about(&self, call_sign: Option<&str>) -> bool {
        self.vehicles.is_empty()
            || call_sign.is_none_or(|call| self.vehicles.iter().any(|vehicle| vehicle == call))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Raised,
    Step(Tried),
    Acknowledged,
    Resolved {
        how: ResolvedHow,
        /// It was a check-in that came late, which speaks for itself.
        by_checkin: bool,
        /// The server noticed it by itself.
        automatic: bool,
        note: Option<String>,
    },
}

impl Entry {
    /// Whether a person says that somebody need not be heard any more.
    pub fn settles_by_hand(&self) -> bool {
        matches!(self, Self::Resolved { by_checkin: false, automatic: false, .. })
    }
}

pub(super) fn entries(reports: &[&Report]) -> Vec<LogEntry> {
    reports.iter().filter_map(|report| entry(report)).collect()
}

fn entry(report: &Report) -> Option<LogEntry> {
    let (due, vehicles, entry) = match &report.body {
        Body::OverdueRaised(body) => (body.due, body.vehicles.clone(), Entry::Raised),
        Body::OverdueStep(body) => (body.due, body.vehicles.clone(), Entry::Step(body.tried.clone())),
        Body::OverdueAcknowledged(body) => (body.due, body.vehicles.clone(), Entry::Acknowledged),
        Body::OverdueResolved(body) => {
            let (how, note) = (body.how.clone(), body.note.clone());
            let (by_checkin, automatic) = (body.record.is_some(), body.automatic);
            let entry = Entry::Resolved { how, by_checkin, automatic, note };
            (body.due, body.vehicles.clone(), entry)
        }
        _ => return None,
    };
    Some(LogEntry { due, vehicles, by: report.by.clone(), entry })
}
