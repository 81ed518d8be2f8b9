//! What stands in the object stores.

use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use js_sys::Array;
use wasm_bindgen::JsValue;
use waymark_core::event::{About, Body, Event, EventId, Record};
use waymark_core::sync::{Entry, Queued, Refused, StoreError, To};

use super::js::{self, Bytes, Row, counter, of_counter};
use super::vault;

/// A row of `events`: opaque event bytes and the index fields the views need.
#[derive(Clone)]
pub(super) struct EventRow {
    pub id: String,
    /// Of own events only.
    pub devseq: Option<u64>,
    /// The id of the record this one is about.
    pub subject: Option<String>,
    /// Minus the time it happened, of records that are not about others: ascending order is newest first.
    pub newest: Option<f64>,
    /// The lane and when it happened, of records of others that wait for an answer.
    pub waiting: Option<[f64; 2]>,
    pub urgent: bool,
    pub body: Bytes,
}

impl EventRow {
    pub fn own(event: &Event, json: &str) -> Self {
        let record = Record::own(event.clone());
        Self { devseq: Some(event.devseq), ..Self::of(&record, json) }
    }

    pub fn from_feed(record: &Record) -> Self {
        Self::of(record, &record.to_json().to_string())
    }

    fn of(record: &Record, json: &str) -> Self {
        let body = record.event.body().ok();
        let subject = subject(record).map(text);
        #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
        let newest = body.as_ref().is_none_or(Body::is_listed).then_some(-(record.happened().0 as f64));
        Self {
            id: record.event.id.to_string(),
            devseq: None,
            subject,
            newest,
            waiting: None,
            urgent: body.is_some_and(|body| body.is_urgent()),
            body: Bytes(vault::seal(json)),
        }
    }

    pub fn is_own(&self) -> bool {
        self.devseq.is_some()
    }

    pub fn json(self) -> Result<String, StoreError> {
        vault::open(self.body.0)
    }

    pub fn record(self) -> Result<Record, StoreError> {
        let unreadable = |why: String| StoreError::Failed(format!("a stored record cannot be read: {why}"));
        let json = serde_json::from_str(&self.json()?).map_err(|error| unreadable(error.to_string()))?;
        Record::from_own_store(json).map_err(|error| unreadable(error.to_string()))
    }
}

/// A row of `outbox`: what one backend is owed. Its key is the lane and the device's counter, so that reading in order is
/// sending in order.
#[derive(Clone, PartialEq)]
pub(super) struct OutboxRow {
    /// See [`To::lane`].
    pub lane: u8,
    pub devseq: u64,
    pub id: String,
    pub digest: String,
    pub bytes: u32,
    /// When the record was written down, in milliseconds since 1970.
    pub recorded: f64,
}

pub(super) type OutboxKey = (u8, u64);

impl OutboxRow {
    pub fn of(to: To, event: &Event, urgent: bool, bytes: usize) -> Self {
        #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
        let recorded = event.recorded.0 as f64;
        Self {
            lane: to.lane(urgent),
            devseq: event.devseq,
            id: event.id.to_string(),
            digest: event.digest.to_string(),
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
            recorded,
        }
    }

    pub fn key(&self) -> OutboxKey {
        (self.lane, self.devseq)
    }

    pub fn entry(&self) -> Result<Entry, StoreError> {
        let broken = || StoreError::Failed("a queued entry cannot be read".to_owned());
        Ok(Entry {
            id: self.id.parse().map_err(|_| broken())?,
            digest: self.digest.parse().map_err(|_| broken())?,
            devseq: self.devseq,
            urgent: To::of_lane(self.lane).1,
            bytes: self.bytes as usize,
        })
    }

    pub fn queued(&self, json: String) -> Result<Queued, StoreError> {
        Ok(Queued { entry: self.entry()?, json })
    }
}

/// All that this backend is owed.
pub(super) fn part_of(to: To) -> std::ops::RangeInclusive<[f64; 2]> {
    key_of((to.lane(true), 0))..=key_of((to.lane(false), u64::MAX >> 11))
}

