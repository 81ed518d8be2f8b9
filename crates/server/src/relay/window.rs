//! The part of the feed that is being sent: records in memory, by their places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use waymark_core::event::{EventId, Record, Stamp};
use waymark_core::sync::{BatchLimit, Entry, Queued};

use super::Store;
use super::ledger::Ledger;
use super::place::Relay;
use crate::storage::{Page, StorageError};

/// Records read from the feed at once.
pub const PAGE: u32 = 1_000;
/// So many are in memory that are not passed over, as long as there are any: a full batch, and the urgent among them first.
const AHEAD: usize = 1_000;
/// The most that are in memory. So many that get no decision do hold up the others.
pub const MOST: usize = 5_000;

/// Records to be sent.
#[derive(Default)]
pub struct Window {
    owed: BTreeMap<u64, Owed>,
    places: HashMap<EventId, u64>,
    /// What this life of the backend has got already although it is after the ledger's place.
    had: BTreeSet<u64>,
}

struct Owed {
    queued: Queued,
    author: String,
}

impl Window {
    /// Reads what a ledger owes.
    pub async fn recall(storage: Store<'_>, relay: &Relay, ledger: &Ledger) -> Result<Self, StorageError> {
        let mut window = Self::default();
        let mut left: BTreeSet<u64> = ledger.owed.iter().copied().collect();
        while let Some(first) = left.first().copied() {
            let page = storage.feed(&relay.viewer(), &Relay::device(), first.saturating_sub(1), PAGE).await?;
            for record in page.records {
                if place(&record).is_some_and(|place| left.remove(&place)) {
                    window.add(record);
                }
            }
            // What is not on the page where it should be is not for this relay.
            left.retain(|place| page.more && *place > page.next);
        }
        Ok(window)
    }

    /// Reads on in the feed, and says whether anything urgent came. `ledger.through` rises; whoever writes the ledger down
    /// writes what is owed with it.
    pub async fn read_on(
        &mut self,
        storage: Store<'_>,
        relay: &Relay,
        ledger: &mut Ledger,
        passing_over: &BTreeSet<EventId>,
    ) -> Result<bool, StorageError> {
        let mut urgent = false;
        while self.owed.len() < MOST && self.free(passing_over) < AHEAD {
            let page = storage.feed(&relay.viewer(), &Relay::device(), ledger.through, PAGE).await?;
            for record in page.records {
                if !place(&record).is_some_and(|place| self.had.remove(&place)) {
                    urgent |= self.add(record);
                }
            }
            ledger.through = page.next;
            if !page.more {
                self.had.clear();
                break;
            }
        }
        Ok(urgent)
    }

    /// The first entries to send: urgent ones first, then in the order of the feed. At least one if there is any, however
    /// large; more only within the limit.
    pub fn head(&self, limit: BatchLimit, passing_over: &BTreeSet<EventId>, one_author: bool) -> Vec<Entry> {
        let urgent = self.owed.values().filter(|owed| owed.queued.entry.urgent);
        let others = self.owed.values().filter(|owed| !owed.queued.entry.urgent);
        let mut free =
            urgent.chain(others).filter(|owed| !passing_over.contains(&owed.queued.entry.id)).peekable();
        let author = free.peek().map(|owed| owed.author.as_str()).unwrap_or_default();
        let mut bytes = 0;
        let mut head: Vec<Entry> = vec![];
        for Owed { queued, .. } in free.filter(|owed| !one_author || owed.author == author) {
            bytes += queued.entry.bytes;
            if !head.is_empty() && (head.len() >= limit.records || bytes > limit.bytes) {
                break;
            }
            head.push(queued.entry.clone());
        }
        head
    }

    /// What to send of these, and the name of whoever wrote the first of them.
    pub fn batch(&self, ids: &[EventId]) -> (Vec<Queued>, String) {
        let owed = ids.iter().filter_map(|id| self.owed.get(self.places.get(id)?));
        let author = owed.clone().next().map(|owed| owed.author.clone()).unwrap_or_default();
        (owed.map(|owed| owed.queued.clone()).collect(), author)
    }

