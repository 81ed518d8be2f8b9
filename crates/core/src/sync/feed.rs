use super::{Epoch, Trouble};
use crate::event::Record;

/// One page of `GET /feed`.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedPage {
    pub epoch: Epoch,
    pub records: Vec<Record>,
    /// Ask for what comes after this.
    pub next: u64,
    pub more: bool,
}

/// What came back from `GET /feed`.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedAnswer {
    Page(FeedPage),
    /// The backend has another life.
    EpochChanged(Epoch),
    SignIn,
    /// Wait at least this many milliseconds, if it said so.
    Failed(Trouble, Option<i64>),
}