/// A row of `refused`.
pub(super) struct RefusedRow {
    /// See [`refusal_key`].
    pub key: String,
    pub recorded: f64,
    pub refused: Refused,
}

/// What the home refused stands under the record's id alone, as it did when there was no other backend.
pub(super) fn refusal_key(id: &str, to: To) -> String {
    if to == To::HOME { id.to_owned() } else { format!("{id}/{}", to.0) }
}

/// A row of `receipts`: what one answer of a backend acknowledged.
pub(super) struct ReceiptRow {
    pub to: To,
    pub epoch: String,
    /// The server's clock, in milliseconds since 1970.
    pub at: f64,
    pub ids: Vec<String>,
}

pub(super) fn text(id: EventId) -> String {
    id.to_string()
}

/// Whether somebody is expected to answer it.
pub(super) fn waits(record: &Record) -> bool {
    record.event.body().is_ok_and(|body| body.waits_for_answer())
}

/// The record that this one is about.
pub(super) fn subject(record: &Record) -> Option<EventId> {
    match record.event.body().ok()?.about() {
        About::Itself => None,
        About::Record(id) => Some(id),
    }
}

/// As an index or a key has a lane and a counter.
pub(super) fn key_of((lane, devseq): OutboxKey) -> [f64; 2] {
    [f64::from(lane), of_counter(devseq)]
}

impl TryFromJs for EventRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self {
            id: js::text(&row, "id")?,
            devseq: js::optional(&row, "devseq").map(counter),
            subject: js::text(&row, "subject").ok(),
            newest: js::optional(&row, "newest"),
            waiting: js::pair(&row, "waiting"),
            urgent: js::member(&row, "urgent").is_truthy(),
            body: Bytes::from_js(js::member(&row, "body"))?,
        })
    }
}

impl TryToJs for EventRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new()
            .text("id", &self.id)
            .optional("devseq", self.devseq.map(of_counter))
            .optional("newest", self.newest)
            .with("urgent", &self.urgent.into())
            .with("body", &self.body.try_to_js()?);
        let row = match self.waiting {
            Some([lane, at]) => row.with("waiting", &Array::of2(&lane.into(), &at.into())),
            None => row,
        };
        Ok(match &self.subject {
            Some(subject) => row.text("subject", subject),
            None => row,
        }
        .done())
    }
}

impl TryFromJs for OutboxRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // as they were written
        Ok(Self {
            lane: js::number(&row, "lane")? as u8,
            devseq: js::number(&row, "devseq").map(counter)?,
            id: js::text(&row, "id")?,
            digest: js::text(&row, "digest")?,
            bytes: js::number(&row, "bytes")? as u32,
            recorded: js::number(&row, "recorded")?,
        })
    }
}

impl TryToJs for OutboxRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let [lane, devseq] = key_of(self.key());
        let row = Row::new().number("lane", lane).number("devseq", devseq).text("id", &self.id);
        let row = row.text("digest", &self.digest).number("bytes", f64::from(self.bytes));
        Ok(row.number("recorded", self.recorded).done())
    }
}

impl TryFromJs for RefusedRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self {
            key: js::text(&row, "id")?,
            recorded: js::number(&row, "recorded")?,
            refused: js::read_json(js::member(&row, "refused"))?,
        })
    }
}

impl TryToJs for RefusedRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("id", &self.key).number("recorded", self.recorded);
        Ok(row.with("refused", &js::json(&self.refused)).done())
    }
}

impl TryFromJs for ReceiptRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // as it was written
        let to = js::optional(&row, "to").map_or(To::HOME, |to| To(to as u8));
        Ok(Self {
            to,
            epoch: js::text(&row, "epoch")?,
            at: js::number(&row, "at")?,
            ids: Vec::from_js(js::member(&row, "ids"))?,
        })
    }
}

impl TryToJs for ReceiptRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("epoch", &self.epoch).number("at", self.at);
        let row = row.number("to", f64::from(self.to.0));
        Ok(row.with("ids", &self.ids.try_to_js()?).done())
    }
}
