//! A [`LocalStore`] in memory, whose disk outlives the process and whose transactions can be made to fail.

mod disk;

pub use disk::{Disk, Row};

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::event::{Body, Event, EventId, Record, Unsaved};
use crate::sync::{
    BatchLimit, Counts, Delivery, Destination, Entry, Epoch, FeedPage, Head, Held, LocalStore, Meta, Page,
    Queued, Reader, Session, Settlement, StoreError, Tally, To, Waiting,
};

/// How the next writing transaction fails, or the next reading of the queue by a dead handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is written and the caller is told.
    Aborted,
    Full,
    /// The handle is dead; the caller is told, nothing is written.
    DeadHandle,
    /// Everything is written, but the process dies before it hears so.
    KilledAfterCommit,
}

/// A store; clones share the disk, as tabs do.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    disk: Rc<RefCell<Disk>>,
    fault: Rc<Cell<Option<Fault>>>,
}

impl MemoryStore {
    /// Looks at what is on the disk.
    pub fn look<T>(&self, at: impl FnOnce(&Disk) -> T) -> T {
        at(&self.disk.borrow())
    }

    /// The browser empties the store.
    pub fn wipe(&self) {
        *self.disk.borrow_mut() = Disk::default();
    }

    /// Changes what is on the disk past all the rules: for stores that are broken on purpose.
    pub fn tamper(&self, with: impl FnOnce(&mut Disk)) {
        with(&mut self.disk.borrow_mut());
    }

    pub fn fail_next(&self, fault: Fault) {
        self.fault.set(Some(fault));
    }

    /// No fault is to come.
    pub fn heal(&self) {
        self.fault.set(None);
    }

    pub(super) fn write<T>(&self, work: impl FnOnce(&mut Disk) -> T) -> Result<T, StoreError> {
        match self.fault.take() {
            Some(Fault::Aborted) => Err(StoreError::Failed("aborted".to_owned())),
            Some(Fault::Full) => Err(StoreError::Full),
            Some(Fault::DeadHandle) => Err(StoreError::Closed),
            Some(Fault::KilledAfterCommit) => {
                work(&mut self.disk.borrow_mut());
                Err(StoreError::Closed)
            }
            None => Ok(work(&mut self.disk.borrow_mut())),
        }
    }
}

impl LocalStore for MemoryStore {
    async fn save(&self, unsaved: Unsaved, draft: Option<&str>) -> Result<Event, StoreError> {
        self.write(|disk| disk.save(unsaved, draft))
    }

    async fn head(
        &self,
        to: To,
        limit: BatchLimit,
        passing_over: &BTreeSet<EventId>,
    ) -> Result<Head, StoreError> {
        if self.fault.get() == Some(Fault::DeadHandle) {
            self.fault.set(None);
            return Err(StoreError::Closed);
        }
        let mut bytes = 0;
        let mut queued: Vec<Queued> = vec![];
        let disk = self.disk.borrow();
        let part = disk.outbox.range((to.lane(true), 0)..=(to.lane(false), u64::MAX)).map(|(_, entry)| entry);
        for entry in part.filter(|entry| !passing_over.contains(&entry.id)) {
            bytes += entry.bytes;
            if queued.len() == limit.records || (!queued.is_empty() && bytes > limit.bytes) {
                break;
            }
            if let Some(row) = disk.events.get(&entry.id) {
                queued.push(Queued { entry: entry.clone(), json: row.record.event.to_json().to_string() });
            }
        }
        Ok(Head { queued, meta: disk.meta.clone() })
    }

    async fn settle(
        &self,
        to: To,
        place: Option<&Destination>,
        settlement: &Settlement,
    ) -> Result<bool, StoreError> {
        self.write(|disk| {
            let stands = place.is_none_or(|place| disk.meta.has(to, place));
            if stands {
                disk.settle(to, settlement);
            }
            stands
        })
    }

    async fn retry(&self, id: EventId) -> Result<bool, StoreError> {
        self.write(|disk| {
            let refused: Vec<(To, Entry)> = disk
                .refused
                .range((id, To::HOME)..=(id, To(u8::MAX)))
                .map(|((_, to), refused)| (*to, refused.entry.clone()))
                .collect();
            for (to, entry) in &refused {
                disk.refused.remove(&(id, *to));
                disk.outbox.insert((to.lane(entry.urgent), entry.devseq), entry.clone());
            }
            disk.judge_subject(id);
            !refused.is_empty()
        })
    }

    async fn adopt_epoch(
        &self,
        to: To,
        reader: Option<&Reader>,
        epoch: &Epoch,
    ) -> Result<Option<u32>, StoreError> {
        self.write(|disk| disk.meta.is_read_by(reader).then(|| disk.adopt(to, epoch)))
    }

    async fn direct(&self, home: Option<&Destination>, mirrors: &[Destination]) -> Result<(), StoreError> {
        self.write(|disk| disk.direct(home, mirrors))
    }

    async fn join(
        &self,
        session: &Session,
        home: Option<&Destination>,
        mirrors: &[Destination],
    ) -> Result<(), StoreError> {
        self.write(|disk| {
            disk.meta.sign_in(session);
            disk.direct(home, mirrors);
        })
    }

    async fn deliveries(&self, id: EventId) -> Result<Vec<(To, Delivery)>, StoreError> {
        Ok(self.look(|disk| disk.deliveries(id)))
    }

    async fn tallies(&self) -> Result<Vec<Tally>, StoreError> {
        Ok(self.look(Disk::tallies))
    }

