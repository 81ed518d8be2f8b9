//! Each record by itself: is it what its device wrote, and do its columns say what it says?

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use waymark_core::event::{
    Arrival, BodyError, DeviceId, Digest, EnvelopeError, Event, EventId, Kind, OrgId, Record, Source, Stamp,
    UserId,
};
use waymark_core::rules::Role;
use waymark_core::rules::ingest::is_for_all_staff;

use super::{Findings, Folds};
use crate::storage::ingest::{Arriving, Change};
use crate::storage::kind_text;
use crate::storage::snapshot::StoredRecord;

/// What is kept of a record that could be read.
#[derive(Debug)]
pub struct Kept {
    pub id: EventId,
    pub row: i64,
    pub seq: i64,
    pub author: UserId,
    pub received: Stamp,
    pub happened: Stamp,
    pub areas: String,
    /// By its own envelope.
    pub protects: bool,
    pub subject: Option<EventId>,
    pub references: Vec<EventId>,
    /// By its own words.
    pub addressee: Option<UserId>,
    pub movement: Option<EventId>,
    pub change: Option<Change>,
    pub photos: Vec<Digest>,
    pub stored: Stored,
}

/// What the database says about a record that depends on others as well.
#[derive(Debug)]
pub struct Stored {
    pub subject_author: Option<String>,
    pub protected: bool,
    pub addressee: Option<String>,
}

/// A record that could not be read: what would follow from it is not asked for.
#[derive(Debug)]
pub struct Unreadable {
    pub row: i64,
    pub seq: i64,
    pub movement: Option<String>,
}

impl Unreadable {
    pub fn movement(&self) -> Option<EventId> {
        self.movement.as_deref()?.parse().ok()
    }
}

/// All records of an organisation, in the order in which they came.
#[derive(Debug, Default)]
pub struct Records {
    pub all: Vec<Kept>,
    by_id: HashMap<EventId, usize>,
    pub unreadable: HashMap<String, Unreadable>,
}

impl Records {
    pub fn get(&self, id: EventId) -> Option<&Kept> {
        self.by_id.get(&id).map(|at| &self.all[*at])
    }

    fn keep(&mut self, kept: Kept) {
        self.by_id.insert(kept.id, self.all.len());
        self.all.push(kept);
    }

    /// What tells of a movement of which a record cannot be read is not asked either.
    pub fn doubtful_movements(&self) -> HashSet<&str> {
        self.unreadable.values().filter_map(|record| record.movement.as_deref()).collect()
    }
}

/// Looks at one row.
pub fn look(
    org: &OrgId,
    row: StoredRecord,
    records: &mut Records,
    folds: &mut Folds,
    findings: &mut Findings,
) {
    let at = format!("record {}", row.id);
    if row.author_name.is_none() {
        findings.fault("author", &at, "there is no such user as its author");
    }
    if !row.device_known {
        findings.fault("device", &at, "there is no such device as the one it is from");
    }
    if serde_json::from_str::<Vec<String>>(&row.areas).is_err() {
        findings.fault("columns", &at, "the column `areas` cannot be read");
    }
    let event = match read(&row.event) {
        Ok(event) => event,
        Err((code, detail)) => {
            findings.fault(code, &at, detail);
            let unreadable = Unreadable { row: row.row, seq: row.seq, movement: row.movement };
            records.unreadable.insert(row.id, unreadable);
            return;
        }
    };
    let arriving = Arriving::new(&event, Stamp(row.happened));
    let wrong = wrong_columns(org, &row, &arriving);
    if !wrong.is_empty() {
        findings.fault("columns", &at, format!("the record says something else than {}", wrong.join(", ")));
    }
    records.keep(Kept {
        id: event.id,
        row: row.row,
        seq: row.seq,
        author: event.author.clone(),
        received: Stamp(row.received),
        happened: Stamp(row.happened),
        areas: row.areas,
        protects: arriving.protected,
        subject: arriving.subject,
        references: arriving.references,
        addressee: arriving.addressee,
        movement: arriving.movement,
        change: arriving.change,
        photos: arriving.photos,
        stored: Stored {
            subject_author: row.subject_author,
            protected: row.protected,
            addressee: row.addressee,
        },
    });
    let arrival = Arrival {
        seq: u64::try_from(row.seq).unwrap_or_default(),
        received: Stamp(row.received),
        happened: Stamp(row.happened),
        author_name: row.author_name.unwrap_or_default(),
    };
    folds.take(&Record { event, arrival: Some(arrival) });
}

/// Second versions are kept for people to look into.
pub fn conflicts(rows: &[(String, String, String)], findings: &mut Findings) {
    for (id, digest, text) in rows {
        let at = format!("second version of record {id}");
        match read(text) {
            Ok(event) if event.id.to_string() == *id && event.digest.to_string() == *digest => {}
            Ok(_) => findings.fault("columns", at, "it says something else than id, digest"),
            Err((code, detail)) => findings.fault(code, at, detail),
        }
    }
}

/// Whoever has no role that can be read is shut out of everything.
pub fn users(rows: &[(String, String, String)], findings: &mut Findings) {
    for (id, role, areas) in rows {
        if Role::from_code(role).is_none() || serde_json::from_str::<Vec<String>>(areas).is_err() {
            findings.fault("user", format!("user {id}"), "the role or the areas cannot be read");
        }
    }
}

/// As it was read when it came, with a word for what is wrong with it.
fn read(text: &str) -> Result<Event, (&'static str, String)> {
    let json: Value =
        serde_json::from_str(text).map_err(|error| ("record", format!("it is no JSON: {error}")))?;
    let event = Event::from_json(json).map_err(|error| match error {
        EnvelopeError::DigestMismatch => ("digest", error.to_string()),
        _ => ("record", error.to_string()),
    })?;
    match event.body() {
        Err(error @ BodyError::Malformed(_)) => Err(("data", error.to_string())),
        Ok(_) | Err(BodyError::UnknownKind) => Ok(event),
    }
}

fn wrong_columns(org: &OrgId, row: &StoredRecord, arriving: &Arriving<'_>) -> Vec<&'static str> {
    let event = arriving.event;
    let source = Source { org: org.clone(), device: DeviceId(row.device.clone()) };
    let id = |id: Option<EventId>| id.map(|id| id.to_string());
    let happened = event.clockoffset.map(|offset| event.time.corrected(Some(offset)));
    let columns = [
        ("id", event.id.to_string() == row.id),
        ("digest", event.digest.to_string() == row.digest),
        ("device", event.source == source),
        ("author", event.author.0 == row.author),
        ("subject", id(arriving.subject) == row.subject),
        ("movement", id(arriving.movement) == row.movement),
        ("alarm", id(arriving.alarm) == row.alarm),
        ("for_all_staff", for_all_staff(event, row.for_all_staff)),
        ("kind", row.kind.as_ref().is_none_or(|kind| *kind == kind_text(event))),
        // Without an offset of its own, the one of the request counted, which nobody knows any more.
        ("happened", happened.is_none_or(|happened| happened.0 == row.happened)),
    ];
    columns.into_iter().filter(|(_, right)| !right).map(|(name, _)| name).collect()
}

/// What is added to a record that came later is for nobody else; everything else of its kind is.
fn for_all_staff(event: &Event, stored: bool) -> bool {
    let may = is_for_all_staff(event);
    stored == may || may && event.kind == Kind::ReportUpdated
}