    pub fn place_of(&self, id: EventId) -> Option<u64> {
        self.places.get(&id).copied()
    }

    /// These are decided.
    pub fn remove(&mut self, places: &[u64]) {
        for place in places {
            if let Some(owed) = self.owed.remove(place) {
                self.places.remove(&owed.queued.entry.id);
            }
        }
    }

    /// Everything is to be read again but what the backend `had` by then.
    pub fn begin_anew(&mut self, had: &[u64]) {
        *self = Self { had: had.iter().copied().collect(), ..Self::default() };
    }

    pub fn places(&self) -> impl Iterator<Item = u64> {
        self.owed.keys().copied()
    }

    pub fn len(&self) -> usize {
        self.owed.len()
    }

    fn free(&self, passing_over: &BTreeSet<EventId>) -> usize {
        self.owed.len() - passing_over.iter().filter(|id| self.places.contains_key(id)).count()
    }

    /// Whether it is urgent.
    fn add(&mut self, record: Record) -> bool {
        let Some(arrival) = record.arrival else { return false };
        let event = record.event;
        let urgent = event.body().is_ok_and(|body| body.is_urgent());
        let json = event.to_json().to_string();
        self.places.insert(event.id, arrival.seq);
        let queued = Queued { entry: Entry::of(&event, urgent, json.len()), json };
        self.owed.insert(arrival.seq, Owed { queued, author: arrival.author_name });
        urgent
    }
}

/// When the first record of a page arrived here.
pub fn arrived(page: &Page) -> Option<Stamp> {
    page.records.first()?.arrival.as_ref().map(|arrival| arrival.received)
}

fn place(record: &Record) -> Option<u64> {
    record.arrival.as_ref().map(|arrival| arrival.seq)
}

#[cfg(test)]
mod tests {
    use waymark_core::event::PeopleState;
    use waymark_core::testing::build;

    use super::*;

    /// Records at these places, by these authors; those of places above 90 are urgent.
    fn window(records: &[(u64, &str)]) -> Window {
        let mut window = Window::default();
        for (place, author) in records {
            let people = if *place > 90 { PeopleState::NotSafe } else { PeopleState::Safe };
            let event = build::unsaved("d1", *place, build::checkin_body(people, "")).into_event(*place);
            window.add(build::arrived(event, *place, author));
        }
        window
    }

    fn heads(window: &Window, limit: BatchLimit, over: &[u64], one_author: bool) -> Vec<u64> {
        let over = over.iter().map(|place| window.owed[place].queued.entry.id).collect();
        let head = window.head(limit, &over, one_author);
        head.iter().filter_map(|entry| window.place_of(entry.id)).collect()
    }

    #[test]
    fn the_urgent_come_first_and_then_the_order_of_the_feed() {
        let window = window(&[(3, "a"), (95, "a"), (1, "b"), (2, "a")]);
        let all = BatchLimit { records: 10, bytes: 1 << 20 };
        assert_eq!(heads(&window, all, &[], false), [95, 1, 2, 3]);
        assert_eq!(heads(&window, all, &[95, 2], false), [1, 3]);
        assert_eq!(heads(&window, all, &[], true), [95, 2, 3]);
        assert_eq!(heads(&window, all, &[95], true), [1]);
        assert_eq!(heads(&window, BatchLimit { records: 2, ..all }, &[], false), [95, 1]);
        assert_eq!(heads(&window, BatchLimit { bytes: 1, ..all }, &[], false), [95], "one, however large");
        let ids = [window.owed[&1].queued.entry.id, window.owed[&2].queued.entry.id];
        let (batch, author) = window.batch(&ids);
        assert_eq!((batch.len(), author.as_str()), (2, "b"));
    }

    #[test]
    fn what_is_decided_is_gone() {
        let mut window = window(&[(1, "a"), (2, "a")]);
        window.remove(&[1, 7]);
        assert_eq!((window.places().collect::<Vec<_>>(), window.len()), (vec![2], 1));
        window.begin_anew(&[2]);
        assert_eq!(window.len(), 0);
    }
}
