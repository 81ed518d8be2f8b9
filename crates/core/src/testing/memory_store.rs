//! A [`LocalStore`] in memory, whose disk outlives the process and whose transactions can be made to fail.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::memory_carry::CarryDisk;
use crate::event::{About, Body, Event, EventId, Record, Stamp, Unsaved};
use crate::rules::answers::answers;
use crate::sync::{
    BatchLimit, Counts, Delivery, Destination, Entry, Epoch, FeedPage, Held, LocalStore, Meta, Page,
    Placement, Queued, Reader, Refused, Session, Settlement, StoreError, Tally, To, Waiting,
};
use crate::view::Movement;
use crate::view::movement::Report;

/// What survives when the tab is killed.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    pub meta: Meta,
    pub devseq: u64,
    pub events: BTreeMap<EventId, Row>,
    /// By lane (see [`To::lane`]) and the device's counter.
    pub outbox: BTreeMap<(u8, u64), Entry>,
    pub refused: BTreeMap<(EventId, To), Refused>,
    pub receipts: BTreeMap<(EventId, To), (Epoch, Stamp)>,
    pub drafts: BTreeMap<String, String>,
    pub carry: CarryDisk,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub record: Record,
    /// What the record says, read once; `None` for kinds of later versions.
    body: Option<Body>,
    pub own: bool,
    pub waiting: bool,
}

impl Row {
    pub(super) fn new(record: Record, own: bool) -> Self {
        let body = record.event.body().ok();
        Self { record, body, own, waiting: false }
    }

    pub(super) fn about(&self) -> Option<EventId> {
        match self.body.as_ref()?.about() {
            About::Record(id) => Some(id),
            About::Itself => None,
        }
    }

    fn is_urgent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_urgent)
    }

    fn is_alarm(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_alarm)
    }

    /// Kinds of later versions are listed, since nothing is known of them.
    fn is_listed(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_listed)
    }

    pub(super) fn movement(&self) -> Option<EventId> {
        self.body.as_ref()?.movement(self.record.event.id)
    }
}

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

impl Disk {
    fn save(&mut self, unsaved: Unsaved, draft: Option<&str>) -> Event {
        if let Some(row) = self.events.get(&unsaved.id) {
            return row.record.event.clone();
        }
        self.devseq += 1;
        let urgent = unsaved.body.is_urgent();
        let about = unsaved.body.about();
        let event = unsaved.into_event(self.devseq);
        let entry = Entry::of(&event, urgent, event.to_json().to_string().len());
        for to in self.meta.all_to() {
            self.outbox.insert((to.lane(urgent), entry.devseq), entry.clone());
        }
        self.events.insert(event.id, Row::new(Record::own(event.clone()), true));
        if let About::Record(subject) = about {
            self.judge(subject);
        }
        if let Some(name) = draft {
            self.drafts.remove(name);
        }
        event
    }

    fn settle(&mut self, to: To, settlement: &Settlement) {
        for (entry, received) in &settlement.stored {
            if self.take_out(to, entry) {
                let epoch = settlement.epoch.clone().unwrap_or_else(|| Epoch(String::new()));
                self.receipts.insert((entry.id, to), (epoch, *received));
            }
        }
        for (entry, refusal) in &settlement.refused {
            if self.take_out(to, entry) {
                let refused = Refused { entry: entry.clone(), refusal: refusal.clone(), at: settlement.at };
                self.refused.insert((entry.id, to), refused);
                self.judge_subject(entry.id);
            }
        }
        if let Some(epoch) = &settlement.epoch {
            self.adopt(to, epoch);
        }
    }

    fn take_out(&mut self, to: To, entry: &Entry) -> bool {
        let key = (to.lane(entry.urgent), entry.devseq);
        let named =
            self.outbox.get(&key).is_some_and(|held| held.id == entry.id && held.digest == entry.digest);
        if named {
            self.outbox.remove(&key);
        }
        named
    }

