//! The feed of PostgREST, paged by the place of the last row.

use serde_json::Value;

use super::{FEED, Talk, access, ask_life, life_of, no_rows, rows};
use crate::backend::access::Access;
use crate::backend::reply::usual;
use crate::backend::sight::sift;
use crate::backend::{Dialogue, NoResponse, Request, Response, Turn};
use crate::event::{Arrival, Event, Record, Stamp};
use crate::sync::{Cursor, Destination, Epoch, FeedAnswer, FeedPage, Session};

pub(super) const COLUMNS: &str = "seq,received,author_name,sent,event,life";
const PAGE: usize = 200;
/// A page of records each as large as our server takes one.
const MOST: usize = 16 << 20;
/// A sender's clock that differs from the server's by more than a slow request may last, in milliseconds, is wrong.
const WRONG_CLOCK_MS: i64 = 60_000;

/// The page after `cursor`.
pub fn fetch(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    cursor: &Cursor,
) -> Talk<FeedAnswer> {
    Box::new(Fetch {
        access: access(destination),
        session: session.clone(),
        epoch: epoch.cloned(),
        cursor: cursor.clone(),
        at_end: false,
    })
}

struct Fetch {
    access: Access,
    session: Session,
    epoch: Option<Epoch>,
    cursor: Cursor,
    /// There was nothing more, and the life is asked for by itself.
    at_end: bool,
}

impl Dialogue for Fetch {
    type Answer = FeedAnswer;

    fn open(&mut self, _now: Stamp) -> Turn<FeedAnswer> {
        let after = self.cursor.number();
        let path = format!("/{FEED}?select={COLUMNS}&seq=gt.{after}&order=seq.asc&limit={PAGE}");
        Turn::Ask(Request { max_bytes: MOST, ..self.access.get(&path) })
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<FeedAnswer> {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        let Some(rows) = rows(&response) else { return Turn::Done(no_rows(&response).into()) };
        match life_of(&rows) {
            Some(life) => Turn::Done(self.page(life, if self.at_end { &[] } else { &rows })),
            None if self.at_end || !rows.is_empty() => Turn::Done(no_rows(&response).into()),
            None => {
                self.at_end = true;
                Turn::Ask(ask_life(&self.access))
            }
        }
    }
}

impl Fetch {
    fn page(&self, epoch: Epoch, rows: &[Value]) -> FeedAnswer {
        if self.epoch.as_ref().is_some_and(|known| *known != epoch) {
            return FeedAnswer::EpochChanged(epoch);
        }
        let last = rows.iter().filter_map(|row| row.get("seq")?.as_u64()).max();
        let next = last.map_or_else(|| self.cursor.clone(), Cursor::from);
        let more = rows.len() >= PAGE && next != self.cursor;
        // What cannot be read must not hold up what is behind it; it stays in the database.
        let records = sift(rows.iter().filter_map(record).collect(), &self.session);
        FeedAnswer::Page(FeedPage { epoch, records, next, more })
    }
}

fn record(row: &Value) -> Option<Record> {
    let stamp = |name: &str| -> Option<Stamp> { row.get(name)?.as_str()?.parse().ok() };
    let event = Event::from_json(row.get("event")?.clone()).ok()?;
    let received = stamp("received")?;
    // As our own server does it: the offset measured before writing is the best witness, then that of the sending.
    let measured = stamp("sent").map(|sent| received.ms_since(sent));
    let offset = event.clockoffset.or(measured.filter(|off| off.abs() > WRONG_CLOCK_MS));
    let arrival = Arrival {
        seq: row.get("seq")?.as_u64()?,
        received,
        happened: event.time.corrected(offset),
        author_name: row.get("author_name")?.as_str()?.to_owned(),
    };
    Some(Record { event, arrival: Some(arrival) })
}
