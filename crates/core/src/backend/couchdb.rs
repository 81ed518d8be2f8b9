//! CouchDB 3, PouchDB Server (express-pouchdb) and Cloudant.
//!
//! The address is that of the database, `https://couch.example.org/waymark`. The sign-in is a user and a password (HTTP
//! Basic) or a bearer token. No options.
//!
//! A record is the document `{_id, type: "waymark.record", org, author_name, sent, event}`: `_id` is its id, `event` the
//! CloudEvent, `sent` the sender's clock. It is put there as replication puts documents, with `new_edits: false` and a
//! revision that follows from its digest, so that sending again changes nothing. It counts as stored when `_revs_diff`
//! does not miss that revision. The same id with another digest becomes a conflict as CouchDB has them: both are kept, and
//! the feed shows one of them.
//!
//! The document [`LIFE`] says which life the database is in: its revision is the epoch. It is asked about in the same
//! `_revs_diff` as the records, so that a database that was emptied is noticed with the first batch. One that was restored
//! from a copy has the same document: whoever restores it changes that document.
//!
//! Sources: the CouchDB API reference, `/{db}/_bulk_docs`, `/{db}/_revs_diff`, `/{db}/_changes`, and its replication
//! protocol.

mod feed;
mod life;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

pub use feed::fetch;
use life::{Life, Step};

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::reference::json as json_of;
use super::reply::usual;
use super::{Dialogue, NoResponse, Request, Response, Talk, Turn};
use crate::event::{Digest, Stamp};
use crate::sync::{Answer, Destination, Entry, Epoch, Outcome, Queued, Receipt, Receipts, Refusal, Session};

/// The document whose revision names the life of the database.
pub const LIFE: &str = "waymark-life";
/// What `type` says of documents that are records.
pub const RECORD: &str = "waymark.record";

/// The most that is told of each document of a batch, in bytes.
const LINE: usize = 4 << 10;
/// How often a life may end while a batch is being sent.
const LIVES: u8 = 3;

/// Sends `batch`; the answer is receipts for what `_revs_diff` says is there.
pub fn deliver(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    batch: &[Queued],
) -> Talk<Answer> {
    Box::new(Delivery {
        access: Access::new(destination),
        org: session.org.0.clone(),
        author_name: session.name.clone(),
        batch: batch.to_vec(),
        faults: BTreeMap::new(),
        epoch: epoch.cloned(),
        life: Life::new(session, batch.first().map(|queued| queued.entry.id)),
        lives: 0,
        stage: Stage::Bulk,
    })
}