    fn adopt(&mut self, to: To, epoch: &Epoch) -> u32 {
        match self.meta.change_epoch(to, epoch) {
            Some(true) => self.put_back(to),
            Some(false) | None => 0,
        }
    }

    /// Whatever this backend has not acknowledged in its present life.
    fn put_back(&mut self, to: To) -> u32 {
        let epoch = self.meta.epoch_of(to);
        let source = self.meta.session.as_ref().map(Session::source);
        let mut put_back = 0;
        for (id, row) in &self.events {
            let acknowledged = self.receipts.get(&(*id, to)).is_some_and(|(by, _)| Some(by) == epoch);
            let ours = source.as_ref().is_none_or(|source| *source == row.record.event.source);
            if row.own && ours && !acknowledged && !self.refused.contains_key(&(*id, to)) {
                let event = &row.record.event;
                let urgent = row.is_urgent();
                let entry = Entry::of(event, urgent, event.to_json().to_string().len());
                let there = self.outbox.insert((to.lane(urgent), entry.devseq), entry);
                put_back += u32::from(there.is_none());
            }
        }
        put_back
    }

    fn direct(&mut self, home: Option<&Destination>, mirrors: &[Destination]) {
        let redirected = self.meta.direct(home, mirrors);
        self.outbox.retain(|(lane, _), _| !redirected.removed.contains(&To::of_lane(*lane).0));
        self.refused.retain(|(_, to), _| !redirected.removed.contains(to));
        let afresh = |to: &To| redirected.removed.contains(to) || redirected.added.contains(to);
        self.receipts.retain(|(_, to), _| !afresh(to));
        for to in redirected.added {
            self.put_back(to);
        }
    }

    fn deliveries(&self, id: EventId) -> Vec<(To, Delivery)> {
        let one = |to: To| {
            let waits =
                |((lane, _), entry): (&(u8, u64), &Entry)| entry.id == id && To::of_lane(*lane).0 == to;
            if self.outbox.iter().any(waits) {
                return Some((to, Delivery::Waiting));
            }
            if let Some(refused) = self.refused.get(&(id, to)) {
                return Some((to, Delivery::Refused(refused.clone())));
            }
            self.receipts.get(&(id, to)).map(|(_, at)| (to, Delivery::Stored(*at)))
        };
        self.meta.all_to().into_iter().filter_map(one).collect()
    }

    pub(super) fn waits_for_home(&self, id: EventId) -> bool {
        let mut part = self.outbox.range((To::HOME.lane(true), 0)..=(To::HOME.lane(false), u64::MAX));
        part.any(|(_, entry)| entry.id == id)
    }

    fn tallies(&self) -> Vec<Tally> {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let one = |to: To| Tally {
            to,
            queued: count(self.outbox.keys().filter(|(lane, _)| To::of_lane(*lane).0 == to).count()),
            refused: count(self.refused.keys().filter(|(_, by)| *by == to).count()),
            known: self.meta.epoch_of(to).is_some(),
        };
        self.meta.all_to().into_iter().map(one).collect()
    }

    /// Entries that a backend which has to confirm them has not taken, each once.
    fn queued(&self) -> BTreeMap<EventId, &Entry> {
        let must = self.meta.must();
        let owed = self.outbox.iter().filter(|((lane, _), _)| must.contains(&To::of_lane(*lane).0));
        owed.map(|(_, entry)| (entry.id, entry)).collect()
    }

    /// What a backend that has to confirm it would not take, each once; what still waits for another is queued.
    fn refused(&self) -> BTreeMap<EventId, &Refused> {
        let (must, queued) = (self.meta.must(), self.queued());
        let mut all = BTreeMap::new();
        for ((id, to), refused) in &self.refused {
            if must.contains(to) && !queued.contains_key(id) {
                all.entry(*id).or_insert(refused);
            }
        }
        all
    }

