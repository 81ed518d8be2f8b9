//! What a [`MemoryStore`](super::MemoryStore) holds, and how each transaction changes it.

use std::collections::BTreeMap;

use super::super::memory_carry::CarryDisk;
use crate::event::{About, Body, Event, EventId, Record, Stamp, Unsaved};
use crate::rules::answers::answers;
use crate::sync::{
    Delivery, Destination, Entry, Epoch, FeedPage, Held, Meta, Placement, Refused, Session, Settlement,
    Tally, To,
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
    pub(super) body: Option<Body>,
    pub own: bool,
    pub waiting: bool,
}

impl Row {
    pub(in crate::testing) fn new(record: Record, own: bool) -> Self {
        let body = record.event.body().ok();
        Self { record, body, own, waiting: false }
    }

    pub(in crate::testing) fn about(&self) -> Option<EventId> {
        match self.body.as_ref()?.about() {
            About::Record(id) => Some(id),
            About::Itself => None,
        }
    }

    pub(super) fn is_urgent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_urgent)
    }

    pub(super) fn is_alarm(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_alarm)
    }

    /// Kinds of later versions are listed, since nothing is known of them.
    pub(super) fn is_listed(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_listed)
    }

    pub(in crate::testing) fn movement(&self) -> Option<EventId> {
        self.body.as_ref()?.movement(self.record.event.id)
    }
}

impl Disk {
    pub(in crate::testing) fn save(&mut self, unsaved: Unsaved, draft: Option<&str>) -> Event {
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

    pub(in crate::testing) fn settle(&mut self, to: To, settlement: &Settlement) {
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

    pub(in crate::testing) fn take_out(&mut self, to: To, entry: &Entry) -> bool {
        let key = (to.lane(entry.urgent), entry.devseq);
        let named =
            self.outbox.get(&key).is_some_and(|held| held.id == entry.id && held.digest == entry.digest);
        if named {
            self.outbox.remove(&key);
        }
        named
    }

    pub(in crate::testing) fn adopt(&mut self, to: To, epoch: &Epoch) -> u32 {
        match self.meta.change_epoch(to, epoch) {
            Some(true) => self.put_back(to),
            Some(false) | None => 0,
        }
    }

    /// Whatever this backend has not acknowledged in its present life.
    pub(in crate::testing) fn put_back(&mut self, to: To) -> u32 {
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

    pub(in crate::testing) fn direct(&mut self, home: Option<&Destination>, mirrors: &[Destination]) {
        let redirected = self.meta.direct(home, mirrors);
        self.outbox.retain(|(lane, _), _| !redirected.removed.contains(&To::of_lane(*lane).0));
        self.refused.retain(|(_, to), _| !redirected.removed.contains(to));
        let afresh = |to: &To| redirected.removed.contains(to) || redirected.added.contains(to);
        self.receipts.retain(|(_, to), _| !afresh(to));
        for to in redirected.added {
            self.put_back(to);
        }
    }

    pub(in crate::testing) fn deliveries(&self, id: EventId) -> Vec<(To, Delivery)> {
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

    pub(in crate::testing) fn waits_for_home(&self, id: EventId) -> bool {
        let mut part = self.outbox.range((To::HOME.lane(true), 0)..=(To::HOME.lane(false), u64::MAX));
        part.any(|(_, entry)| entry.id == id)
    }

    pub(in crate::testing) fn tallies(&self) -> Vec<Tally> {
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
    pub(in crate::testing) fn queued(&self) -> BTreeMap<EventId, &Entry> {
        let must = self.meta.must();
        let owed = self.outbox.iter().filter(|((lane, _), _)| must.contains(&To::of_lane(*lane).0));
        owed.map(|(_, entry)| (entry.id, entry)).collect()
    }

    /// What a backend that has to confirm it would not take, each once; what still waits for another is queued.
    pub(in crate::testing) fn refused(&self) -> BTreeMap<EventId, &Refused> {
        let (must, queued) = (self.meta.must(), self.queued());
        let mut all = BTreeMap::new();
        for ((id, to), refused) in &self.refused {
            if must.contains(to) && !queued.contains_key(id) {
                all.entry(*id).or_insert(refused);
            }
        }
        all
    }

    pub(in crate::testing) fn apply(&mut self, page: &FeedPage) -> u32 {
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
    pub(in crate::testing) fn judge(&mut self, id: EventId) {
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

    pub(in crate::testing) fn judge_subject(&mut self, answer: EventId) {
        if let Some(subject) = self.events.get(&answer).and_then(Row::about) {
            self.judge(subject);
        }
    }

    pub(in crate::testing) fn about(&self, id: EventId) -> Vec<Record> {
        let about = |row: &&Row| {
            row.about() == Some(id) && !self.refused.contains_key(&(row.record.event.id, To::HOME))
        };
        let mut all: Vec<Record> = self.events.values().filter(about).map(|row| row.record.clone()).collect();
        all.sort_by_key(|record| (record.happened(), record.event.id));
        all
    }

    pub(in crate::testing) fn hold(&self, row: &Row) -> Held {
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
    pub(in crate::testing) fn plans(&self) -> Vec<(std::cmp::Reverse<Stamp>, EventId)> {
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

    pub(in crate::testing) fn is_closed(&self, id: EventId) -> bool {
        let known = |row: &&Row| {
            row.movement() == Some(id) && !self.refused.contains_key(&(row.record.event.id, To::HOME))
        };
        let reports: Vec<Report> =
            self.events.values().filter(known).filter_map(|row| Report::of(&row.record)).collect();
        Movement::fold(id, &reports).is_some_and(|movement| movement.is_over())
    }

    pub(in crate::testing) fn newest_first(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.events.values().filter(|row| row.is_listed()).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.record.happened()), row.record.event.id));
        rows
    }
}
