//! What stands in the object stores.

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use waymark_core::event::{About, Event, EventId, Record};
use waymark_core::sync::{Entry, Queued, Refused, StoreError};

use super::vault;

/// A row of `events`: opaque event bytes and the index fields the views need.
#[derive(Serialize, Deserialize, Clone)]
pub(super) struct EventRow {
    pub id: String,
    /// Of own events only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub devseq: Option<u64>,
    /// The id of the record this one is about.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub subject: Option<String>,
    /// Minus the time it happened, of records that are not about others: ascending order is newest first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub newest: Option<f64>,
    /// When it happened, of records of others that wait for an answer.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waiting: Option<f64>,
    pub urgent: bool,
    pub body: ByteBuf,
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
        let newest = subject.is_none().then_some(-(record.happened().0 as f64));
        Self {
            id: record.event.id.to_string(),
            devseq: None,
            subject,
            newest,
            waiting: None,
            urgent: body.is_some_and(|body| body.is_urgent()),
            body: ByteBuf::from(vault::seal(json)),
        }
    }

    pub fn is_own(&self) -> bool {
        self.devseq.is_some()
    }

    pub fn json(self) -> Result<String, StoreError> {
        vault::open(self.body.into_vec())
    }

    pub fn record(self) -> Result<Record, StoreError> {
        let unreadable = |why: String| StoreError::Failed(format!("a stored record cannot be read: {why}"));
        let json = serde_json::from_str(&self.json()?).map_err(|error| unreadable(error.to_string()))?;
        Record::from_json(json).map_err(|error| unreadable(error.to_string()))
    }
}

/// A row of `outbox`; its key is the lane and the device's counter, so that reading in order is sending in order.
#[derive(Serialize, Deserialize, Clone, PartialEq)]
pub(super) struct OutboxRow {
    /// 0 for urgent records, 1 for the others.
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
    pub fn of(event: &Event, urgent: bool, bytes: usize) -> Self {
        #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
        let recorded = event.recorded.0 as f64;
        Self {
            lane: lane(urgent),
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
            urgent: self.lane == 0,
            bytes: self.bytes as usize,
        })
    }

    pub fn queued(&self, json: String) -> Result<Queued, StoreError> {
        Ok(Queued { entry: self.entry()?, json })
    }
}

pub(super) fn lane(urgent: bool) -> u8 {
    u8::from(!urgent)
}

/// A row of `refused`.
#[derive(Serialize, Deserialize)]
pub(super) struct RefusedRow {
    pub id: String,
    pub recorded: f64,
    pub refused: Refused,
}

/// A row of `receipts`: what one answer of the backend acknowledged.
#[derive(Serialize, Deserialize)]
pub(super) struct ReceiptRow {
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
