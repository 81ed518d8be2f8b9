//! A few numbers outside of IndexedDB that tell whether the browser has emptied it.

use gloo_storage::{LocalStorage, Storage};
use serde::{Deserialize, Serialize};
use waymark_core::sync::{Counts, UnsentLoss};

pub(super) struct Canary {
    seen: String,
    loss: String,
}

/// How things stood when the store was last looked at.
#[derive(Serialize, Deserialize)]
struct Seen {
    /// Which database it was: a new one has another birth mark, whatever it is called.
    birth: f64,
    counts: Counts,
    devseq: u64,
}

impl Canary {
    pub fn new(database: &str) -> Self {
        Self { seen: format!("waymark.canary.{database}"), loss: format!("waymark.loss.{database}") }
    }

    /// Compares the store with how it was, remembers how it is, and tells what has been lost, until it is
    /// [forgotten](Self::forget).
    pub fn compare(&self, birth: f64, counts: &Counts, devseq: u64) -> Option<UnsentLoss> {
        let seen: Option<Seen> = LocalStorage::get(&self.seen).ok();
        if let Some(seen) = seen.filter(|seen| !same(seen.birth, birth) && seen.counts.records > 0) {
            let unsent = seen.counts.queued + seen.counts.refused;
            let loss = UnsentLoss { unsent, since: seen.counts.oldest_queued };
            let _ = LocalStorage::set(&self.loss, add(LocalStorage::get(&self.loss).ok(), loss));
        }
        // Without localStorage there is no canary, and nothing else that could be done about it.
        let _ = LocalStorage::set(&self.seen, Seen { birth, counts: counts.clone(), devseq });
        LocalStorage::get(&self.loss).ok()
    }

    /// Notes a save at once: if the tab dies now, the queue is still accounted for. Not in a database that is younger
    /// than what was seen; that is for [`Self::compare`] to find out.
    pub fn note_saved(&self, counts: &Counts, devseq: u64) {
        let seen: Option<Seen> = LocalStorage::get(&self.seen).ok();
        if let Some(seen) = seen.filter(|seen| seen.devseq < devseq) {
            let _ = LocalStorage::set(&self.seen, Seen { counts: counts.clone(), devseq, ..seen });
        }
    }

    /// The highest counter that this device is known to have used.
    pub fn devseq(&self) -> u64 {
        LocalStorage::get::<Seen>(&self.seen).map_or(0, |seen| seen.devseq)
    }

    pub fn forget(&self) {
        LocalStorage::delete(&self.loss);
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < f64::EPSILON
}

fn add(told: Option<UnsentLoss>, loss: UnsentLoss) -> UnsentLoss {
    let Some(told) = told else { return loss };
    UnsentLoss { unsent: told.unsent + loss.unsent, since: told.since.or(loss.since) }
}
