//! What leaves, and for whom: the one place that decides it.

use std::collections::BTreeSet;

use serde_json::Map;

use super::hidden::{Known, may_read_as, sees_all, sees_own_only, spread};
use super::{Exported, Row};
use crate::event::form::{Ask, Field};
use crate::event::{Body, Digest, Event, EventId, Filled, Payload, Record, Source, Spot};
use crate::json::Json;
use crate::rules::Role;
use crate::rules::ingest::references;

/// Whom a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Somebody of the organisation. A role that sees its own records only gets those that are [`Row::own`].
    Organisation(Role),
    /// Anybody else.
    Outside,
}

/// What may leave for an audience.
#[derive(Debug, Clone, PartialEq)]
pub struct Export<'a> {
    pub items: Vec<Exported<'a>>,
    /// How many rows are not among them, because the audience may not see them or what they refer to.
    ///
    /// For whoever makes the file and sees them in the list. No file says it: those who may not see them may not know that
    /// they exist, and from those who may nothing is left out.
    pub left_out: usize,
}

/// Decides what of `rows` may leave. `unknown` are the ids that the audience may not know, of items among the rows or not:
/// at least the protected items that nobody of it wrote; [`super::Reader::hidden`] finds them all.
///
/// Within the organisation whole items leave as they are, or not at all, as [`crate::rules::visibility`] decides; of an item
/// that leaves, those records stay behind that refer to something that does not. An item stays behind if any record that it
/// was folded from does. Outside, no item leaves that is protected, and of the others: codes, numbers, moments,
/// [`TEXTS_FOR_ALL`], and the place to eleven kilometres; no person, no exact words, nothing that a newer version added.
pub fn redact<'a>(rows: &[Row<'a>], audience: Audience, unknown: &BTreeSet<EventId>) -> Export<'a> {
    let mut looked = vec![];
    for row in rows {
        looked.push(Looked::at(row));
    }
    let hidden = hidden(&looked, audience, unknown);
    let mut shown = BTreeSet::new();
    for looked in looked.iter().filter(|looked| !hidden.contains(&looked.row.id)) {
        shown.extend(looked.ids());
    }
    let mut items = vec![];
    for looked in looked.iter().filter(|looked| shown.contains(&looked.row.id)) {
        let known = |id: &EventId| !hidden.contains(id) && (!sees_own_only(audience) || shown.contains(id));
        let mut events = vec![];
        for said in &looked.all {
            let allowed = !said.protected || may_read_as(audience, looked.row.own, true);
            match audience {
                _ if !(said.shapes || allowed && said.references.iter().all(known)) => {}
                Audience::Organisation(_) => events.push(said.record.clone()),
                Audience::Outside => events.extend(record_for_all(said.record)),
            }
        }
        items.push(Exported { row: row_for(looked.row, audience), events });
    }
    Export { left_out: rows.len() - items.len(), items }
}

/// A row, each record of it looked into once.
struct Looked<'r, 'a> {
    row: &'r Row<'a>,
    all: Vec<Said<'a>>,
    protected: bool,
}

struct Said<'a> {
    record: &'a Record,
    /// The item was folded from it, and cannot be shown without what it says.
    shapes: bool,
    protected: bool,
    references: Vec<EventId>,
}

impl<'r, 'a> Looked<'r, 'a> {
    fn at(row: &'r Row<'a>) -> Self {
        let mut all = vec![];
        for record in row.events {
            let sensitive = record.event.body().is_ok_and(|body| body.is_protected());
            all.push(Said {
                record,
                shapes: shapes(record, row.id),
                protected: sensitive || record.event.is_protected(),
                references: references(&record.event),
            });
        }
        let any = all.iter().any(|said| said.shapes && said.protected);
        Self { row, protected: any || row.protected || row.filled.is_sensitive(), all }
    }

    /// The item and the records that it was folded from.
    fn ids(&self) -> impl Iterator<Item = EventId> + '_ {
        let shaping = self.all.iter().filter(|said| said.shapes);
        shaping.map(|said| said.record.event.id).chain([self.row.id])
    }

    fn known(&self) -> Known {
        let mut ids = vec![self.row.id];
        let mut references = self.row.filled.references();
        for said in self.all.iter().filter(|said| said.shapes) {
            ids.push(said.record.event.id);
            references.extend(&said.references);
        }
        Known { ids, references, protected: self.protected, own: self.row.own }
    }
}

