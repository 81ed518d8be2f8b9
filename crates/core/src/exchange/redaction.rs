//! What leaves, and for whom: the one place that decides it.

use std::collections::BTreeSet;

use serde_json::Map;

use super::{Exported, Row};
use crate::event::form::{Ask, Field};
use crate::event::{Body, Digest, Event, EventId, Filled, Payload, Record, Source, Spot, UserId};
use crate::json::Json;
use crate::rules::Role;
use crate::rules::ingest::references;
use crate::rules::visibility::{Facts, Viewer, may_see};

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

/// Decides what of `rows` may leave. `protected` are the protected items that are known and not among the rows: what refers
/// to them is kept from whoever may not see them.
///
/// Within the organisation whole items leave as they are, or not at all, as [`crate::rules::visibility`] decides; of an item
/// that leaves, those records stay behind that refer to something that does not. An item stays behind if any record that it
/// was folded from does. Outside, no item leaves that is protected, and of the others: codes, numbers, moments,
/// [`TEXTS_FOR_ALL`], and the place to eleven kilometres; no person, no exact words, nothing that a newer version added.
pub fn redact<'a>(rows: &[Row<'a>], audience: Audience, protected: &[EventId]) -> Export<'a> {
    let hidden = hidden(rows, audience, protected);
    let shown: Vec<_> = rows.iter().filter(|row| !hidden.contains(&row.id)).collect();
    let known: BTreeSet<_> = shown.iter().flat_map(|row| ids(row)).collect();
    let leaves = |record: &Record, row: &Row<'_>| {
        let all_known =
            !sees_own_only(audience) || references(&record.event).iter().all(|id| known.contains(id));
        let allowed = !record.event.is_protected() || may_read(row, audience, true);
        shapes(record, row) || allowed && all_known && !refers(record, &hidden)
    };
    let mut items = vec![];
    for row in shown {
        let mut events = vec![];
        for record in row.events.iter().filter(|record| leaves(record, row)) {
            match audience {
                Audience::Organisation(_) => events.push(record.clone()),
                Audience::Outside => events.extend(record_for_all(record)),
            }
        }
        items.push(Exported { row: row_for(row, audience), events });
    }
    Export { left_out: rows.len() - items.len(), items }
}

/// Every id that may not be known: of items that stay behind, and of their records.
fn hidden(rows: &[Row<'_>], audience: Audience, protected: &[EventId]) -> BTreeSet<EventId> {
    let mut hidden = BTreeSet::new();
    if !matches!(audience, Audience::Organisation(Role::Security | Role::Central)) {
        hidden.extend(protected.iter().filter(|id| rows.iter().all(|row| row.id != **id)));
    }
    for row in rows.iter().filter(|row| !may_read(row, audience, is_protected(row))) {
        hidden.extend(ids(row));
    }
    // What refers to it goes too, and what refers to that.
    loop {
        let before = hidden.len();
        for row in rows.iter().filter(|row| !hidden.contains(&row.id)).collect::<Vec<_>>() {
            let own = row.filled.references().iter().any(|id| hidden.contains(id));
            if own || row.events.iter().any(|record| shapes(record, row) && refers(record, &hidden)) {
                hidden.extend(ids(row));
            }
        }
        if hidden.len() == before {
            return hidden;
        }
    }
}

/// The item and the records that it was folded from.
fn ids<'a>(row: &'a Row<'_>) -> impl Iterator<Item = EventId> + 'a {
    let of_item = row.events.iter().filter(|record| shapes(record, row));
    of_item.map(|record| record.event.id).chain([row.id])
}

/// Whether the item was folded from this record, so that it cannot be shown without what this says.
pub(super) fn shapes(record: &Record, row: &Row<'_>) -> bool {
    let event = &record.event;
    let about = || matches!(event.body(), Ok(Body::Filled(filled)) if filled.record() == Some(row.id));
    event.id == row.id || about()
}

fn refers(record: &Record, hidden: &BTreeSet<EventId>) -> bool {
    references(&record.event).iter().any(|id| hidden.contains(id))
}

fn is_protected(row: &Row<'_>) -> bool {
    let flagged = |record: &Record| {
        let body = record.event.body();
        record.event.is_protected() || body.is_ok_and(|body| body.is_protected())
    };
    row.protected
        || row.filled.is_sensitive()
        || row.events.iter().any(|record| shapes(record, row) && flagged(record))
}

fn sees_own_only(audience: Audience) -> bool {
    matches!(audience, Audience::Organisation(role) if !role.watches())
}

/// By the rule that the server decides by. Areas were its business: a phone holds nothing of another's.
fn may_read(row: &Row<'_>, audience: Audience, protected: bool) -> bool {
    let Audience::Organisation(role) = audience else { return !protected };
    let viewer = Viewer { org: "own".into(), user: "reader".into(), role, areas: vec![] };
    let author = if row.own { viewer.user.clone() } else { UserId::from("other") };
    let facts = Facts {
        org: &viewer.org,
        author: &author,
        protected,
        subject_author: None,
        crew: false,
        kept_from_crew: false,
        areas: &[],
    };
    may_see(&viewer, &facts)
}

fn row_for<'a>(row: &Row<'a>, audience: Audience) -> Row<'a> {
    let mut row = row.clone();
    let outside = audience == Audience::Outside;
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
        extensions: [(REDACTED.to_owned(), true.into())].into_iter().collect(),
    };
    Some(Record::own(redacted))
}
