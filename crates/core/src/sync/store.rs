use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    BatchLimit, Delivery, Destination, Epoch, FeedPage, Meta, Reader, Refusal, Session, Settlement, Tally, To,
};
use crate::event::{Digest, Event, EventId, Record, Stamp, Unsaved};
use crate::json_struct;

/// What waits in the outbox, without its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub id: EventId,
    pub digest: Digest,
    pub devseq: u64,
    /// Goes before all that is not.
    pub urgent: bool,
    /// Length of the JSON on the wire.
    pub bytes: usize,
}

json_struct!(Entry: required [id, digest, devseq, urgent, bytes]);

impl Entry {
    pub fn of(event: &Event, urgent: bool, bytes: usize) -> Self {
        Self { id: event.id, digest: event.digest, devseq: event.devseq, urgent, bytes }
    }
}

/// An outbox entry with the JSON to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    pub entry: Entry,
    pub json: String,
}

/// The beginning of a backend's part of the outbox, and what the phone remembered at that same moment. Tabs share the store:
/// by `meta` a tab sees whether it may send `queued` where it is about to.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub queued: Vec<Queued>,
    pub meta: Meta,
}

/// Which of the three places holds an own record, as the home goes: whether others there know of it does not wait for any
/// mirror. Records of others are in the backend by nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    Outbox,
    Refused(Refused),
    Backend {
        /// The server's clock when it acknowledged; `None` for records that came through the feed.
        acknowledged: Option<Stamp>,
    },
}

/// A record that the backend would not take: listed, exportable, retryable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    pub entry: Entry,
    pub refusal: Refusal,
    pub at: Stamp,
}

json_struct!(Refused: required [entry, refusal, at]);

/// A record on this phone and what is known of its whereabouts.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    pub record: Record,
    /// Written on this device.
    pub mine: bool,
    pub placement: Placement,
}

/// Numbers for the status line and the canary.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub queued: u32,
    pub refused: u32,
    /// All records on this phone.
    pub records: u32,
    /// When the oldest queued record was written down.
    pub oldest_queued: Option<Stamp>,
}

json_struct!(Counts: required [queued, refused, records, oldest_queued]);

/// Records that were on this phone, had not been sent, and are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UnsentLoss {
    /// How many; may be 0 if all had been sent.
    pub unsent: u32,
    /// When the oldest of them was written down.
    pub since: Option<Stamp>,
}

json_struct!(UnsentLoss: required [unsent, since]);

/// A page of records, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Only records that happened before this one (by time, then id).
    pub before: Option<(Stamp, EventId)>,
    pub limit: usize,
}

/// Records of others that nobody has answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Waiting {
    /// All emergencies, then the urgent ones, then those that have waited longest; of the last two as many as were asked
    /// for.
    pub first: Vec<Held>,
    /// How many there are in all.
    pub count: u32,
    /// How many of them are check-ins of exercises, which come last.
    pub drills: u32,
}

/// What can go wrong in a store. Nothing is half done: each method is one transaction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The handle died and could not be reopened.
    #[error("the storage of this browser was closed")]
    Closed,
    /// Another tab holds an older version open.
    #[error("another tab keeps the storage busy")]
    Blocked,
    #[error("the storage of this phone is full")]
    Full,
    /// Private mode, or storage switched off.
    #[error("this browser does not let pages store anything")]
    Unavailable,
    #[error("the storage answered with an error: {0}")]
    Failed(String),
}

impl StoreError {
    /// Whether trying again soon may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Closed | Self::Blocked | Self::Failed(_))
    }
}

/// What a phone's store does. Every method is one transaction of strict durability: when it returns `Ok`, the
/// change has reached the disk; when it returns an error, nothing has changed.
#[allow(async_fn_in_trait)] // one thread: a browser tab, or a test
pub trait LocalStore {
    /// Gives the event its place in the device's order, writes it and its outbox entry, takes what it answers off the
    /// waiting list and drops the draft it came from.
    async fn save(&self, unsaved: Unsaved, draft: Option<&str>) -> Result<Event, StoreError>;

    /// The first entries to send to this backend: urgent ones first, then in the order they were written, without those to pass
    /// over. At least one if there is any, however large; more only within the limit.
    async fn head(
        &self,
        to: To,
        limit: BatchLimit,
        passing_over: &BTreeSet<EventId>,
    ) -> Result<Head, StoreError>;

