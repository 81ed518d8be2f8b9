//! The feed of CouchDB: `_changes` with its documents.

use serde_json::Value;

use super::life::{Life, Step};
use super::{RECORD, Talk, json_of};
use crate::backend::access::Access;
use crate::backend::encode::percent;
use crate::backend::reply::{Fault, usual};
use crate::backend::sight::sift;
use crate::backend::{Dialogue, NoResponse, Request, Response, Turn};
use crate::event::{Arrival, Event, Record, Stamp};
use crate::sync::{Cursor, Destination, Epoch, FeedAnswer, FeedPage, Session};

const PAGE: usize = 200;
/// A page of records each as large as our server takes one, as JSON in JSON.
const MOST: usize = 16 << 20;

/// The page after `cursor`. The life of the database is looked at after the page, so that a page of another one is never
/// taken for one of this.
pub fn fetch(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    cursor: &Cursor,
) -> Talk<FeedAnswer> {
    Box::new(Fetch {
        access: Access::new(destination),
        session: session.clone(),
        epoch: epoch.cloned(),
        cursor: cursor.clone(),
        life: Life::new(session, None),
        read: None,
    })
}

struct Fetch {
    access: Access,
    session: Session,
    epoch: Option<Epoch>,
    cursor: Cursor,
    life: Life,
    read: Option<Changes>,
}

/// A page of `_changes`, as far as it is ours.
struct Changes {
    records: Vec<Record>,
    next: Cursor,
    more: bool,
}

impl Dialogue for Fetch {
    type Answer = FeedAnswer;

    fn open(&mut self, _now: Stamp) -> Turn<FeedAnswer> {
        let since = percent(&self.cursor.to_string(), "");
        let request = self.access.get(&format!("/_changes?include_docs=true&limit={PAGE}&since={since}"));
        Turn::Ask(Request { max_bytes: MOST, ..request })
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<FeedAnswer> {
        if self.read.is_some() {
            return match self.life.read(&self.access, reply, now) {
                Step::Ask(request) => Turn::Ask(request),
                Step::Known(epoch) => Turn::Done(self.page(epoch)),
                Step::Fault(fault) => Turn::Done(fault.into()),
            };
        }
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        let body = json_of(&response);
        let changes = body.as_ref().filter(|_| response.status == 200).and_then(|body| self.changes(body));
        // A database that was made anew may refuse a place in the feed of the old one: read from the start.
        let refused =
            matches!(response.status, 400 | 404) && body.is_some() && self.cursor != Cursor::default();
        self.read = match changes {
            Some(changes) => Some(changes),
            None if refused => Some(Changes { records: vec![], next: Cursor::default(), more: true }),
            None if body.is_some_and(|body| body.get("error").is_some()) => {
                return Turn::Done(Fault::Backend(response.status).into());
            }
            None => return Turn::Done(Fault::NotTheBackend.into()),
        };
        Turn::Ask(self.life.ask(&self.access))
    }
}

impl Fetch {
    fn page(&mut self, epoch: Epoch) -> FeedAnswer {
        match (self.read.take(), &self.epoch) {
            (_, Some(known)) if *known != epoch => FeedAnswer::EpochChanged(epoch),
            (Some(Changes { records, next, more }), _) => {
                let records = sift(records, &self.session);
                FeedAnswer::Page(FeedPage { epoch, records, next, more })
            }
            (None, _) => Fault::NotTheBackend.into(),
        }
    }

    fn changes(&self, body: &Value) -> Option<Changes> {
        let results = body.get("results")?.as_array()?;
        let next = sequence(body.get("last_seq")?)?;
        let pending = body.get("pending").and_then(Value::as_u64).map(|pending| pending > 0);
        let more = pending.unwrap_or(results.len() >= PAGE) && next != self.cursor;
        // What cannot be read must not hold up what is behind it; it stays in the database.
        let records = results.iter().filter_map(record).collect();
        Some(Changes { records, next, more })
    }
}

/// A number in PouchDB and CouchDB 1, a text since CouchDB 2.
fn sequence(value: &Value) -> Option<Cursor> {
    let text = value.as_str().map(|text| Cursor::from(text.to_owned()));
    text.or_else(|| value.as_u64().map(Cursor::from))
}

fn record(change: &Value) -> Option<Record> {
    let document = change.get("doc")?;
    let text = |name: &str| document.get(name).and_then(Value::as_str);
    if text("type")? != RECORD {
        return None;
    }
    let event = Event::from_json(document.get("event")?.clone()).ok()?;
    if text("_id")? != event.id.to_string() {
        return None;
    }
    let sent = text("sent").and_then(|sent| sent.parse().ok()).unwrap_or(event.recorded);
    let offset = event.clockoffset;
    let arrival = Arrival {
        seq: place(change.get("seq")?),
        // CouchDB keeps no time of its own: that of the sender's clock is all there is.
        received: Stamp::corrected(sent, offset),
        happened: event.time.corrected(offset),
        author_name: text("author_name").unwrap_or_default().to_owned(),
    };
    Some(Record { event, arrival: Some(arrival) })
}

/// The number that a place in the feed begins with: the count of changes as one node saw it.
fn place(seq: &Value) -> u64 {
    let text = seq.as_str().and_then(|text| text.split('-').next()?.parse().ok());
    // What comes by a feed has a place in it, whatever the place looks like.
    seq.as_u64().or(text).unwrap_or_default().max(1)
}
