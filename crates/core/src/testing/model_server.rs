//! A backend in memory with the reference server's rules: for the simulator.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::backend::Response;
use crate::backend::reference::PROBLEM_TYPE;
use crate::event::{Arrival, DeviceId, Digest, Event, EventId, Record, Source, Stamp, UserId};
use crate::rules::Role;
use crate::rules::ingest::{
    HeldAs, Known, Sender, happened, is_for_all_staff, is_kept_from_crew, judge, read, subject_record,
};
use crate::rules::visibility::{Facts, Viewer, may_see};
use crate::sync::{Epoch, Outcome, Receipt, Receipts, Refusal};

/// The one organisation of a model server.
pub const ORG: &str = "acme";
/// A check-in with this note is refused by itself.
pub const REFUSED_NOTE: &str = "refuse me";
/// A check-in with this note makes the server refuse the whole batch it is in.
pub const CHOKING_NOTE: &str = "choke on me";
/// A check-in with this note is refused by itself, by a server that is [`ModelServer::picky`].
pub const ODD_NOTE: &str = "odd";

/// An account of the server: a device and its user.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: UserId,
    pub role: Role,
    pub signed_in: bool,
}

/// A record that the server holds.
#[derive(Debug, Clone)]
pub struct Kept {
    pub event: Event,
    pub arrival: Arrival,
    /// The record that it is about.
    pub subject: Option<EventId>,
    /// As it stands in the feed.
    json: String,
}

impl Kept {
    fn new(event: Event, arrival: Arrival) -> Self {
        let subject = subject_record(&event);
        let record = Record { event, arrival: Some(arrival.clone()) };
        let json = record.to_json().to_string();
        Self { event: record.event, arrival, subject, json }
    }

    fn record(&self) -> Record {
        Record { event: self.event.clone(), arrival: Some(self.arrival.clone()) }
    }
}

/// What is asked of a record by its id.
#[derive(Debug, Clone)]
struct Index {
    digest: Digest,
    device: DeviceId,
    author: UserId,
    received: Stamp,
}

/// What a backup holds.
#[derive(Debug, Clone, Default)]
pub struct Database {
    /// In the feed's order.
    pub feed: Vec<Kept>,
    by_id: BTreeMap<EventId, Index>,
    last_seq: u64,
}

impl Database {
    /// How many different records it holds.
    pub fn distinct(&self) -> usize {
        self.by_id.len()
    }

    /// Whether it holds this record, with this digest.
    pub fn holds(&self, id: EventId, digest: Digest) -> bool {
        self.by_id.get(&id).is_some_and(|held| held.digest == digest)
    }

    fn author_of(&self, id: EventId) -> Option<&UserId> {
        self.by_id.get(&id).map(|held| &held.author)
    }

    fn keep(&mut self, event: Event, arrival: Arrival) {
        let index = Index {
            digest: event.digest,
            device: event.source.device.clone(),
            author: event.author.clone(),
            received: arrival.received,
        };
        let id = event.id;
        self.by_id.insert(id, index);
        self.feed.push(Kept::new(event, arrival));
        self.announce_again(id);
    }

    fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    /// What was said about a record before the record itself came (a restored server hears them in any order) goes to
    /// the end of the feed: its author was not known before, and may have read past it.
    fn announce_again(&mut self, id: EventId) {
        if self.feed.iter().all(|kept| kept.subject != Some(id)) {
            return;
        }
        let (about, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.feed).into_iter().partition(|kept| kept.subject == Some(id));
        self.feed = rest;
        for Kept { event, arrival, .. } in about {
            let seq = self.next_seq();
            self.feed.push(Kept::new(event, Arrival { seq, ..arrival }));
        }
    }
}

#[derive(Debug, Clone)]
pub struct ModelServer {
    /// Its lives are called after this.
    name: &'static str,
    pub epoch: u32,
    pub database: Database,
    pub accounts: BTreeMap<DeviceId, Account>,
    /// Broken on purpose: it does not look whether it has a record already.
    pub forgetful: bool,
    pub picky: bool,
}

impl ModelServer {
    pub fn new(name: &'static str, accounts: BTreeMap<DeviceId, Account>) -> Self {
        Self { name, epoch: 1, database: Database::default(), accounts, forgetful: false, picky: false }
    }

    pub fn epoch(&self) -> Epoch {
        Epoch(format!("{}-{}", self.name, self.epoch))
    }

    /// Whether this is one of its lives.
    pub fn lived(&self, epoch: &Epoch) -> bool {
        epoch.0.strip_prefix(self.name).is_some_and(|rest| rest.starts_with('-'))
    }

    /// Comes back from a backup, with another epoch.
    pub fn restore(&mut self, backup: Database) {
        self.epoch += 1;
        self.database = backup;
    }

    /// `POST /records`. `clock` is what the sender's clock shows, in milliseconds since 1970.
    pub fn records(&mut self, device: &DeviceId, body: &str, clock: Stamp, now: Stamp) -> Response {
        let Some(account) = self.accounts.get(device).filter(|account| account.signed_in).cloned() else {
            return problem(401, "sign_in");
        };
        let Ok(Value::Array(batch)) = serde_json::from_str(body) else {
            return problem(400, "not_a_batch");
        };
        if batch.iter().any(|json| json["data"]["note"] == CHOKING_NOTE) {
            return problem(400, "cannot_read_batch");
        }
        let sender = Sender {
            source: Source { org: ORG.into(), device: device.clone() },
            user: account.user,
            role: account.role,
            clockoffset: Some(now.ms_since(clock)),
        };
        let receipts = batch.into_iter().map(|json| self.ingest(&sender, json, now)).collect();
        let answer = Receipts { epoch: self.epoch(), received: now, receipts };
        ok(&serde_json::to_value(answer).unwrap_or_default())
    }

