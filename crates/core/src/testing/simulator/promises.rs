//! What is checked after every step, and when all has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{MANAGERS, PHONES};
use super::report::{Broken, Promise};
use super::schedule::{Act, Step};
use super::world::{World, Written};
use crate::event::{EventId, Record};
use crate::sync::{LocalStore, To};
use crate::testing::block_on;
use crate::testing::memory_store::Disk;
use crate::view::{RecordState, RecordView};

impl World {
    /// After a step. The disks of the other phones are as they were, and a server that only took something in holds what it
    /// held: they are looked at when the server has another life, and at the end.
    pub(super) fn check_step(&self, step: &Step, held_before: usize) -> Result<(), Broken> {
        if matches!(step.act, Act::Restore(_) | Act::Wipe) {
            (0..self.phones.len()).try_for_each(|at| self.check_phone(at))?;
        } else {
            self.check_phone(step.phone)?;
        }
        if self.server.database.feed.len() == held_before { Ok(()) } else { self.check_feed() }
    }

    /// What a phone writes comes after all that it wrote before.
    pub(super) fn check_next(&self, at: usize, id: EventId, new: &Written) -> Result<(), Broken> {
        let mut others = self.written[at].iter().filter(|(other, _)| **other != id);
        if self.written[at].contains_key(&id) || others.all(|(_, other)| other.devseq < new.devseq) {
            return Ok(());
        }
        self.broken(Promise::Order, format!("{id} of {} has number {} again", PHONES[at], new.devseq))
    }

    fn check_phone(&self, at: usize) -> Result<(), Broken> {
        self.phones[at].store.look(|disk| {
            let mut queued = BTreeSet::new();
            for entry in disk.outbox.values() {
                if !queued.insert(entry.id) {
                    return self.broken(Promise::Once, format!("{} is twice in one outbox", entry.id));
                }
            }
            let entries = disk.outbox.values().chain(disk.refused.values().map(|refused| &refused.entry));
            for entry in entries {
                if self.written[at].get(&entry.id).is_none_or(|written| written.digest != entry.digest) {
                    let words = format!("{} has {}, which it never wrote", PHONES[at], entry.id);
                    return self.broken(Promise::OnePlace, words);
                }
            }
            self.written[at]
                .iter()
                .try_for_each(|(id, written)| self.check_place(disk, PHONES[at], *id, written, &queued))
        })
    }

    fn check_place(
        &self,
        disk: &Disk,
        phone: &str,
        id: EventId,
        written: &Written,
        queued: &BTreeSet<EventId>,
    ) -> Result<(), Broken> {
        let broken = |words: &str| self.broken(Promise::OnePlace, format!("{id} of {phone} {words}"));
        let kept =
            disk.events.get(&id).is_some_and(|row| row.own && row.record.event.digest == written.digest);
        if !kept {
            return broken("is gone");
        }
        match (queued.contains(&id), disk.refused.contains_key(&(id, To::HOME))) {
            (true, true) => return broken("is queued and refused"),
            (true, false) | (false, true) => return Ok(()),
            (false, false) => {}
        }
        let Some((epoch, _)) = disk.receipts.get(&(id, To::HOME)) else {
            return broken("left the phone without a receipt");
        };
        if disk.meta.epoch.as_ref() != Some(epoch) {
            return broken("has only a receipt of a life that the phone knows to be over");
        }
        let of_now = *epoch == self.server.epoch();
        let database = if of_now { Some(&self.server.database) } else { self.former.get(&epoch.0) };
        if database.is_some_and(|database| database.holds(id, written.digest)) {
            return Ok(());
        }
        broken("has a receipt, and nobody holds it")
    }

    /// Nothing is twice, and what a phone wrote stands in its order: urgent records among themselves, the others among
    /// themselves. Left aside are answers, which move when what they answer comes late, and what was passed over.
    fn check_feed(&self) -> Result<(), Broken> {
        let database = &self.server.database;
        if database.feed.len() != database.distinct() {
            return self.broken(Promise::Once, "a record is twice in the feed".into());
        }
        let mut last = [[0; 2]; PHONES.len()];
        for kept in database.feed.iter().filter(|kept| kept.subject.is_none()) {
            let event = &kept.event;
            let Some(at) = self.devices.iter().position(|device| *device == event.source.device) else {
                continue;
            };
            let written = self.written[at].get(&event.id);
            let Some(written) = written.filter(|_| !self.phones[at].passed_over.contains(&event.id)) else {
                continue;
            };
            let last = &mut last[at][usize::from(written.urgent)];
            if written.devseq <= *last {
                let words =
                    format!("number {} of {} comes after its {last} in the feed", written.devseq, PHONES[at]);
                return self.broken(Promise::Order, words);
            }
            *last = written.devseq;
        }
        Ok(())
    }

