//! Brings in what others have recorded: what happened before Waymark, and where it is not used.

pub mod awsd;
mod held;
mod report;
pub mod table;

use std::collections::HashSet;

use waymark_core::event::{Event, Kind, OrgId, Source, Stamp, Unsaved};
use waymark_core::guidance::built_in_name;
use waymark_core::rules::ingest;
use waymark_core::sync::Outcome;

use crate::storage::{Batch, OWN_ID, Storage, StorageError};
use awsd::{Doubt, Incident};
use held::{Draft, Held};
pub use report::{Note, Report};
use table::{Table, TableFault};

/// Records that are written together: few enough to let a server that is running write in between.
const BATCH: usize = 500;

/// Why nothing, or not everything, was brought in.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the database failed: {0}")]
    Storage(#[from] StorageError),
    #[error(
        "{written} of {all} records were written, then the database failed: {source}; run it again to go on"
    )]
    Stopped { written: usize, all: usize, source: StorageError },
}

/// Reads an export of the Aid Worker Security Database.
///
/// # Errors
/// It is none.
pub fn read_awsd(bytes: &[u8]) -> Result<Table, TableFault> {
    Table::read(bytes, &awsd::NEEDED)
}

/// Brings in every row that is not held yet, or says something else by now. With `dry`, only finds out what would be
/// done.
///
/// # Errors
/// The database failed; what was written until then stays.
pub async fn bring_in(
    storage: &dyn Storage,
    org: &OrgId,
    table: &Table,
    now: Stamp,
    dry: bool,
) -> Result<Report, ImportError> {
    let held = Held::of(&storage.brought_in(org, awsd::SOURCE).await?);
    let mut report = Report::new(table, dry);
    let rows = plan(org, table, &held, now, &mut report);
    if dry {
        for row in rows {
            report.count(row, &Outcome::Accepted);
        }
    } else {
        write(storage, org, rows, now, &mut report).await?;
    }
    Ok(report)
}

/// A row that says what is not held, and the record that says so.
struct Fresh {
    line: u64,
    id: String,
    doubts: Vec<Doubt>,
    event: Event,
}

/// What is to be written. The other rows are reported.
fn plan(org: &OrgId, table: &Table, held: &Held, now: Stamp, report: &mut Report) -> Vec<Fresh> {
    let mut seen = HashSet::new();
    let mut fresh = vec![];
    for row in &table.rows {
        let line = row.line;
        let incident = match Incident::read(table, row, now) {
            Ok(incident) => incident,
            Err(unfit) => {
                report.left_out.push(Note::new(line, &table.get(row, awsd::ID), &unfit));
                continue;
            }
        };
        let leave_out = |words: &str| Note::new(line, &incident.id, &words);
        if !seen.insert(incident.id.clone()) {
            report.left_out.push(leave_out("an earlier row has the same incident id"));
            continue;
        }
        let Some(draft) = held.draft(&incident) else {
            report.same += 1;
            report.doubt(line, &incident.id, &incident.doubts);
            continue;
        };
        match event(org, &incident, draft, now, fresh.len()) {
            Ok(event) => fresh.push(Fresh { line, id: incident.id, doubts: incident.doubts, event }),
            Err(words) => report.left_out.push(leave_out(&words)),
        }
    }
    fresh
}

/// The `count`-th record of the server's own user, if it is one that any server would take.
fn event(org: &OrgId, incident: &Incident, draft: Draft, now: Stamp, count: usize) -> Result<Event, String> {
    let Draft { id, body } = draft;
    let time = if body.kind() == Kind::IncidentReported { incident.happened } else { now };
    let unsaved = Unsaved {
        id,
        source: Source { org: org.clone(), device: OWN_ID.into() },
        time,
        recorded: now,
        author: OWN_ID.into(),
        pack: built_in_name(),
        exercise: false,
        clockoffset: None,
        body,
    };
    // As in the watch, the server's own order begins with the milliseconds of the clock.
    let counter = u64::try_from(now.0).unwrap_or_default().saturating_add(count as u64);
    let event = unsaved.into_event(counter);
    ingest::read(event.to_json()).map_err(|refusal| refusal.detail)
}

async fn write(
    storage: &dyn Storage,
    org: &OrgId,
    fresh: Vec<Fresh>,
    now: Stamp,
    report: &mut Report,
) -> Result<(), ImportError> {
    if fresh.is_empty() {
        return Ok(());
    }
    let caller = storage.own(org, now).await?;
    let (all, mut written) = (fresh.len(), 0);
    let mut fresh = fresh.into_iter().peekable();
    while fresh.peek().is_some() {
        let rows: Vec<_> = fresh.by_ref().take(BATCH).collect();
        let events = rows.iter().map(|row| row.event.clone()).collect();
        let batch = Batch { caller: caller.clone(), clockoffset: None, received: now, events };
        let stopped = |source| ImportError::Stopped { written, all, source };
        let taken = storage.ingest(batch).await.map_err(stopped)?;
        written += rows.len();
        for (row, taken) in rows.into_iter().zip(taken) {
            report.count(row, &taken.outcome);
        }
    }
    Ok(())
}

impl Report {
    fn count(&mut self, row: Fresh, outcome: &Outcome) {
        let Fresh { line, id, doubts, event } = row;
        match outcome {
            Outcome::Accepted if event.kind == Kind::IncidentReported => self.new += 1,
            Outcome::Accepted => self.changed += 1,
            // Another import was quicker.
            Outcome::Duplicate => self.same += 1,
            Outcome::Rejected(refusal) => return self.left_out.push(Note::new(line, &id, &refusal.detail)),
            Outcome::Conflict | Outcome::Retry => {
                return self.left_out.push(Note::new(line, &id, &"another record has its id"));
            }
        }
        self.doubt(line, &id, &doubts);
    }

    fn doubt(&mut self, line: u64, id: &str, doubts: &[Doubt]) {
        self.doubts.extend(doubts.iter().map(|doubt| Note::new(line, id, doubt)));
    }
}