    fn apply(&mut self, page: &FeedPage) -> u32 {
        let present = self.meta.read_to(page);
        let mut new = 0;
        for record in &page.records {
            let id = record.event.id;
            if self.events.get(&id).is_some_and(|row| row.own || !present) {
                continue;
            }
            let row = Row::new(record.clone(), false);
            new += u32::from(self.events.insert(id, row).is_none());
            self.judge(id);
            self.judge_subject(id);
        }
        new
    }

    /// Puts a record on the waiting list or takes it off, by all that is there.
    pub(super) fn judge(&mut self, id: EventId) {
        let me = self.meta.session.as_ref().map(|session| &session.user);
        let Some(row) = self.events.get(&id).filter(|row| !row.own) else { return };
        let event = &row.record.event;
        let waiting = row.body.as_ref().is_some_and(Body::waits_for_answer)
            && Some(&event.author) != me
            && !self.about(id).iter().any(|record| answers(&record.event, event));
        if let Some(row) = self.events.get_mut(&id) {
            row.waiting = waiting;
        }
    }

    pub(super) fn judge_subject(&mut self, answer: EventId) {
        if let Some(subject) = self.events.get(&answer).and_then(Row::about) {
            self.judge(subject);
        }
    }

    fn about(&self, id: EventId) -> Vec<Record> {
        let about = |row: &&Row| {
            row.about() == Some(id) && !self.refused.contains_key(&(row.record.event.id, To::HOME))
        };
        let mut all: Vec<Record> = self.events.values().filter(about).map(|row| row.record.clone()).collect();
        all.sort_by_key(|record| (record.happened(), record.event.id));
        all
    }

    fn hold(&self, row: &Row) -> Held {
        let id = row.record.event.id;
        let key = (To::HOME.lane(row.is_urgent()), row.record.event.devseq);
        let placement = if row.own && self.outbox.contains_key(&key) {
            Placement::Outbox
        } else if let Some(refused) = self.refused.get(&(id, To::HOME)) {
            Placement::Refused(refused.clone())
        } else {
            Placement::Backend { acknowledged: self.receipts.get(&(id, To::HOME)).map(|(_, at)| *at) }
        };
        Held { record: row.record.clone(), mine: row.own, placement }
    }

    /// Departure and id, the latest first.
    fn plans(&self) -> Vec<(std::cmp::Reverse<Stamp>, EventId)> {
        let plan = |row: &Row| match &row.body {
            Some(Body::MovementPlanned(body)) => {
                Some((std::cmp::Reverse(body.plan.depart), row.record.event.id))
            }
            _ => None,
        };
        let mut plans: Vec<_> = self.events.values().filter_map(plan).collect();
        plans.sort_unstable();
        plans
    }

    fn is_closed(&self, id: EventId) -> bool {
        let known = |row: &&Row| {
            row.movement() == Some(id) && !self.refused.contains_key(&(row.record.event.id, To::HOME))
        };
        let reports: Vec<Report> =
            self.events.values().filter(known).filter_map(|row| Report::of(&row.record)).collect();
        Movement::fold(id, &reports).is_some_and(|movement| movement.is_over())
    }

    fn newest_first(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.events.values().filter(|row| row.is_listed()).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.record.happened()), row.record.event.id));
        rows
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
    ) -> Result<Vec<Queued>, StoreError> {
        if self.fault.get() == Some(Fault::DeadHandle) {
            self.fault.set(None);
            return Err(StoreError::Closed);
        }
        let mut bytes = 0;
        let mut head: Vec<Queued> = vec![];
        let disk = self.disk.borrow();
        let part = disk.outbox.range((to.lane(true), 0)..=(to.lane(false), u64::MAX)).map(|(_, entry)| entry);
        for entry in part.filter(|entry| !passing_over.contains(&entry.id)) {
            bytes += entry.bytes;
            if head.len() == limit.records || (!head.is_empty() && bytes > limit.bytes) {
                break;
            }
            if let Some(row) = disk.events.get(&entry.id) {
                head.push(Queued { entry: entry.clone(), json: row.record.event.to_json().to_string() });
            }
        }
        Ok(head)
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
