//! What is known of a backend: what it got, what it refused, what stands in the way.

use serde::{Deserialize, Serialize};
use waymark_core::event::{EventId, Stamp};
use waymark_core::sync::{Epoch, Trouble};

use super::place::Relay;
use super::{Store, window};
use crate::storage::StorageError;

/// Of so many refused records the words are kept; of the others only which they are.
const WORDS_OF: usize = 100;
/// So many pages of the feed are counted; beyond them, places are.
const PAGES: u32 = 20;

/// How one backend stands. Every record of the feed up to `through` is with the backend, or in `owed`, or in `refused`,
/// or not for this relay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ledger {
    /// The life of the backend in which all this is so.
    pub epoch: Option<Epoch>,
    /// A place in the organisation's feed.
    pub through: u64,
    /// Places up to `through` that are still to be sent.
    pub owed: Vec<u64>,
    /// How many records this life of the backend has got.
    pub delivered: u64,
    /// When it last got one.
    pub last: Option<Stamp>,
    /// Places of the records that were refused.
    pub refused: Vec<u64>,
    /// The newest of them, with the backend's words.
    pub words: Vec<Refused>,
    pub trouble: Option<Standstill>,
    /// The last wish of the operator's that was granted; see [`Relay::retry`].
    pub retried: u32,
}

/// A record that the backend would not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub id: EventId,
    pub code: String,
    /// The backend's own words.
    pub detail: String,
    pub at: Stamp,
}

/// Why nothing goes out, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standstill {
    pub code: String,
    pub since: Stamp,
}

/// What is still to be sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    pub records: u64,
    /// When the first of them arrived here.
    pub since: Option<Stamp>,
}

impl Ledger {
    /// That of a relay; a fresh one if there is none.
    ///
    /// # Errors
    /// The database fails, or holds something else.
    pub async fn read(storage: Store<'_>, relay: &Relay) -> Result<Self, StorageError> {
        match storage.setting(&name(relay)).await? {
            Some(text) if !text.is_empty() => {
                serde_json::from_str(&text).map_err(|_| StorageError::Unreadable("ledger of a relay"))
            }
            _ => Ok(Self::default()),
        }
    }

    /// # Errors
    /// The database fails; what was written before is still there.
    pub async fn write(&self, storage: Store<'_>, relay: &Relay) -> Result<(), StorageError> {
        let text = serde_json::to_string(self).map_err(|error| StorageError::Database(error.into()))?;
        storage.put_setting(&name(relay), &text).await
    }

    /// Forgets what is known of a place that gets nothing more.
    ///
    /// # Errors
    /// The database fails.
    pub async fn forget(storage: Store<'_>, relay: &Relay) -> Result<(), StorageError> {
        storage.put_setting(&name(relay), "").await
    }

    pub(super) fn refuse(&mut self, place: u64, refused: Refused) {
        self.refused.push(place);
        self.words.push(refused);
        let old = self.words.len().saturating_sub(WORDS_OF);
        self.words.drain(..old);
    }

    /// What was refused is to be sent again; all of it from the start, if it is more than is kept in memory.
    pub(super) fn take_back_refused(&mut self) {
        if self.refused.len() > window::MOST {
            (self.through, self.delivered) = (0, 0);
            self.owed.clear();
        } else {
            self.owed.append(&mut self.refused);
            self.owed.sort_unstable();
        }
        self.refused.clear();
        self.words.clear();
    }

    /// Another life of the backend has begun: it has nothing any more.
    pub(super) fn begin_anew(&mut self, epoch: Epoch) {
        *self = Self { epoch: Some(epoch), retried: self.retried, ..Self::default() };
    }
}

/// What is still to be sent, by the ledger: counted up to some 20,000 records, and estimated beyond, as places may be
/// those of records that are not for this relay.
///
/// # Errors
/// The database fails.
pub async fn backlog(storage: Store<'_>, relay: &Relay, ledger: &Ledger) -> Result<Backlog, StorageError> {
    let viewer = relay.viewer();
    let mut backlog = Backlog { records: ledger.owed.len() as u64, since: None };
    if let Some(first) = ledger.owed.first() {
        let page = storage.feed(&viewer, &Relay::device(), first.saturating_sub(1), 1).await?;
        backlog.since = window::arrived(&page);
    }
    let mut through = ledger.through;
    for _ in 0..PAGES {
        let page = storage.feed(&viewer, &Relay::device(), through, window::PAGE).await?;
        backlog.records += page.records.len() as u64;
        backlog.since = backlog.since.or_else(|| window::arrived(&page));
        through = page.next;
        if !page.more {
            return Ok(backlog);
        }
    }
    backlog.records += storage.newest(&relay.org).await?.saturating_sub(through);
    Ok(backlog)
}

/// The word for a trouble, in lists and logs.
pub(super) fn code(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable => "unreachable",
        Trouble::TimedOut => "timed_out",
        Trouble::NotTheBackend => "not_the_backend",
        Trouble::TooLarge => "too_large",
        Trouble::SignIn => "sign_in",
        Trouble::Busy => "busy",
        Trouble::Backend(status) => return format!("server_error {status}"),
        Trouble::Storage => "storage",
    }
    .to_owned()
}

fn name(relay: &Relay) -> String {
    format!("relay.{}", relay.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(n: u64) -> Refused {
        let random = [u8::try_from(n % 256).unwrap(); 10];
        Refused { id: EventId::new(n, random), code: "x".into(), detail: String::new(), at: Stamp(0) }
    }

    #[test]
    fn of_many_refused_the_last_words_are_kept_and_all_places() {
        let mut ledger = Ledger { through: 300, owed: vec![7], ..Ledger::default() };
        for n in 1..=150 {
            ledger.refuse(n, refused(n));
        }
        assert_eq!((ledger.refused.len(), ledger.words.len()), (150, WORDS_OF));
        assert_eq!(ledger.words.last(), Some(&refused(150)));
        ledger.take_back_refused();
        assert_eq!((ledger.owed.len(), ledger.through), (151, 300));
        assert_eq!((ledger.refused.len(), ledger.words.len()), (0, 0));
        assert!(ledger.owed.is_sorted());
    }

    #[test]
    fn more_refused_than_fit_in_memory_are_sent_from_the_start() {
        let places = (1..=window::MOST as u64 + 1).collect();
        let mut ledger = Ledger { through: 9_000, refused: places, delivered: 3, ..Ledger::default() };
        ledger.take_back_refused();
        assert_eq!(ledger, Ledger::default());
    }
}
