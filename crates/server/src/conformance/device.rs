//! A test device: who it is, and what it writes.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use waymark_core::backend::reference::BASE;
use waymark_core::backend::{Payload, Request};
use waymark_core::event::{
    Body, CheckinConfirmed, CheckinKind, CheckinMade, Detail, Digest, Event, EventId, PeopleState, Position,
    Roll, Stamp, Unsaved,
};
use waymark_core::sync::Session;

use crate::clock;
use crate::secret::{self, NoRandomness};

/// Long enough for a full batch, and short enough to sit through.
const TIMEOUT_MS: u32 = 60_000;

/// An enrolled test device.
#[derive(Debug)]
pub struct Device {
    pub session: Session,
    /// Makes the ids of its records its own.
    salt: [u8; 4],
    written: AtomicU64,
    first: u64,
    /// How far its feed has been read.
    pub read: AtomicU64,
}

impl Device {
    /// `used`: it may have written before, so that its counter begins beyond what it can have counted.
    pub fn new(session: Session, used: bool) -> Result<Self, NoRandomness> {
        let first = if used { u64::try_from(clock::now().0).unwrap_or_default() } else { 0 };
        let (written, read) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Self { session, salt: secret::random()?, written, first, read })
    }

    pub fn request(&self, method: &'static str, path: &str) -> Request {
        let headers = vec![("authorization", format!("Bearer {}", self.session.token))];
        Request { headers, ..bare(method, path) }
    }

    /// An exercise, written now. Without an offset of its clock: the one measured on sending counts.
    pub fn event(&self, body: Body) -> Event {
        let (now, count) = (clock::now(), self.written.fetch_add(1, Ordering::Relaxed) + 1);
        let mut random = [0; 10];
        random[..4].copy_from_slice(&self.salt);
        random[4..].copy_from_slice(&count.to_be_bytes()[2..]);
        let unsaved = Unsaved {
            id: EventId::new(u64::try_from(now.0).unwrap_or_default(), random),
            source: self.session.source(),
            time: now,
            recorded: now,
            author: self.session.user.clone(),
            pack: "builtin@0".into(),
            exercise: true,
            clockoffset: None,
            body,
        };
        unsaved.into_event(self.first + count)
    }

    /// A safe check-in.
    pub fn checkin(&self) -> Value {
        let made = CheckinMade {
            checkin: CheckinKind::Scheduled,
            people: PeopleState::Safe,
            headcount: None,
            position: Position::None,
            note: Some("A check of the protocol: nobody is on the road.".into()),
            movement: None,
            roll: Roll::default(),
            detail: Detail::default(),
            next_in: None,
            relayed: None,
            duress: false,
        };
        self.event(Body::CheckinMade(made)).to_json()
    }

    pub fn checkins(&self, count: usize) -> Vec<Value> {
        (0..count).map(|_| self.checkin()).collect()
    }

    /// A confirmation of another's check-in.
    pub fn confirmation(&self, of: &Value) -> Option<Value> {
        let (record, digest) = (text(of, "id").parse().ok()?, text(of, "digest").parse().ok()?);
        let body = Body::CheckinConfirmed(CheckinConfirmed { record, digest, movement: None });
        Some(self.event(body).to_json())
    }

    /// A record of a kind that no server knows.
    pub fn unknown(&self, data: Value) -> Value {
        let mut record = with_data(self.checkin(), data);
        record["type"] = "org.waymark.conformance.tried.v9".into();
        record
    }
}

/// A request without a credential.
pub fn bare(method: &'static str, path: &str) -> Request {
    Request {
        method,
        path: format!("{BASE}{path}"),
        headers: vec![],
        body: None,
        timeout_ms: TIMEOUT_MS,
        max_bytes: 0,
        no_cors: false,
    }
}

/// The request with this header.
pub fn with(mut request: Request, name: &'static str, value: impl Into<String>) -> Request {
    request.headers.push((name, value.into()));
    request
}

/// The request with this body.
pub fn carrying(request: Request, body: Payload) -> Request {
    Request { body: Some(body), ..request }
}

/// The record with other content and the digest of that.
pub fn with_data(mut record: Value, data: Value) -> Value {
    record["digest"] = Digest::of_json(&data).to_string().into();
    record["data"] = data;
    record
}

/// A text of a record; empty if there is none.
pub fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record[name].as_str().unwrap_or_default()
}

/// A moment in a record.
pub fn moment(record: &Value, name: &str) -> Option<Stamp> {
    record[name].as_str()?.parse().ok()
}