/// Whether the item of this id was folded from the record: its own, or a form that says something about it.
pub(super) fn shapes(record: &Record, item: EventId) -> bool {
    let event = &record.event;
    let about = || matches!(event.body(), Ok(Body::Filled(filled)) if filled.record() == Some(item));
    event.id == item || about()
}

/// Every id that may not be known: of items that stay behind, and of their records.
fn hidden(all: &[Looked<'_, '_>], audience: Audience, unknown: &BTreeSet<EventId>) -> BTreeSet<EventId> {
    let mut hidden = BTreeSet::new();
    if !sees_all(audience) {
        hidden.extend(unknown);
    }
    let mut known = vec![];
    known.extend(all.iter().map(Looked::known));
    spread(&mut hidden, &known, audience);
    hidden
}

fn row_for<'a>(row: &Row<'a>, audience: Audience) -> Row<'a> {
    let mut row = row.clone();
    let outside = audience == Audience::Outside;
    row.exercise |= row.events.iter().any(|record| record.event.id == row.id && record.event.exercise);
    // What was coarse and came with more digits is no more exact for it.
    row.spot = row.spot.map(|spot| if outside || spot.coarse { spot.coarsened() } else { spot });
    if outside {
        row.filled = for_all(&row.filled);
        row.headline = row.filled.headline().to_owned();
        row.author_name = String::new();
        row.events = &[];
    }
    row
}

/// Texts that leave the organisation: they say what it is about, and are nobody's exact words. Whoever writes them can
/// still name somebody in them.
pub const TEXTS_FOR_ALL: [&str; 9] =
    ["summary", "what", "scope", "area", "reason", "measures", "proposal", "effect", "currency"];

fn is_for_all(field: &Field) -> bool {
    let says = match field.ask {
        Ask::Line | Ask::Text | Ask::Words => TEXTS_FOR_ALL.contains(&field.name),
        Ask::Person | Ask::Lines => false,
        // Named one by one, so that a new sort of answer is thought about.
        Ask::One(_)
        | Ask::Many(_)
        | Ask::Scale(_)
        | Ask::Count(_)
        | Ask::Amount
        | Ask::Moment
        | Ask::Due
        | Ask::Yes
        | Ask::Place => true,
    };
    says && !field.names_source
}

/// Without what stays in the organisation.
fn for_all(filled: &Filled) -> Filled {
    const REFERENCES: [&str; 6] = ["record", "of", "from", "to", "form", "external"];
    let mut data = Map::new();
    for name in REFERENCES {
        data.extend(filled.data.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    for (field, value) in filled.answers().into_iter().filter(|(field, _)| is_for_all(field)) {
        let coarse = || Some(Spot::from_value(value).ok()?.coarsened().to_value());
        let value = if field.ask == Ask::Place { coarse().unwrap_or_default() } else { value.clone() };
        data.insert(field.name.to_owned(), value);
    }
    Filled { kind: filled.kind.clone(), data }
}

/// A form as it may leave the organisation; no other record does.
fn record_for_all(record: &Record) -> Option<Record> {
    const REDACTED: &str = "redacted";
    let event = &record.event;
    let body = Body::Filled(Box::new(for_all(event.body().ok()?.filled()?)));
    let data = body.to_data();
    let mut extensions = Map::new();
    extensions.insert(REDACTED.to_owned(), true.into());
    let redacted = Event {
        id: event.id,
        source: Source { org: event.source.org.clone(), device: REDACTED.into() },
        kind: event.kind.clone(),
        time: record.happened(),
        subject: body.subject(event.id),
        recorded: event.recorded.corrected(event.clockoffset),
        author: REDACTED.into(),
        devseq: 0,
        pack: event.pack.clone(),
        digest: Digest::of_json(&data),
        exercise: event.exercise,
        clockoffset: None,
        payload: Payload::Open(data),
        extensions,
    };
    Some(Record::own(redacted))
}
