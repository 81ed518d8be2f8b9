//! What is held of another source, and what is to be written so that it says what the source says now.

use std::collections::HashMap;

use serde_json::{Map, Value};
use waymark_core::event::{Body, Digest, Event, EventId, Filled, Kind};
use waymark_core::json::Json as _;

use super::awsd::{Incident, SOURCE};
use crate::watch::named;

/// The incidents of the database that were brought in, by what it calls them.
#[derive(Debug, Default)]
pub struct Held(HashMap<String, Item>);

/// An incident as it stands by what was brought in. What people added to it is theirs, and is not looked at.
#[derive(Debug)]
struct Item {
    record: EventId,
    /// The last record that was brought in about it.
    last: EventId,
    data: Map<String, Value>,
}

/// A record to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: EventId,
    pub body: Body,
}

impl Held {
    /// Puts together what was brought in, in the order in which it was.
    pub fn of(events: &[Event]) -> Self {
        let mut held = Self::default();
        let mut names: HashMap<EventId, String> = HashMap::new();
        for event in events {
            let Ok(Body::Filled(filled)) = event.body() else { continue };
            if let Some(external) = filled.external().filter(|_| event.kind == Kind::IncidentReported) {
                names.insert(event.id, external.id.clone());
                let item = Item { record: event.id, last: event.id, data: filled.data };
                held.0.entry(external.id).or_insert(item);
            } else if let Some(item) = filled.record().and_then(|id| held.0.get_mut(names.get(&id)?)) {
                item.add(event.id, &filled);
            }
        }
        held
    }

    /// What is to be written about an incident: a report, an update with what is different now, or nothing.
    pub fn draft(&self, incident: &Incident) -> Option<Draft> {
        let now = &incident.data;
        let Some(item) = self.0.get(&incident.id) else {
            let filled = Filled { kind: Kind::IncidentReported, data: now.clone() };
            return Some(Draft { id: incident.event_id(), body: Body::Filled(Box::new(filled)) });
        };
        let mut data: Map<_, _> =
            now.iter().filter(|(name, value)| item.data.get(*name) != Some(value)).map(owned).collect();
        let gone = item.data.keys().filter(|name| !now.contains_key(*name));
        data.extend(gone.map(|name| (name.clone(), Value::Null)));
        if data.is_empty() {
            return None;
        }
        data.insert("record".into(), item.record.to_value());
        data.insert("form".into(), "incident".into());
        // After the record before it: an incident may be changed, changed back and changed again.
        let (last, digest) =
            (item.last.to_string(), Digest::of_json(&Value::Object(now.clone())).to_string());
        let id = named(incident.happened, &[SOURCE, &incident.id, &last, &digest]);
        Some(Draft { id, body: Body::Filled(Box::new(Filled { kind: Kind::ReportUpdated, data })) })
    }
}

impl Item {
    fn add(&mut self, id: EventId, update: &Filled) {
        self.last = id;
        for (name, value) in update.additions() {
            match value {
                Value::Null => self.data.remove(name),
                value => self.data.insert(name.clone(), value.clone()),
            };
        }
    }
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}
