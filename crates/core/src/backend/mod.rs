//! Backends: how a batch becomes an HTTP request and what the response means. One file each; no I/O in them.

mod access;
pub mod blobs;
pub mod bundles;
pub mod connection;
pub mod couchdb;
mod encode;
mod files;
mod in_time;
mod one_by_one;
pub mod openrosa;
pub mod pack_files;
pub mod packs;
pub mod postgrest;
pub mod reference;
pub mod refused;
mod reply;
pub mod s3;
#[cfg(test)]
mod script;
mod sight;
pub mod standards;
pub mod webdav;
pub mod webhook;
pub mod xform;

use crate::event::Stamp;
use crate::sync::{
    Answer, BackendKind, Cursor, Destination, Epoch, FeedAnswer, Meta, Queued, Session, Trouble,
};
use connection::{Connection, Probe};
use in_time::in_time;

/// One step of what is said to and fro with a backend until there is an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn<Answer> {
    /// Make this request and say what came of it.
    Ask(Request),
    Done(Answer),
}

/// What is said to and fro with a backend about one thing: a batch, a page of its feed, whether it is there. No I/O: the
/// driver makes each request and brings its reply.
pub trait Dialogue {
    type Answer;

    /// The first turn.
    fn open(&mut self, now: Stamp) -> Turn<Self::Answer>;

    /// What follows from the reply to the request of the last turn.
    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Self::Answer>;
}

/// A dialogue of whatever kind of backend.
pub type Talk<Answer> = Box<dyn Dialogue<Answer = Answer> + Send>;

/// Sends a batch to a backend of any kind. `epoch` is the life of the backend that this phone knows, if it knows one; `now` its
/// clock, right or wrong, and `clockoffset` what has to be added to that, in milliseconds, as far as it is known.
pub fn deliver(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    batch: &[Queued],
    now: Stamp,
    clockoffset: Option<i64>,
) -> Talk<Answer> {
    match destination.kind {
        BackendKind::Reference => {
            let request = at(destination, reference::send(session, batch, now));
            Box::new(Once { request: Some(request), read: reference::read_send, lost: Answer::NotTheBackend })
        }
        // What is not signed is of no time.
        BackendKind::Webhook if destination.sign_in.secret.is_empty() => webhook::deliver(destination, batch),
        BackendKind::Webhook => {
            let (destination, batch) = (destination.clone(), batch.to_vec());
            in_time(clockoffset, false, move |_| webhook::deliver(&destination, &batch))
        }
        BackendKind::OpenRosa => openrosa::deliver(destination, batch),
        BackendKind::WebDav => webdav::deliver(destination, session, batch),
        BackendKind::S3 => {
            let (destination, session, batch) = (destination.clone(), session.clone(), batch.to_vec());
            in_time(clockoffset, true, move |_| s3::deliver(&destination, &session, &batch))
        }
        BackendKind::CouchDb => couchdb::deliver(destination, session, epoch, batch),
        BackendKind::Postgrest => postgrest::deliver(destination, session, epoch, batch),
    }
}

/// Reads the page of a backend's feed after `cursor`. `None` for kinds that have no feed.
pub fn fetch(
    destination: &Destination,
    session: &Session,
    epoch: Option<&Epoch>,
    cursor: &Cursor,
) -> Option<Talk<FeedAnswer>> {
    Some(match destination.kind {
        BackendKind::Reference => {
            let meta = Meta { epoch: epoch.cloned(), cursor: cursor.clone(), ..Meta::default() };
            let request = at(destination, reference::feed(session, &meta));
            let lost = FeedAnswer::Failed(Trouble::NotTheBackend, None);
            Box::new(Once { request: Some(request), read: reference::read_feed, lost })
        }
        BackendKind::CouchDb => couchdb::fetch(destination, session, epoch, cursor),
        BackendKind::Postgrest => postgrest::fetch(destination, session, epoch, cursor),
        BackendKind::Webhook | BackendKind::OpenRosa | BackendKind::WebDav | BackendKind::S3 => return None,
    })
}

/// Finds out what stands between this phone and a backend; sends no record. `online` is what the browser says of the
/// network, `clockoffset` as for [`deliver`]. `None` for our own server, whose test is in [`connection`].
pub fn probe(destination: &Destination, online: bool, clockoffset: Option<i64>) -> Option<Talk<Connection>> {
    let signed = |probe: fn(&Destination, bool, Stamp) -> Probe| {
        let destination = destination.clone();
        in_time(clockoffset, true, move |now| Box::new(probe(&destination, online, now)))
    };
    Some(match destination.kind {
        BackendKind::Webhook => signed(webhook::probe),
        BackendKind::CouchDb => Box::new(couchdb::probe(destination, online)),
        BackendKind::Postgrest => Box::new(postgrest::probe(destination, online)),
        BackendKind::WebDav => Box::new(webdav::probe(destination, online)),
        BackendKind::S3 => signed(s3::probe),
        BackendKind::OpenRosa => Box::new(openrosa::probe(destination, online)),
        BackendKind::Reference => return None,
    })
}

/// The request, of our own server, to where this one of them is.
fn at(destination: &Destination, request: Request) -> Request {
    let address = destination.address.trim_end_matches('/');
    Request { path: format!("{address}{}", request.path), ..request }
}

/// A dialogue of one request.
struct Once<Answer> {
    request: Option<Request>,
    read: fn(Result<Response, NoResponse>, Stamp) -> Answer,
    /// For a driver that brings a reply to nothing.
    lost: Answer,
}

impl<Answer: Clone> Dialogue for Once<Answer> {
    type Answer = Answer;

    fn open(&mut self, _now: Stamp) -> Turn<Answer> {
        self.request.take().map_or_else(|| Turn::Done(self.lost.clone()), Turn::Ask)
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        Turn::Done((self.read)(reply, now))
    }
}

/// An HTTP request to make. Paths are relative to the backend's base address; those that begin with a scheme are whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<Payload>,
    /// Give up after this many milliseconds.
    pub timeout_ms: u32,
    /// The largest body of an answer, in bytes, once it is unpacked; of a stream, the longest event.
    pub max_bytes: usize,
    /// Whether anything at all answers there is asked in a way that no server can refuse a page (`no-cors` of the Fetch
    /// standard): a browser then gives neither status nor body.
    pub no_cors: bool,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    Text(String),
    Bytes(Vec<u8>),
}

impl Request {
    /// The body as text; nothing if it is none.
    pub fn text(&self) -> &str {
        match &self.body {
            Some(Payload::Text(text)) => text,
            Some(Payload::Bytes(_)) | None => "",
        }
    }
}

impl Payload {
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

/// An HTTP response, read to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub content_type: String,
    pub retry_after: Option<String>,
    /// The headers that a backend's file asks for by name, those that a page is shown: names in lower case.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Which headers of a response are kept, besides the type and when to come back.
pub const KEPT_HEADERS: [&str; 3] = ["date", "www-authenticate", "x-amz-checksum-sha256"];

impl Response {
    /// A header of [`KEPT_HEADERS`].
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoResponse {
    /// Offline, refused, cut off, or blocked by the browser; these cannot be told apart in a page.
    Network,
    TimedOut,
    Aborted,
    /// The body is larger than the request allows; the rest of it was not read.
    TooLarge,
}