    async fn apply(&self, reader: Option<&Reader>, page: &FeedPage) -> Result<Option<u32>, StoreError> {
        self.write(|disk| disk.meta.is_read_by(reader).then(|| disk.apply(page)))
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        Ok(self.look(|disk| {
            let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let queued = disk.queued();
            let oldest = queued.keys().filter_map(|id| disk.events.get(id));
            Counts {
                queued: count(queued.len()),
                refused: count(disk.refused().len()),
                records: count(disk.events.len()),
                oldest_queued: oldest.map(|row| row.record.event.recorded).min(),
            }
        }))
    }

    async fn unsent(&self) -> Result<Vec<EventId>, StoreError> {
        Ok(self.look(|disk| {
            let (queued, refused) = (disk.queued(), disk.refused());
            let queued = queued.values().map(|entry| (entry.devseq, entry.id));
            let refused = refused.values().map(|refused| (refused.entry.devseq, refused.entry.id));
            let mut all: Vec<_> = queued.chain(refused).collect();
            all.sort_unstable();
            all.dedup();
            all.into_iter().map(|(_, id)| id).collect()
        }))
    }

    async fn held(&self, id: EventId) -> Result<Option<Held>, StoreError> {
        Ok(self.look(|disk| disk.events.get(&id).map(|row| disk.hold(row))))
    }

    async fn page(&self, page: Page) -> Result<Vec<Held>, StoreError> {
        Ok(self.look(|disk| {
            let after = |row: &&Row| match page.before {
                None => true,
                Some((happened, id)) => {
                    let key = |stamp, id| (std::cmp::Reverse(stamp), id);
                    key(row.record.happened(), row.record.event.id) > key(happened, id)
                }
            };
            disk.newest_first().into_iter().filter(after).take(page.limit).map(|row| disk.hold(row)).collect()
        }))
    }

    async fn chain(&self, page: Page) -> Result<Vec<Held>, StoreError> {
        Ok(self.look(|disk| {
            let is_form = |row: &&Row| matches!(row.body, Some(Body::Filled(_)));
            let mut rows: Vec<&Row> = disk.events.values().filter(is_form).collect();
            rows.sort_by_key(|row| (std::cmp::Reverse(row.record.happened()), row.record.event.id));
            let after = |row: &&&Row| {
                page.before.is_none_or(|(at, id)| {
                    let own = (std::cmp::Reverse(row.record.happened()), row.record.event.id);
                    own > (std::cmp::Reverse(at), id)
                })
            };
            rows.iter().filter(after).take(page.limit).map(|row| disk.hold(row)).collect()
        }))
    }

    async fn about(&self, ids: &[EventId]) -> Result<Vec<Vec<Record>>, StoreError> {
        Ok(self.look(|disk| ids.iter().map(|id| disk.about(*id)).collect()))
    }

    async fn waiting(&self, limit: usize) -> Result<Waiting, StoreError> {
        Ok(self.look(|disk| {
            let mut rows: Vec<&Row> = disk.events.values().filter(|row| row.waiting).collect();
            let drill = |row: &Row| row.record.event.exercise && !row.is_alarm();
            rows.sort_by_key(|row| (!row.is_alarm(), drill(row), !row.is_urgent(), row.record.happened()));
            let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
            let drills = rows.iter().filter(|row| drill(row)).count().try_into().unwrap_or(u32::MAX);
            let shown = rows.iter().filter(|row| row.is_alarm()).count() + limit;
            Waiting { first: rows.into_iter().take(shown).map(|row| disk.hold(row)).collect(), count, drills }
        }))
    }

    async fn movements(&self, open: bool, limit: usize) -> Result<Vec<EventId>, StoreError> {
        Ok(self.look(|disk| {
            let mut plans = disk.plans();
            plans.retain(|(_, id)| !open || !disk.is_closed(*id));
            plans.truncate(limit);
            plans.into_iter().map(|(_, id)| id).collect()
        }))
    }

    async fn of_movements(&self, ids: &[EventId]) -> Result<Vec<Vec<Held>>, StoreError> {
        Ok(self.look(|disk| {
            let of_one = |id: &EventId| {
                let rows = disk.events.values().filter(|row| row.movement() == Some(*id));
                rows.map(|row| disk.hold(row)).collect()
            };
            ids.iter().map(of_one).collect()
        }))
    }

    async fn meta(&self) -> Result<Meta, StoreError> {
        Ok(self.look(|disk| disk.meta.clone()))
    }

    async fn device_key(&self, fresh: &str) -> Result<String, StoreError> {
        self.write(|disk| disk.meta.device_key.get_or_insert_with(|| fresh.to_owned()).clone())
    }

    async fn sign_in(&self, session: &Session) -> Result<(), StoreError> {
        self.write(|disk| disk.meta.sign_in(session))
    }

    async fn learn_clock(&self, clockoffset: i64) -> Result<(), StoreError> {
        self.write(|disk| disk.meta.clockoffset = Some(clockoffset))
    }

    async fn draft(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.look(|disk| disk.drafts.get(name).cloned()))
    }

    async fn put_draft(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.write(|disk| {
            disk.drafts.insert(name.to_owned(), text.to_owned());
        })
    }

    async fn drop_draft(&self, name: &str) -> Result<(), StoreError> {
        self.write(|disk| {
            disk.drafts.remove(name);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{block_on, store_suite};

    #[test]
    fn it_keeps_the_promises_of_a_store() {
        for (name, case) in store_suite::cases::<MemoryStore>() {
            block_on(case(MemoryStore::default()));
            println!("{name}: kept");
        }
    }
}
