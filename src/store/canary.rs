//! A few numbers outside of IndexedDB that tell whether the browser has emptied it.

use gloo_storage::{LocalStorage, Storage};
use waymark_core::sync::Counts;

use crate::state::UnsentLoss;

pub(super) struct Canary {
    seen: String,
    loss: String,
}

impl Canary {
    pub fn new(database: &str) -> Self {
        Self { seen: format!("waymark.canary.{database}"), loss: format!("waymark.loss.{database}") }
    }

    /// Remembers how things stand.
    pub fn sees(&self, counts: &Counts) {
        // Without localStorage there is no canary, and nothing else that could be done about it.
        let _ = LocalStorage::set(&self.seen, counts);
    }

    /// What must have been there and is not: the canary has seen records and the store is empty. Told again at every
    /// start until it is [`Self::forget`]ten.
    pub fn missing(&self, counts: &Counts) -> Option<UnsentLoss> {
        if let Ok(told) = LocalStorage::get(&self.loss) {
            return Some(told);
        }
        let seen: Counts = LocalStorage::get(&self.seen).ok()?;
        if counts.records > 0 || seen.records == 0 {
            return None;
        }
        let loss = UnsentLoss { unsent: seen.queued + seen.refused, since: seen.oldest_queued };
        let _ = LocalStorage::set(&self.loss, loss);
        Some(loss)
    }

    pub fn forget(&self) {
        LocalStorage::delete(&self.loss);
    }
}
