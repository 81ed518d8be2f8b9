//! Each record by itself: is it what its device wrote, and do its columns say what it says?

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;
use waymark_core::event::{
    Arrival, Body, BodyError, DeviceId, Digest, EnvelopeError, Event, EventId, Kind, OrgId, Record, Source,
    Stamp,
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
    pub author: Arc<str>,
    pub received: Stamp,
    pub happened: Stamp,
    pub areas: Arc<str>,
    /// By its own envelope.
    pub protects: bool,
    pub subject: Option<EventId>,
    pub references: Box<[EventId]>,
    /// By its own words.
    pub addressee: Option<Arc<str>>,
    pub movement: Option<EventId>,
    pub change: Option<Box<Change>>,
    pub photos: Box<[Digest]>,
    pub stored: Stored,
}

/// What the database says about a record that depends on others as well.
#[derive(Debug)]
pub struct Stored {
    pub subject_author: Option<Arc<str>>,
    pub protected: bool,
    pub addressee: Option<Arc<str>>,
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
    /// Places in `all`, in the order of the ids.
    by_id: Vec<usize>,
    /// Names and areas that many records have in common.
    texts: HashSet<Arc<str>>,
    pub unreadable: HashMap<String, Unreadable>,
}

impl Records {
    pub fn get(&self, id: EventId) -> Option<&Kept> {
        self.place(id).map(|at| &self.all[at])
    }

    /// Where it is in `all`.
    pub fn place(&self, id: EventId) -> Option<usize> {
        self.by_id.binary_search_by_key(&id, |at| self.all[*at].id).ok().map(|found| self.by_id[found])
    }

    /// When all are there, and before one is looked for.
    pub fn sort(&mut self) {
        self.by_id = (0..self.all.len()).collect();
        self.by_id.sort_unstable_by_key(|at| self.all[*at].id);
        self.texts = HashSet::new();
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
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
    let filled = event.body().is_ok_and(|body| matches!(body, Body::Filled(_)));
    folds.take(row.row, (arriving.movement, filled.then(|| arriving.subject.unwrap_or(event.id))));
    let kept = Kept {
        id: event.id,
        row: row.row,
        seq: row.seq,
        author: records.text(&event.author.0),
        received: Stamp(row.received),
        happened: Stamp(row.happened),
        areas: records.text(&row.areas),
        protects: arriving.protected,
        subject: arriving.subject,
        references: arriving.references.into(),
        addressee: arriving.addressee.map(|user| records.text(&user.0)),
        movement: arriving.movement,
        change: arriving.change.map(Box::new),
        photos: arriving.photos.into(),
        stored: Stored {
            subject_author: row.subject_author.map(|user| records.text(&user)),
            protected: row.protected,
            addressee: row.addressee.map(|user| records.text(&user)),
        },
    };
    records.all.push(kept);
}

/// A row that could be read, as a feed would bring it.
pub fn in_feed(row: StoredRecord) -> Option<Record> {
    let event = read(&row.event).ok()?;
    let arrival = Arrival {
        seq: u64::try_from(row.seq).unwrap_or_default(),
        received: Stamp(row.received),
        happened: Stamp(row.happened),
        author_name: row.author_name.unwrap_or_default(),
    };
    Some(Record { event, arrival: Some(arrival) })
}

/// Second versions are kept for people to look into.
pub fn conflict((id, digest, text): (String, String, String), findings: &mut Findings) {
    let at = format!("second version of record {id}");
    match read(&text) {
        Ok(event) if event.id.to_string() == id && event.digest.to_string() == digest => {}
        Ok(_) => findings.fault("columns", at, "it says something else than id, digest"),
        Err((code, detail)) => findings.fault(code, at, detail),
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
