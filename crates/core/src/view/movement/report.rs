use std::sync::Arc;

use super::By;
use crate::event::{Body, Digest, EventId, Record, Stamp};
use crate::sync::{Held, Placement};

/// A record about a movement, as the fold takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub id: EventId,
    pub digest: Digest,
    pub by: By,
    pub body: Body,
    pub received: Option<Stamp>,
    /// The base has it. What was carried to this phone by hand was received, and may be nowhere else.
    pub told: bool,
    pub exercise: bool,
    /// It may name a source, as its envelope or its body says.
    pub protected: bool,
    /// The standards pack that was in force, as the envelope names it: `org.example@3`.
    pub pack: Arc<str>,
}

impl Report {
    /// A record that came through a feed, or stands on the server.
    pub fn of(record: &Record) -> Option<Self> {
        let received = record.arrival.as_ref().map(|arrival| arrival.received);
        let name = record.arrival.as_ref().map(|arrival| arrival.author_name.clone());
        Self::new(record, received, record.arrival.is_some(), name.unwrap_or_default())
    }

    /// A record of a phone. `my_name` stands in for the author of its own.
    pub fn held(held: &Held, my_name: &str) -> Option<Self> {
        let arrival = held.record.arrival.as_ref();
        let received = match &held.placement {
            Placement::Backend { acknowledged } => arrival.map(|arrival| arrival.received).or(*acknowledged),
            // What the backend would not take is known to nobody else.
            Placement::Refused(_) => return None,
            Placement::Outbox => None,
        };
        let told = match &held.placement {
            Placement::Backend { acknowledged } => {
                acknowledged.is_some() || arrival.is_some_and(|arrival| !arrival.is_by_hand())
            }
            Placement::Refused(_) | Placement::Outbox => false,
        };
        let name = arrival.map_or_else(|| my_name.to_owned(), |arrival| arrival.author_name.clone());
        Self::new(&held.record, received, told, name)
    }

    fn new(record: &Record, received: Option<Stamp>, told: bool, name: String) -> Option<Self> {
        let event = &record.event;
        // Whatever a clock says: it has not happened after it was received.
        let at = record.happened().min(received.unwrap_or(Stamp(i64::MAX)));
        let body = event.body().ok()?;
        Some(Self {
            id: event.id,
            digest: event.digest,
            by: By { user: event.author.clone(), name, at },
            protected: event.is_protected() || body.is_protected(),
            body,
            received,
            told,
            exercise: event.exercise,
            pack: event.pack.as_str().into(),
        })
    }
}