    /// Moves entries out of this backend's part of the outbox: to the backend on their receipts, or to the refused list.
    /// An entry that is no longer in the outbox, or is there with another digest, is left alone. If the settlement's
    /// epoch is not the one known, then [`Self::adopt_epoch`] in the same transaction. `false`, and nothing is done, if another
    /// place than `place` stands under this number by now; without it that is not asked.
    async fn settle(
        &self,
        to: To,
        place: Option<&Destination>,
        settlement: &Settlement,
    ) -> Result<bool, StoreError>;

    /// Puts a record back into the outbox for each backend that refused it. `false` if none did.
    async fn retry(&self, id: EventId) -> Result<bool, StoreError>;

    /// The backend has another life: own records that it has not acknowledged in this life go back into the outbox,
    /// and the feed, if it is the home's, is read from its start. Gives the number put back. `None`, and nothing is done, if
    /// it was learnt by another `reader` than the present one; without it that is not asked.
    async fn adopt_epoch(
        &self,
        to: To,
        reader: Option<&Reader>,
        epoch: &Epoch,
    ) -> Result<Option<u32>, StoreError>;

    /// Records go to these from now on. A new one gets all own records; what waits for one that is gone is dropped, and
    /// stays queued for the others.
    async fn direct(&self, home: Option<&Destination>, mirrors: &[Destination]) -> Result<(), StoreError>;

    /// Signs in and directs, in one transaction: nobody's records go where those of another organisation went.
    async fn join(
        &self,
        session: &Session,
        home: Option<&Destination>,
        mirrors: &[Destination],
    ) -> Result<(), StoreError>;

    /// How an own record stands with each backend, the home first; nothing of backends that were never owed it.
    async fn deliveries(&self, id: EventId) -> Result<Vec<(To, Delivery)>, StoreError>;

    /// What each backend has not taken, the home first.
    async fn tallies(&self) -> Result<Vec<Tally>, StoreError>;

    /// Takes in a page of the feed and moves the cursor. Records already held are kept as they are, with the newer
    /// arrival: that of a former life of the backend is never newer. Gives the number of records not held before. `None`,
    /// and nothing is done, if another `reader` than the present one asked for it; without it that is not asked.
    async fn apply(&self, reader: Option<&Reader>, page: &FeedPage) -> Result<Option<u32>, StoreError>;

    /// A record that several backends have to confirm is counted once.
    async fn counts(&self) -> Result<Counts, StoreError>;
    /// The ids of all that is queued or refused, oldest first.
    async fn unsent(&self) -> Result<Vec<EventId>, StoreError>;
    async fn held(&self, id: EventId) -> Result<Option<Held>, StoreError>;

    /// Records that are not about other records, newest first.
    async fn page(&self, page: Page) -> Result<Vec<Held>, StoreError>;

    /// Records that are forms, newest first by when they were written: see [`crate::view::Chain`].
    async fn chain(&self, page: Page) -> Result<Vec<Held>, StoreError>;

    /// What was said about each of these records, oldest first; without what the backend would not take.
    async fn about(&self, ids: &[EventId]) -> Result<Vec<Vec<Record>>, StoreError>;

    /// Records of others that wait for an answer: all emergencies, at most `limit` of the others, and how many there are.
    async fn waiting(&self, limit: usize) -> Result<Waiting, StoreError>;

    /// Movements whose plan is on this phone, the latest departure first: all, or only those that nobody has closed.
    async fn movements(&self, open: bool, limit: usize) -> Result<Vec<EventId>, StoreError>;

    /// All records that belong to each of these movements, in no order; none where nothing is known of it.
    async fn of_movements(&self, ids: &[EventId]) -> Result<Vec<Vec<Held>>, StoreError>;

    async fn meta(&self) -> Result<Meta, StoreError>;
    /// The phone's own secret; `fresh` becomes it if there is none yet.
    async fn device_key(&self, fresh: &str) -> Result<String, StoreError>;
    async fn sign_in(&self, session: &Session) -> Result<(), StoreError>;
    async fn learn_clock(&self, clockoffset: i64) -> Result<(), StoreError>;

    async fn draft(&self, name: &str) -> Result<Option<String>, StoreError>;
    async fn put_draft(&self, name: &str, text: &str) -> Result<(), StoreError>;
    async fn drop_draft(&self, name: &str) -> Result<(), StoreError>;
}
