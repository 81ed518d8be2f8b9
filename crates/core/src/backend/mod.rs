//! Backends: how a batch becomes an HTTP request and what the response means. One file each; no I/O in them.

pub mod blobs;
pub mod bundles;
pub mod connection;
pub mod pack_files;
pub mod packs;
pub mod reference;
pub mod standards;

use crate::event::Stamp;

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
    pub body: Vec<u8>,
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
