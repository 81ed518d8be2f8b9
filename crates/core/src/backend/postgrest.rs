//! PostgREST 12 and later, and Supabase, over the tables of deploy/postgrest/waymark.sql.
//!
//! The address is that under which the tables stand, `https://db.example.org` or `https://….supabase.co/rest/v1`. The
//! sign-in's `secret` is the JSON Web Token of the person, whose claims say what they may read and write; `key` goes into
//! the header `apikey`, which Supabase asks for. Option: `schema`, where it is not the first that PostgREST shows.
//!
//! Records are posted as rows `{id, digest, author_name, sent, event}` with `Prefer: resolution=ignore-duplicates`, and
//! count as stored once they are read back from [`RECEIPTS`] by id and digest. Each row read there says in which life of the
//! database that was ([`LIFE`]), so that a database made anew is noticed in the same answer. The feed is paged by its
//! column `seq`, whose order is that in which transactions ended.
//!
//! Sources: the PostgREST documentation, "Tables and Views", "Preferences" and "Errors"; PostgreSQL, "Error Codes".

mod claims;
mod feed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::{Value, json};

pub use claims::{Claims, claims};
pub use feed::fetch;

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::reference::{is_page, json as json_of};
use super::reply::{Fault, usual};
use super::{Dialogue, NoResponse, Request, Response, Talk, Turn};
use crate::event::Stamp;
use crate::sync::{Answer, Destination, Entry, Epoch, Outcome, Queued, Receipt, Receipts, Refusal, Session};

/// Takes rows, and shows them to whoever may see them.
pub const RECORDS: &str = "waymark_records";
/// `id, digest, received, life` of the rows that one may see, those that are not in the feed among them.
pub const RECEIPTS: &str = "waymark_receipts";
/// `seq, received, author_name, sent, event, life`.
pub const FEED: &str = "waymark_feed";
/// One row, `life`: a UUID that is made with the tables.
pub const LIFE: &str = "waymark_life";

/// How many ids are asked for at once: an address of about 4 kB, which every proxy passes.
const IDS: usize = 100;
/// The most that is told of a row that is read back, in bytes.
const ROW: usize = 1 << 10;

/// Sends `batch`; the answer is receipts for what was read back.
pub fn deliver(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    batch: &[Queued],
) -> Talk<Answer> {
    Box::new(Delivery {
        access: access(destination),
        author_name: session.name.clone(),
        batch: batch.to_vec(),
        epoch: epoch.cloned(),
        asked: 0,
        found: BTreeMap::new(),
        stage: Stage::Insert,
    })
}

/// Asks for no rows of everything that is needed, and for the life.
pub fn probe(destination: &Destination, online: bool) -> Probe {
    let access = access(destination);
    let table: Judge = |response| match (response.status, error(response)) {
        (200 | 206, None) if rows(response).is_some() => Ok(()),
        (404, _) => Err(Connection::NotFound),
        (400..=499, Some(_)) => Err(Connection::Schema),
        _ => Err(Connection::CaptivePortal),
    };
    let view: Judge = |response| match (response.status, error(response)) {
        (200 | 206, None) if rows(response).is_some() => Ok(()),
        (400..=499, Some(_)) => Err(Connection::Schema),
        _ => Err(Connection::CaptivePortal),
    };
    let life: Judge = |response| match rows(response) {
        Some(rows) if life_of(&rows).is_some() => Ok(()),
        Some(_) => Err(Connection::Schema),
        None if error(response).is_some() => Err(Connection::Schema),
        None => Err(Connection::CaptivePortal),
    };
    let none = |from: &str, columns: &str| access.get(&format!("/{from}?select={columns}&limit=0"));
    let questions = vec![
        (none(RECORDS, "id,digest,author_name,sent,event"), table),
        (none(RECEIPTS, "id,digest,received,life"), view),
        (none(FEED, feed::COLUMNS), view),
        (ask_life(&access), life),
    ];
    Probe::new(destination, online, questions)
}

fn access(destination: &Destination) -> Access {
    let mut access = Access::new(destination);
    if !destination.sign_in.key.is_empty() {
        access = access.with("apikey", &destination.sign_in.key);
    }
    match destination.option("schema") {
        "" => access,
        schema => access.with("accept-profile", schema).with("content-profile", schema),
    }
}

fn ask_life(access: &Access) -> Request {
    access.get(&format!("/{LIFE}?select=life&limit=1"))
}

/// The rows of an answer that is one.
fn rows(response: &Response) -> Option<Vec<Value>> {
    match (response.status, json_of(response)) {
        (200 | 206, Some(Value::Array(rows))) => Some(rows),
        _ => None,
    }
}

/// The last of these rows says it.
fn life_of(rows: &[Value]) -> Option<Epoch> {
    let life = rows.last()?.get("life")?.as_str()?;
    Some(Epoch(life.to_owned()))
}

/// What PostgREST says is wrong: `code` is PostgreSQL's SQLSTATE or begins with `PGRST`.
fn error(response: &Response) -> Option<Refusal> {
    let body = json_of(response)?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    Some(Refusal::new(text("code")?, text("message")?.to_owned()))
}

