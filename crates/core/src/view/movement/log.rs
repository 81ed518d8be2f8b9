use super::{By, Report};
use crate::event::{Body, OverdueStep, ResolvedHow, Stamp};

/// One line of the log of a check-in that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Which check-in it is about.
    pub due: Stamp,
    pub by: By,
    pub entry: Entry,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Raised,
    Step(OverdueStep),
    Acknowledged,
    Resolved {
        how: ResolvedHow,
        /// It was a check-in that came late, which speaks for itself.
        by_checkin: bool,
        note: Option<String>,
    },
}

pub(super) fn entries(reports: &[&Report]) -> Vec<LogEntry> {
    reports.iter().filter_map(|report| entry(report)).collect()
}

fn entry(report: &Report) -> Option<LogEntry> {
    let (due, entry) = match &report.body {
        Body::OverdueRaised(body) => (body.due, Entry::Raised),
        Body::OverdueStep(body) => (body.due, Entry::Step(body.clone())),
        Body::OverdueAcknowledged(body) => (body.due, Entry::Acknowledged),
        Body::OverdueResolved(body) => {
            let (how, note) = (body.how.clone(), body.note.clone());
            (body.due, Entry::Resolved { how, by_checkin: body.record.is_some(), note })
        }
        _ => return None,
    };
    Some(LogEntry { due, by: report.by.clone(), entry })
}