/// Reads what the database says of itself, and writes a batch of nothing.
pub fn probe(destination: &Destination, online: bool) -> Probe {
    let access = Access::new(destination);
    let is_database: Judge = |response| match json_of(response) {
        Some(body) if response.status == 200 && body.get("db_name").is_some() => Ok(()),
        // The address is that of the server, or names a database that is not there.
        Some(_) => Err(Connection::NotFound),
        None if response.status == 404 => Err(Connection::NotFound),
        None => Err(Connection::CaptivePortal),
    };
    let takes: Judge = |response| match json_of(response) {
        Some(Value::Array(_)) => Ok(()),
        _ => Err(Connection::Schema),
    };
    let nothing = access.post("/_bulk_docs", r#"{"new_edits":false,"docs":[]}"#.to_owned());
    Probe::new(destination, online, vec![(access.get(""), is_database), (nothing, takes)])
}

/// The revision of the document of a record with this digest: generation 1, and the first 128 bits in hex.
fn revision(digest: &Digest) -> String {
    let digest = digest.to_string();
    format!("1-{}", digest.get(..32).unwrap_or(&digest))
}

/// The error that CouchDB puts in the place of an answer, if it is one.
fn error(response: &Response) -> Option<Refusal> {
    refused(&json_of(response)?)
}

fn refused(line: &Value) -> Option<Refusal> {
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    Some(Refusal::new(text("error")?, text("reason").unwrap_or_default().to_owned()))
}

#[derive(Clone, Copy)]
enum Stage {
    Bulk,
    Life,
    Diff,
}

struct Delivery {
    access: Access,
    org: String,
    author_name: String,
    batch: Vec<Queued>,
    /// What CouchDB said against single documents, by id.
    faults: BTreeMap<String, Refusal>,
    epoch: Option<Epoch>,
    life: Life,
    lives: u8,
    stage: Stage,
}

impl Dialogue for Delivery {
    type Answer = Answer;

    fn open(&mut self, now: Stamp) -> Turn<Answer> {
        Turn::Ask(self.bulk(now))
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        if let Some(refusal) = reply.as_ref().ok().filter(|response| response.status == 413).and_then(error) {
            return Turn::Done(Answer::TooLarge(Some(refusal)));
        }
        match self.stage {
            Stage::Bulk => self.read_bulk(reply, now),
            Stage::Life => match self.life.read(&self.access, reply, now) {
                Step::Ask(request) => Turn::Ask(request),
                Step::Known(epoch) => {
                    self.epoch = Some(epoch);
                    self.verify()
                }
                Step::Fault(fault) => Turn::Done(fault.into()),
            },
            Stage::Diff => self.read_diff(reply, now),
        }
    }
}

impl Delivery {
    /// As text: what is queued is not read to be written again.
    fn bulk(&self, now: Stamp) -> Request {
        let common = json!({
            "type": RECORD, "org": self.org, "author_name": self.author_name, "sent": now.to_string(),
        });
        let common = common.to_string();
        let common = common.trim_start_matches('{');
        let documents: Vec<String> = self
            .batch
            .iter()
            .map(|Queued { entry, json }| {
                let revision = revision(&entry.digest);
                let hash = revision.trim_start_matches("1-");
                format!(
                    r#"{{"_id":"{}","_rev":"{revision}","_revisions":{{"start":1,"ids":["{hash}"]}},"event":{json},{common}"#,
                    entry.id
                )
            })
            .collect();
        let body = format!(r#"{{"new_edits":false,"docs":[{}]}}"#, documents.join(","));
        let request = self.access.post("/_bulk_docs", body);
        Request { max_bytes: request.max_bytes + self.batch.len() * LINE, ..request }
    }

    fn read_bulk(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        match (response.status, json_of(&response)) {
            // Lines stand there for what went wrong alone; which of the others are stored is asked for.
            (200..=202 | 417, Some(Value::Array(lines))) => {
                for line in &lines {
                    if let (Some(id), Some(fault)) = (line.get("id").and_then(Value::as_str), refused(line)) {
                        self.faults.insert(id.to_owned(), fault);
                    }
                }
                if self.epoch.is_some() { self.verify() } else { self.look_for_life() }
            }
            (400, Some(body)) => Turn::Done(refused(&body).map_or(Answer::NotTheBackend, Answer::BadBatch)),
            (status @ 400..=499, Some(body)) if refused(&body).is_some() => {
                Turn::Done(Answer::Backend(status))
            }
            _ => Turn::Done(Answer::NotTheBackend),
        }
    }

    fn look_for_life(&mut self) -> Turn<Answer> {
        self.lives += 1;
        if self.lives > LIVES {
            return Turn::Done(Answer::NotTheBackend);
        }
        self.stage = Stage::Life;
        Turn::Ask(self.life.ask(&self.access))
    }

    fn verify(&mut self) -> Turn<Answer> {
        self.stage = Stage::Diff;
        let mut revisions = serde_json::Map::new();
        for Queued { entry, .. } in &self.batch {
            revisions.insert(entry.id.to_string(), json!([revision(&entry.digest)]));
        }
        if let Some(epoch) = &self.epoch {
            revisions.insert(LIFE.to_owned(), json!([epoch.0]));
        }
        let request = self.access.post("/_revs_diff", Value::Object(revisions).to_string());
        Turn::Ask(Request { max_bytes: request.max_bytes + self.batch.len() * LINE, ..request })
    }

    fn read_diff(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        let missing: BTreeSet<String> = match (response.status, json_of(&response)) {
            (200, Some(Value::Object(missing))) => missing.into_iter().map(|(id, _)| id).collect(),
            (status @ 400..=499, Some(body)) if refused(&body).is_some() => {
                return Turn::Done(Answer::Backend(status));
            }
            _ => return Turn::Done(Answer::NotTheBackend),
        };
        let Some(epoch) = self.epoch.clone().filter(|_| !missing.contains(LIFE)) else {
            return self.look_for_life();
        };
        let all_unauthorised = self.batch.iter().all(|queued| {
            let fault = self.faults.get(&queued.entry.id.to_string());
            fault.is_some_and(|fault| fault.code == "unauthorized")
        });
        if all_unauthorised && !self.batch.is_empty() {
            return Turn::Done(Answer::SignIn);
        }
        let receipts = self.batch.iter().map(|queued| self.receipt(&queued.entry, &missing)).collect();
        Turn::Done(Answer::Receipts(Receipts { epoch, received: now, receipts }))
    }

    fn receipt(&self, entry: &Entry, missing: &BTreeSet<String>) -> Receipt {
        let id = entry.id.to_string();
        let outcome = match self.faults.get(&id) {
            _ if !missing.contains(&id) => Outcome::Accepted,
            Some(fault) if is_final(&fault.code) => Outcome::Rejected(fault.clone()),
            _ => Outcome::Retry,
        };
        Receipt::new("", &id, &entry.digest.to_string(), &outcome, None)
    }
}

/// Whether the same document will be refused again. All else may pass: a node that is down, a time limit.
fn is_final(error: &str) -> bool {
    matches!(
        error,
        "forbidden"
            | "unauthorized"
            | "doc_validation"
            | "bad_request"
            | "illegal_docid"
            | "too_large"
            | "document_too_large"
    )
}
