//! A few numbers outside of IndexedDB that tell whether the browser has emptied it.

use gloo_storage::{LocalStorage, Storage};
use waymark_core::json::Json;
use waymark_core::json_struct;
use waymark_core::sync::{Counts, UnsentLoss};

pub(super) struct Canary {
    seen: String,
    loss: String,
}

/// How things stood when the store was last looked at.
struct Seen {
    /// Which database it was: a new one has another birth mark, whatever it is called.
    birth: f64,
    counts: Counts,
    devseq: u64,
}

json_struct!(Seen: required [birth, counts, devseq]);

/// As JSON, if there is one and it can be read.
fn kept<T: Json>(name: &str) -> Option<T> {
    let text = LocalStorage::raw().get_item(name).ok()??;
    T::from_value(&serde_json::from_str(&text).ok()?).ok()
}

/// Without localStorage there is no canary, and nothing else that could be done about it.
fn keep<T: Json>(name: &str, value: &T) {
    let _ = LocalStorage::raw().set_item(name, &value.to_value().to_string());
}

impl Canary {
    pub fn new(database: &str) -> Self {
        Self { seen: format!("waymark.canary.{database}"), loss: format!("waymark.loss.{database}") }
    }

    /// Compares the store with how it was, remembers how it is, and tells what has been lost, until it is
    /// [forgotten](Self::forget).
    pub fn compare(&self, birth: f64, counts: &Counts, devseq: u64) -> Option<UnsentLoss> {
        let seen: Option<Seen> = kept(&self.seen);
        if let Some(seen) = seen.filter(|seen| !same(seen.birth, birth) && seen.counts.records > 0) {
            let unsent = seen.counts.queued + seen.counts.refused;
            let loss = UnsentLoss { unsent, since: seen.counts.oldest_queued };
            keep(&self.loss, &add(kept(&self.loss), loss));
        }
        keep(&self.seen, &Seen { birth, counts: counts.clone(), devseq });
        kept(&self.loss)
    }

    /// Notes a save at once: if the tab dies now, the queue is still accounted for. Not in a database that is younger
    /// than what was seen; that is for [`Self::compare`] to find out.
    pub fn note_saved(&self, counts: &Counts, devseq: u64) {
        let seen: Option<Seen> = kept(&self.seen);
        if let Some(seen) = seen.filter(|seen| seen.devseq < devseq) {
            keep(&self.seen, &Seen { counts: counts.clone(), devseq, ..seen });
        }
    }

    /// The highest counter that this device is known to have used.
    pub fn devseq(&self) -> u64 {
        kept(&self.seen).map_or(0, |seen: Seen| seen.devseq)
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
