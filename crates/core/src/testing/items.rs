//! Items of the chain as exports take them, without the view that folds them.

use serde_json::{Map, Value};

use super::build::{self, MORNING};
use crate::event::form::form_named;
use crate::event::{Arrival, Body, EventId, Filled, Kind, Record};
use crate::exchange::Row;

/// An item with its records; change its fields as needed.
#[derive(Debug, Clone)]
pub struct Item {
    pub filled: Filled,
    pub events: Vec<Record>,
    pub status: &'static str,
    pub closed: bool,
    pub likelihood: Option<u8>,
    pub impact: Option<u8>,
    pub outcome: Option<&'static str>,
    pub author_name: String,
    pub own: bool,
    pub exercise: bool,
}

impl Item {
    /// An item of this form, with `data` as its members; `n` makes its id and time differ from others'.
    ///
    /// # Panics
    /// If there is no such form, or the data is not of it.
    #[allow(clippy::expect_used)]
    pub fn new(n: u64, form: &str, data: &Value) -> Self {
        let form = form_named(form).expect("a form");
        let filled = Filled::read(form, data).expect("data of the form");
        let mut item = Self {
            filled: filled.clone(),
            events: vec![],
            status: "open",
            closed: false,
            likelihood: None,
            impact: None,
            outcome: None,
            author_name: "Amina".to_owned(),
            own: false,
            exercise: false,
        };
        item.add(n, Body::Filled(Box::new(filled)));
        item
    }

    pub fn id(&self) -> EventId {
        self.events[0].event.id
    }

    /// Adds a record; an update adds to the item's own members.
    pub fn add(&mut self, n: u64, body: Body) -> &mut Record {
        if let Body::Filled(update) = &body
            && update.kind == Kind::ReportUpdated
        {
            self.filled.data.extend(update.additions().map(|(name, value)| (name.clone(), value.clone())));
        }
        let event = build::unsaved("amina", n, body).into_event(n);
        let arrival = Arrival {
            seq: n,
            received: event.time.plus_ms(60_000),
            happened: event.time,
            author_name: self.author_name.clone(),
        };
        self.events.push(Record { event, arrival: Some(arrival) });
        let last = self.events.len() - 1;
        &mut self.events[last]
    }

    /// Adds a record of this kind about the item.
    ///
    /// # Panics
    /// If `data` is no object.
    #[allow(clippy::expect_used)]
    pub fn say(&mut self, n: u64, kind: Kind, data: &Value) -> &mut Record {
        let mut data: Map<_, _> = data.as_object().expect("an object").clone();
        data.insert("record".to_owned(), self.id().to_string().into());
        self.add(n, Body::Filled(Box::new(Filled { kind, data })))
    }

    #[must_use]
    pub fn exercise(mut self) -> Self {
        self.exercise = true;
        self.events.iter_mut().for_each(|record| record.event.exercise = true);
        self
    }

    pub fn row(&self) -> Row<'_> {
        let form = self.filled.form().map_or("", |form| form.name);
        let arrival = self.events[0].arrival.as_ref();
        Row {
            id: self.id(),
            form: form.to_owned(),
            headline: self.filled.headline().to_owned(),
            happened: self.filled.moment("happened").unwrap_or(self.events[0].event.time),
            reported: arrival.map_or(MORNING, |arrival| arrival.received),
            spot: self.filled.spot(),
            filled: self.filled.clone(),
            status: self.status.to_owned(),
            closed: self.closed,
            likelihood: self.likelihood,
            impact: self.impact,
            outcome: self.outcome.map(str::to_owned),
            author_name: self.author_name.clone(),
            own: self.own,
            protected: self.events[0].event.is_protected(),
            exercise: self.exercise,
            external: self.filled.external(),
            events: &self.events,
        }
    }
}