    fn ingest(&mut self, sender: &Sender, json: Value, now: Stamp) -> Receipt {
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let (source, id, digest) = (text("source"), text("id"), text("digest"));
        let (outcome, seq) = match read(json) {
            Ok(event) => self.decide(sender, event, now),
            Err(refusal) => (Outcome::Rejected(refusal), None),
        };
        let mut receipt = Receipt::new(&source, &id, &digest, &outcome, seq);
        if outcome == Outcome::Duplicate {
            let held = id.parse().ok().and_then(|id: EventId| self.database.by_id.get(&id));
            receipt.received = held.map(|held| held.received);
        }
        receipt
    }

    fn decide(&mut self, sender: &Sender, event: Event, now: Stamp) -> (Outcome, Option<u64>) {
        let subject = subject_record(&event);
        let known = Known {
            held: self.held_as(event.id).filter(|_| !self.forgetful),
            subject_author: subject.and_then(|id| self.database.author_of(id).cloned()),
            ..Known::default()
        };
        let note = &event.to_json()["data"]["note"];
        if *note == REFUSED_NOTE || self.picky && *note == ODD_NOTE {
            return (Outcome::Rejected(Refusal::new("unwanted", "the server's words".into())), None);
        }
        let outcome = judge(&event, sender, &known);
        if outcome != Outcome::Accepted {
            return (outcome, None);
        }
        let seq = self.database.next_seq();
        let happened = happened(&event, sender);
        let arrival = Arrival { seq, received: now, happened, author_name: sender.user.0.clone() };
        self.database.keep(event, arrival);
        (outcome, Some(seq))
    }

    /// `GET /feed`.
    pub fn feed(&self, device: &DeviceId, after: u64, epoch: Option<&Epoch>, limit: usize) -> Response {
        let Some(account) = self.accounts.get(device).filter(|account| account.signed_in) else {
            return problem(401, "sign_in");
        };
        if epoch.is_some_and(|epoch| *epoch != self.epoch()) {
            let body = serde_json::json!({ "title": "restored", "epoch": self.epoch() });
            return Response { status: 409, ..with_body(PROBLEM_TYPE, &body) };
        }
        let looked_at: Vec<_> =
            self.database.feed.iter().filter(|kept| kept.arrival.seq > after).take(limit).collect();
        let next = looked_at.last().map_or(after, |kept| kept.arrival.seq);
        let visible = looked_at.iter().filter(|kept| self.is_for(device, account, kept));
        let records: Vec<&str> = visible.map(|kept| kept.json.as_str()).collect();
        let (epoch, records) = (self.epoch(), records.join(","));
        let more = next < self.database.last_seq;
        let body = format!(r#"{{"epoch":"{epoch}","records":[{records}],"next":{next},"more":{more}}}"#);
        Response { status: 200, body: body.into_bytes(), ..with_body("application/json", &Value::Null) }
    }

    /// All that this device gets by the feed, in its order.
    pub fn feed_of(&self, device: &DeviceId) -> Vec<Record> {
        let Some(account) = self.accounts.get(device) else { return vec![] };
        let kept = self.database.feed.iter().filter(|kept| self.is_for(device, account, kept));
        kept.map(Kept::record).collect()
    }

    fn is_for(&self, device: &DeviceId, account: &Account, kept: &Kept) -> bool {
        kept.event.source.device != *device && self.may_see(account, kept)
    }

    fn may_see(&self, account: &Account, kept: &Kept) -> bool {
        let event = &kept.event;
        let org = event.source.org.clone();
        let viewer =
            Viewer { org: org.clone(), user: account.user.clone(), role: account.role, areas: vec![] };
        let subject_author = kept.subject.and_then(|id| self.database.author_of(id));
        let facts = Facts {
            for_all_staff: is_for_all_staff(event),
            crew: false,
            addressed: false,
            tells_of_others: false,
            kept_from_crew: is_kept_from_crew(event),
            org: &org,
            author: &event.author,
            protected: event.is_protected(),
            subject_author,
            areas: &[],
        };
        may_see(&viewer, &facts)
    }

    fn held_as(&self, id: EventId) -> Option<HeldAs> {
        let held = self.database.by_id.get(&id)?;
        Some(HeldAs { device: held.device.clone(), digest: held.digest })
    }
}

fn ok(body: &Value) -> Response {
    Response { status: 200, ..with_body("application/json", body) }
}

fn problem(status: u16, code: &str) -> Response {
    let body =
        serde_json::json!({ "title": code, "status": status, "code": code, "detail": "the server's words" });
    Response { status, ..with_body(PROBLEM_TYPE, &body) }
}

fn with_body(content_type: &str, body: &Value) -> Response {
    Response {
        content_type: content_type.to_owned(),
        body: body.to_string().into_bytes(),
        ..Response::default()
    }
}