    /// When all has come to rest.
    pub(super) fn check_end(&mut self) -> Result<(), Broken> {
        (0..self.phones.len()).try_for_each(|at| self.check_phone(at))?;
        self.check_feed()?;
        for at in 0..self.phones.len() {
            self.check_arrived(at)?;
            self.check_holdings(at)?;
        }
        self.check_folds()
    }

    fn check_arrived(&mut self, at: usize) -> Result<(), Broken> {
        let queued = self.phones[at].store.look(|disk| disk.outbox.len());
        if queued > 0 {
            return self.broken(Promise::Arrival, format!("{} still queues {queued}", PHONES[at]));
        }
        for (id, written) in &self.written[at] {
            let refused = self.phones[at].store.look(|disk| disk.refused.contains_key(&(*id, To::HOME)));
            let arrived = self.server.database.holds(*id, written.digest);
            if (refused, arrived) != (written.unwanted, !written.unwanted) {
                let words = format!("{id} of {}: refused {refused}, arrived {arrived}", PHONES[at]);
                return self.broken(Promise::Arrival, words);
            }
            self.report.refused += u64::from(refused);
        }
        Ok(())
    }

    /// A phone holds what it wrote and what the server has for it, each as the server has it.
    fn check_holdings(&self, at: usize) -> Result<(), Broken> {
        let expected = self.server.feed_of(&self.devices[at]);
        let expected: BTreeMap<EventId, Record> =
            expected.into_iter().map(|record| (record.event.id, record)).collect();
        self.phones[at].store.look(|disk| {
            let others = disk.events.values().filter(|row| !row.own).map(|row| &row.record);
            if others.eq(expected.values()) {
                return Ok(());
            }
            let held: BTreeSet<EventId> =
                disk.events.iter().filter(|(_, row)| !row.own).map(|(id, _)| *id).collect();
            let wanted: BTreeSet<EventId> = expected.keys().copied().collect();
            let words = format!(
                "{} lacks {:?}, has {:?} too many, and the rest may differ",
                PHONES[at],
                wanted.difference(&held).collect::<Vec<_>>(),
                held.difference(&wanted).collect::<Vec<_>>()
            );
            self.broken(Promise::Convergence, words)
        })
    }

    /// Whoever holds a record makes the same of it; and what was answered is confirmed, on every phone.
    fn check_folds(&mut self) -> Result<(), Broken> {
        let mut seen: BTreeMap<EventId, RecordState> = BTreeMap::new();
        for (at, phone) in PHONES.iter().enumerate() {
            let store = &self.phones[at].store;
            let ids: Vec<EventId> = store.look(|disk| {
                let sent = disk.events.keys().filter(|id| !disk.refused.contains_key(&(**id, To::HOME)));
                sent.copied().collect()
            });
            let about = block_on(store.about(&ids)).unwrap_or_default();
            for (id, about) in ids.iter().zip(about) {
                let Ok(Some(held)) = block_on(store.held(*id)) else { continue };
                let state = RecordView::fold(&held, &about, phone, false).state;
                match seen.get(id) {
                    Some(other) if *other != state => {
                        let words = format!("{id} is {state:?} on {phone} and {other:?} elsewhere");
                        return self.broken(Promise::Convergence, words);
                    }
                    Some(_) => {}
                    None => drop(seen.insert(*id, state)),
                }
            }
        }
        for (at, written) in self.written.iter().enumerate() {
            for (id, _) in written.iter().filter(|(_, written)| written.waits_for_answer && !written.unwanted)
            {
                let confirmed = matches!(seen.get(id), Some(RecordState::Confirmed { .. }));
                if confirmed != self.answered.contains(id) {
                    let words = format!("{id} of {} is {:?}", PHONES[at], seen.get(id));
                    return self.broken(Promise::Convergence, words);
                }
                self.report.confirmed += u64::from(confirmed);
            }
        }
        (0..MANAGERS).try_for_each(|at| self.check_waiting(at))
    }

    /// What no manager has answered waits on each manager's phone, but for what this one wrote.
    fn check_waiting(&self, at: usize) -> Result<(), Broken> {
        let waiting = block_on(self.phones[at].store.waiting(usize::MAX)).unwrap_or_default().first;
        let waiting: BTreeSet<EventId> = waiting.iter().map(|held| held.record.event.id).collect();
        let others = self.written.iter().enumerate().filter(|(other, _)| *other != at);
        let open = others.flat_map(|(_, written)| written).filter(|(id, written)| {
            written.waits_for_answer && !written.unwanted && !self.answered.contains(*id)
        });
        if open.map(|(id, _)| *id).collect::<BTreeSet<_>>() == waiting {
            return Ok(());
        }
        self.broken(Promise::Convergence, format!("on {} wait {waiting:?}", PHONES[at]))
    }
}
