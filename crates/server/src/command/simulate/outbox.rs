//! What a simulated phone holds: the queue, and what has been acknowledged.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use tokio::time::Instant;
use waymark_core::event::{EventId, Unsaved};
use waymark_core::sync::{BatchLimit, Entry, Queued, Refusal, Settlement};

/// The queue in the order of core's stores: urgent ones first, then as they were written.
#[derive(Debug, Default)]
pub struct Outbox {
    devseq: u64,
    queue: BTreeMap<(bool, u64), Queued>,
    written: HashMap<EventId, Instant>,
    /// What the server says it has, in the order in which it said so.
    pub acknowledged: Vec<Queued>,
}

/// What a batch's receipts came to.
#[derive(Debug, Default)]
pub struct Settled {
    pub acknowledged: usize,
    pub refused: Vec<Refusal>,
    /// The longest from writing to receipt.
    pub slowest: Duration,
}

impl Outbox {
    /// Gives the record its place in the device's order and queues it. Gives whether it is urgent.
    pub fn save(&mut self, unsaved: Unsaved) -> bool {
        self.devseq += 1;
        let urgent = unsaved.body.is_urgent();
        let event = unsaved.into_event(self.devseq);
        let json = event.to_json().to_string();
        let entry = Entry::of(&event, urgent, json.len());
        self.written.insert(event.id, Instant::now());
        self.queue.insert((!urgent, self.devseq), Queued { entry, json });
        urgent
    }

    /// The first to send: at least one if there is any, more only within the limit.
    pub fn head(&self, limit: BatchLimit, passing_over: &BTreeSet<EventId>) -> Vec<Entry> {
        let mut bytes = 0;
        let mut head: Vec<Entry> = Vec::new();
        for Queued { entry, .. } in self.queue.values() {
            if passing_over.contains(&entry.id) {
                continue;
            }
            bytes += entry.bytes;
            if !head.is_empty() && (head.len() >= limit.records || bytes > limit.bytes) {
                break;
            }
            head.push(entry.clone());
        }
        head
    }

    /// Queued records by their ids, in that order.
    pub fn named(&self, ids: &[EventId]) -> Vec<Queued> {
        let find = |id: &EventId| self.queue.values().find(|queued| queued.entry.id == *id).cloned();
        ids.iter().filter_map(find).collect()
    }

    /// Takes out what the receipts name by id and digest, and nothing else.
    pub fn settle(&mut self, settlement: &Settlement) -> Settled {
        let mut settled = Settled::default();
        for (entry, _) in &settlement.stored {
            if let Some(queued) = self.take_out(entry) {
                let written = self.written.get(&entry.id).map(Instant::elapsed);
                settled.slowest = settled.slowest.max(written.unwrap_or_default());
                settled.acknowledged += 1;
                self.acknowledged.push(queued);
            }
        }
        for (entry, refusal) in &settlement.refused {
            if self.take_out(entry).is_some() {
                settled.refused.push(refusal.clone());
            }
        }
        settled
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    fn take_out(&mut self, entry: &Entry) -> Option<Queued> {
        let key = (!entry.urgent, entry.devseq);
        let held = self.queue.get(&key)?;
        if (held.entry.id, held.entry.digest) != (entry.id, entry.digest) {
            return None;
        }
        self.queue.remove(&key)
    }
}