/// Whether this is said of a row, and not of the tables, the sign-in or the database: SQLSTATE class 22 (data), 23
/// (constraints) and P0 (raised by a trigger), and rows that a policy of row security does not let in.
fn is_about_a_row(refusal: &Refusal) -> bool {
    match refusal.code.as_str() {
        "42501" => refusal.detail.contains("row-level security"),
        code => ["22", "23", "P0"].iter().any(|class| code.starts_with(class)) && code.len() == 5,
    }
}

/// A reply that is no rows.
fn no_rows(response: &Response) -> Fault {
    match response.status {
        status @ 400..=499 if error(response).is_some() => Fault::Backend(status),
        _ => Fault::NotTheBackend,
    }
}

#[derive(Clone, Copy)]
enum Stage {
    Insert,
    ReadBack,
    Life,
}

/// What is held under an id.
struct Found {
    digest: String,
    received: Option<Stamp>,
    life: Epoch,
}

struct Delivery {
    access: Access,
    author_name: String,
    batch: Vec<Queued>,
    epoch: Option<Epoch>,
    /// How many of the batch were asked for.
    asked: usize,
    found: BTreeMap<String, Found>,
    stage: Stage,
}

impl Dialogue for Delivery {
    type Answer = Answer;

    fn open(&mut self, now: Stamp) -> Turn<Answer> {
        Turn::Ask(self.insert(now))
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let refusal =
            reply.as_ref().ok().filter(|response| (400..=499).contains(&response.status)).and_then(error);
        if let (Stage::Insert, Some(refusal)) = (self.stage, refusal.filter(is_about_a_row)) {
            return Turn::Done(Answer::BadBatch(refusal));
        }
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        match self.stage {
            Stage::Insert if (200..=299).contains(&response.status) && !is_page(&response) => {
                self.stage = Stage::ReadBack;
                self.read_back(now)
            }
            Stage::Insert => Turn::Done(no_rows(&response).into()),
            Stage::ReadBack => match rows(&response) {
                Some(rows) => {
                    self.take(&rows);
                    self.read_back(now)
                }
                None => Turn::Done(no_rows(&response).into()),
            },
            Stage::Life => match rows(&response).and_then(|rows| life_of(&rows)) {
                Some(life) => {
                    self.epoch = Some(life);
                    Turn::Done(self.receipts(now))
                }
                None => Turn::Done(no_rows(&response).into()),
            },
        }
    }
}

impl Delivery {
    /// As text: what is queued is not read to be written again.
    fn insert(&self, now: Stamp) -> Request {
        let (author_name, sent) = (json!(self.author_name), json!(now.to_string()));
        let rows: Vec<String> = self
            .batch
            .iter()
            .map(|Queued { entry: Entry { id, digest, .. }, json }| {
                format!(
                    r#"{{"id":"{id}","digest":"{digest}","author_name":{author_name},"sent":{sent},"event":{json}}}"#
                )
            })
            .collect();
        let access = self.access.clone().with("prefer", "resolution=ignore-duplicates,return=minimal");
        access.post(&format!("/{RECORDS}?on_conflict=id"), format!("[{}]", rows.join(",")))
    }

    /// Asks for the next ids; ends when all were asked for.
    fn read_back(&mut self, now: Stamp) -> Turn<Answer> {
        let next: Vec<String> =
            self.batch.iter().skip(self.asked).take(IDS).map(|queued| queued.entry.id.to_string()).collect();
        if next.is_empty() && self.found.is_empty() {
            self.stage = Stage::Life;
            return Turn::Ask(ask_life(&self.access));
        }
        if next.is_empty() {
            return Turn::Done(self.receipts(now));
        }
        self.asked += next.len();
        let path = format!("/{RECEIPTS}?select=id,digest,received,life&id=in.({})", next.join(","));
        let request = self.access.get(&path);
        Turn::Ask(Request { max_bytes: request.max_bytes + next.len() * ROW, ..request })
    }

    fn take(&mut self, rows: &[Value]) {
        for row in rows {
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            let (Some(id), Some(digest), Some(life)) = (text("id"), text("digest"), text("life")) else {
                continue;
            };
            let received = text("received").and_then(|received| received.parse().ok());
            let found = Found { digest: digest.to_owned(), received, life: Epoch(life.to_owned()) };
            self.epoch = Some(found.life.clone());
            self.found.insert(id.to_owned(), found);
        }
    }

    fn receipts(&self, now: Stamp) -> Answer {
        let Some(epoch) = self.epoch.clone() else { return Answer::NotTheBackend };
        let receipts = self.batch.iter().map(|queued| self.receipt(&queued.entry, &epoch)).collect();
        Answer::Receipts(Receipts { epoch, received: now, receipts })
    }

    fn receipt(&self, entry: &Entry, epoch: &Epoch) -> Receipt {
        let (id, digest) = (entry.id.to_string(), entry.digest.to_string());
        // What was there in a life that ended while it was read is not there now.
        let found = self.found.get(&id).filter(|found| found.life == *epoch);
        let outcome = match found {
            Some(found) if found.digest == digest => Outcome::Accepted,
            Some(_) => Outcome::Conflict,
            None => Outcome::Retry,
        };
        let received = found.and_then(|found| found.received);
        Receipt { received, ..Receipt::new("", &id, &digest, &outcome, None) }
    }
}
