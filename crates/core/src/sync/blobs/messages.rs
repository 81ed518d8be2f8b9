//! What the machine of photos is told and what it says.

use crate::event::{Digest, Stamp};
use crate::sync::{Epoch, FlightId, Refusal};

/// A photo on this phone, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    pub sha256: Digest,
    pub media_type: String,
    pub bytes: u64,
    /// How many of its bytes the backend is believed to hold.
    pub held: u64,
}

/// How a photo of this phone stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// In a form that has not been saved.
    Draft,
    Waiting {
        held: u64,
        bytes: u64,
    },
    Sent,
    Refused(Refusal),
    /// Somebody else's, fetched to be looked at.
    Fetched,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub sha256: Digest,
    pub media_type: String,
    /// Bytes of the whole photo.
    pub total: u64,
    pub span: Span,
}

/// What of a photo a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// From this byte to before that one.
    Part(u64, u64),
    /// Nothing: what does the backend hold?
    Ask,
    /// All of it, in place of whatever the backend holds.
    Whole,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BlobInput {
    /// All text is away, and there is a network.
    Free {
        now: Stamp,
    },
    /// Text goes first, or the network is gone.
    Taken,
    /// There may be a photo to send; `insists` if somebody tapped, signed in, or the network has changed.
    Wake {
        insists: bool,
        now: Stamp,
    },
    Tick {
        now: Stamp,
    },
    Loaded {
        blob: Option<Blob>,
    },
    Answered {
        flight: FlightId,
        answer: BlobAnswer,
        now: Stamp,
        took_ms: i64,
        jitter: u32,
    },
    /// What was to be noted is stored.
    Noted,
    StoreFailed {
        now: Stamp,
        jitter: u32,
    },
}

/// What came back for a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobAnswer {
    /// The backend holds the photo, by its name.
    Receipt(Epoch),
    /// It holds so many bytes and waits for the others.
    Held(u64),
    /// What it had was not what the name says: it has dropped it.
    Dropped(Refusal),
    Refused(Refusal),
    /// 413, but not in the backend's words: something between takes only less at a time.
    TooLarge,
    SignIn,
    /// Milliseconds it asked to be left alone.
    Busy(Option<i64>),
    Backend(u16),
    NotTheBackend,
    Unreachable,
    TimedOut,
    /// We took it back ourselves.
    Aborted,
}

#[derive(Debug, Clone, PartialEq)]
pub enum BlobCommand {
    /// Take the lock and find the first photo that waits and whose record has arrived, without these.
    Load {
        passing_over: Vec<Digest>,
    },
    Send {
        flight: FlightId,
        piece: Piece,
    },
    Abort,
    Note {
        sha256: Digest,
        note: BlobNote,
    },
    /// Give the lock back.
    Release,
    WakeAt(Stamp),
}

/// What is to be written down about a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobNote {
    /// On the word of this life of the backend.
    Sent(Epoch),
    Held(u64),
    Refused(Refusal),
}
