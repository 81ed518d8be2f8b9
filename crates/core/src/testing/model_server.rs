//! A backend in memory with the reference server's rules: for the simulator.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::backend::Response;
use crate::backend::reference::PROBLEM_TYPE;
use crate::event::{Arrival, DeviceId, Digest, Event, EventId, Record, Stamp, UserId};
use crate::rules::Role;
use crate::rules::ingest::{
    HeldAs, Known, Sender, happened, is_for_all_staff, is_kept_from_crew, judge, read, subject_record,
};
use crate::rules::visibility::{Facts, Viewer, may_see};
use crate::sync::{Epoch, Outcome, Receipt, Receipts, Refusal};

/// A check-in with this note is refused by itself.
pub const REFUSED_NOTE: &str = "refuse me";
/// A check-in with this note makes the server refuse the whole batch it is in.
pub const CHOKING_NOTE: &str = "choke on me";

/// An account of the server: a device and its user.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: UserId,
    pub role: Role,
    pub signed_in: bool,
}

/// What a backup holds.
#[derive(Debug, Clone, Default)]
pub struct Database {
    /// In the feed's order.
    pub feed: Vec<(Event, Arrival)>,
    pub by_id: BTreeMap<EventId, Digest>,
    last_seq: u64,
}

impl Database {
    fn next_seq(&mut self) -> u64 {
        self.last_seq += 1;
        self.last_seq
    }

    /// What was said about a record before the record itself came (a restored server hears them in any order) goes to
    /// the end of the feed: its author was not known before, and may have read past it.
    fn announce_again(&mut self, id: EventId) {
        let (about, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut self.feed)
            .into_iter()
            .partition(|(event, _)| subject_record(event) == Some(id));
        self.feed = rest;
        for (event, arrival) in about {
            let seq = self.next_seq();
            self.feed.push((event, Arrival { seq, ..arrival }));
        }
    }
}

#[derive(Debug, Clone)]
pub struct ModelServer {
    pub epoch: u32,
    pub database: Database,
    pub accounts: BTreeMap<DeviceId, Account>,
}

impl ModelServer {
    pub fn new(accounts: BTreeMap<DeviceId, Account>) -> Self {
        Self { epoch: 1, database: Database::default(), accounts }
    }

    pub fn epoch(&self) -> Epoch {
        Epoch(format!("life-{}", self.epoch))
    }

    /// Comes back from a backup, with another epoch.
    pub fn restore(&mut self, backup: Database) {
        self.epoch += 1;
        self.database = backup;
    }

    /// `POST /records`.
    pub fn records(&mut self, device: &DeviceId, body: &str, now: Stamp) -> Response {
        let Some(account) = self.accounts.get(device).filter(|account| account.signed_in).cloned() else {
            return problem(401, "sign_in");
        };
        let Ok(Value::Array(batch)) = serde_json::from_str(body) else {
            return problem(400, "not_a_batch");
        };
        if batch.iter().any(|json| json["data"]["note"] == CHOKING_NOTE) {
            return problem(400, "cannot_read_batch");
        }
        let receipts = batch.into_iter().map(|json| self.ingest(device, &account, json, now)).collect();
        let answer = Receipts { epoch: self.epoch(), received: now, receipts };
        ok(&serde_json::to_value(answer).unwrap_or_default())
    }

    fn ingest(&mut self, device: &DeviceId, account: &Account, json: Value, now: Stamp) -> Receipt {
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        let (source, id, digest) = (text("source"), text("id"), text("digest"));
        let (outcome, seq) = match read(json) {
            Ok(event) => self.decide(device, account, event, now),
            Err(refusal) => (Outcome::Rejected(refusal), None),
        };
        let mut receipt = Receipt::new(&source, &id, &digest, &outcome, seq);
        if outcome == Outcome::Duplicate {
            receipt.received = self.received(&id);
        }
        receipt
    }

    fn decide(
        &mut self,
        device: &DeviceId,
        account: &Account,
        event: Event,
        now: Stamp,
    ) -> (Outcome, Option<u64>) {
        let mut source = event.source.clone();
        source.device = device.clone();
        let sender = Sender { source, user: account.user.clone(), role: account.role, clockoffset: None };
        let known = Known {
            held: self.held_as(event.id),
            subject_author: subject_record(&event).and_then(|id| self.author_of(id)),
            ..Known::default()
        };
        if event.to_json()["data"]["note"] == REFUSED_NOTE {
            return (Outcome::Rejected(Refusal::new("unwanted", "the server's words".into())), None);
        }
        let outcome = judge(&event, &sender, &known);
        if outcome != Outcome::Accepted {
            return (outcome, None);
        }
        let seq = self.database.next_seq();
        let happened = happened(&event, &sender);
        let arrival = Arrival { seq, received: now, happened, author_name: account.user.0.clone() };
        let id = event.id;
        self.database.by_id.insert(id, event.digest);
        self.database.feed.push((event, arrival));
        self.database.announce_again(id);
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
            self.database.feed.iter().filter(|(_, arrival)| arrival.seq > after).take(limit).collect();
        let next = looked_at.last().map_or(after, |(_, arrival)| arrival.seq);
        let visible = looked_at
            .iter()
            .filter(|(event, _)| event.source.device != *device && self.may_see(account, event));
        let records: Vec<Value> = visible
            .map(|(event, arrival)| Record { event: event.clone(), arrival: Some(arrival.clone()) }.to_json())
            .collect();
        let more = next < self.database.last_seq;
        ok(&serde_json::json!({ "epoch": self.epoch(), "records": records, "next": next, "more": more }))
    }

    fn may_see(&self, account: &Account, event: &Event) -> bool {
        let org = event.source.org.clone();
        let viewer =
            Viewer { org: org.clone(), user: account.user.clone(), role: account.role, areas: vec![] };
        let subject_author = subject_record(event).and_then(|id| self.author_of(id));
        let facts = Facts {
            for_all_staff: is_for_all_staff(event),
            crew: false,
            addressed: false,
            tells_of_others: false,
            kept_from_crew: is_kept_from_crew(event),
            org: &org,
            author: &event.author,
            protected: event.is_protected(),
            subject_author: subject_author.as_ref(),
            areas: &[],
        };
        may_see(&viewer, &facts)
    }

    fn held_as(&self, id: EventId) -> Option<HeldAs> {
        let digest = *self.database.by_id.get(&id)?;
        let (event, _) = self.database.feed.iter().find(|(event, _)| event.id == id)?;
        Some(HeldAs { device: event.source.device.clone(), digest })
    }

    fn received(&self, id: &str) -> Option<Stamp> {
        let held = |(event, _): &&(Event, Arrival)| event.id.to_string() == id;
        self.database.feed.iter().find(held).map(|(_, arrival)| arrival.received)
    }

    fn author_of(&self, id: EventId) -> Option<UserId> {
        self.database.feed.iter().find(|(event, _)| event.id == id).map(|(event, _)| event.author.clone())
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
