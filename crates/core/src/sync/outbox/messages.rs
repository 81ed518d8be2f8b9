//! What the outbox machine is told and what it says.

use std::collections::BTreeSet;

use crate::event::{EventId, Stamp};
use crate::sync::{BatchLimit, Entry, Epoch, Receipts, Refusal};

/// Names one request, so that a late answer is not taken for another's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlightId(pub u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    Idle,
    /// Asked the store for the head of the queue.
    Loading,
    Sending,
    Settling,
    /// Will try again then.
    Waiting(Stamp),
    /// The backend does not know this phone any more: sign in again.
    Paused,
}

/// Why nothing goes out, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No connection to the backend.
    Unreachable,
    TimedOut,
    /// Something other than the backend answered: a sign-in page of a network, a proxy.
    NotTheBackend,
    /// The answer was larger than any that the backend gives.
    TooLarge,
    SignIn,
    /// The backend asked for time.
    Busy,
    /// The backend failed, with this HTTP status.
    Backend(u16),
    /// The storage of this phone failed.
    Storage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    Saved {
        urgent: bool,
    },
    Online,
    Visible,
    Tap,
    SignedIn,
    /// Background Sync, or another tab.
    Background,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    Wake {
        why: Wake,
        now: Stamp,
    },
    Offline,
    Tick {
        now: Stamp,
    },
    Loaded {
        entries: Vec<Entry>,
        now: Stamp,
    },
    /// In place of [`Self::Loaded`]: these of what was loaded are of another organisation than the one that is signed
    /// in. They are refused here, and the rest is loaded again.
    Strangers {
        entries: Vec<Entry>,
        now: Stamp,
    },
    Answered {
        flight: FlightId,
        answer: Answer,
        now: Stamp,
        took_ms: i64,
        jitter: u32,
    },
    Settled {
        now: Stamp,
    },
    /// Loading or settling failed; nothing changed in the store.
    StoreFailed {
        now: Stamp,
        jitter: u32,
    },
}

/// The code by which a record is refused on the phone itself: the organisation that wrote it is not signed in.
pub const OTHER_ORGANISATION: &str = "other_organisation";

/// What came back for a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Receipts(Receipts),
    /// 401 or 403.
    SignIn,
    /// 413, with the backend's words if they were its own.
    TooLarge(Option<Refusal>),
    /// 429 or 503; milliseconds it asked to be left alone.
    Busy(Option<i64>),
    /// The batch as a whole was refused, in the backend's words.
    BadBatch(Refusal),
    Backend(u16),
    /// No receipt, and not an error of the backend either: HTML, 204, cut off, another type.
    NotTheBackend,
    Unreachable,
    TimedOut,
    /// We took it back ourselves.
    Aborted,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take the lock and read the head of the queue.
    Load {
        limit: BatchLimit,
        passing_over: BTreeSet<EventId>,
    },
    /// Send these of the entries that were loaded.
    Send {
        flight: FlightId,
        ids: Vec<EventId>,
    },
    Abort {
        flight: FlightId,
    },
    Settle(Settlement),
    /// Give the lock back.
    Release,
    WakeAt(Stamp),
}

/// What leaves the outbox, on whose word.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// `None` when the decision was not made by receipts (a batch of one that was refused as a whole, or on the phone).
    pub epoch: Option<Epoch>,
    /// The server's clock; else the phone's.
    pub at: Stamp,
    /// Each with the moment at which the backend got it, by its clock.
    pub stored: Vec<(Entry, Stamp)>,
    pub refused: Vec<(Entry, Refusal)>,
}
