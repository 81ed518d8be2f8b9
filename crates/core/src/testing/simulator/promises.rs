//! What is checked after every step, and when all has come to rest.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{MANAGERS, PHONES};
use super::places::Place;
use super::report::{Broken, Promise};
use super::schedule::{Act, Note, Step};
use super::world::{World, Written};
use crate::event::{Digest, EventId, Record};
use crate::sync::{LocalStore, To};
use crate::testing::block_on;
use crate::testing::memory_store::Disk;
use crate::view::{RecordState, RecordView};

/// What waits on a phone, for each place.
type Owed = BTreeSet<(EventId, To)>;

impl World {
    /// After a step. The disks of the other phones are as they were, and a server that only took something in holds what it
    /// held: they are looked at when the server has another life, and at the end.
    pub(super) fn check_step(&self, step: &Step, held_before: [usize; 3]) -> Result<(), Broken> {
        if let Some((place, id)) = &self.places.strange {
            return self.broken(Promise::Apart, format!("{id} of another organisation came to {place:?}"));
        }
        if matches!(step.act, Act::Restore(_) | Act::Wipe | Act::WipeCopy) {
            (0..self.phones.len()).try_for_each(|at| self.check_phone(at))?;
        } else {
            self.check_phone(step.phone)?;
        }
        if self.held() == held_before { Ok(()) } else { self.check_feeds() }
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
        let phone = &self.phones[at];
        phone.store.look(|disk| {
            let places = self.places_of(at, disk)?;
            let mut owed = Owed::new();
            let queued = disk.outbox.iter().map(|((lane, _), entry)| (To::of_lane(*lane).0, entry));
            let refused = disk.refused.iter().map(|((_, to), refused)| (*to, &refused.entry));
            for (to, entry) in queued.clone() {
                if !owed.insert((entry.id, to)) {
                    let words = format!("{} is twice in the outbox for {}", entry.id, to.0);
                    return self.broken(Promise::Once, words);
                }
            }
            for (to, entry) in queued.chain(refused) {
                if self.written[at].get(&entry.id).is_none_or(|written| written.digest != entry.digest) {
                    let words = format!("{} has {}, which it never wrote", PHONES[at], entry.id);
                    return self.broken(Promise::OnePlace, words);
                }
                if places.iter().all(|(known, ..)| *known != to) {
                    let words = format!("{} of {} is for {}, which is gone", entry.id, PHONES[at], to.0);
                    return self.broken(Promise::OnePlace, words);
                }
            }
            for (id, written) in &self.written[at] {
                let kept = disk.events.get(id);
                if !kept.is_some_and(|row| row.own && row.record.event.digest == written.digest) {
                    return self.broken(Promise::OnePlace, format!("{id} of {} is gone", PHONES[at]));
                }
                for (to, place, _) in &places {
                    self.check_place(disk, (*id, *to), *place, written, &owed).map_err(|broken| Broken {
                        words: format!("{id} of {} {}", PHONES[at], broken.words),
                        ..broken
                    })?;
                }
            }
            self.check_counts(at, disk, &places, &owed)
        })
    }

    /// Where this phone's records go, by what was chosen, and whether they have to; if the store says the same.
    fn places_of(&self, at: usize, disk: &Disk) -> Result<Vec<(To, Place, bool)>, Broken> {
        let chosen = &self.phones[at].chosen;
        let mut places = vec![(To::HOME, Place::of(&disk.meta.home()), true)];
        for mirror in &disk.meta.mirrors {
            let place = Place::of(&mirror.destination);
            places.push((mirror.to, place, chosen.mirrors.get(&place).copied().unwrap_or_default()));
        }
        let mirrors: BTreeSet<Place> = places[1..].iter().map(|(_, place, _)| *place).collect();
        if places[0].1 != chosen.home || !mirrors.iter().eq(chosen.mirrors.keys()) {
            return self.broken(Promise::OnePlace, format!("{} sends elsewhere than was chosen", PHONES[at]));
        }
        for (to, place, _) in &places {
            let epoch = disk.meta.epoch_of(*to);
            if epoch.is_some_and(|epoch| !self.places.lived(*place, epoch)) {
                let words = format!("{} takes {epoch:?} for a life of {place:?}", PHONES[at]);
                return self.broken(Promise::Apart, words);
            }
        }
        Ok(places)
    }

    fn check_place(
        &self,
        disk: &Disk,
        (id, to): (EventId, To),
        place: Place,
        written: &Written,
        owed: &Owed,
    ) -> Result<(), Broken> {
        let broken = |words: &str| self.broken(Promise::OnePlace, format!("{words}: {place:?}"));
        match (owed.contains(&(id, to)), disk.refused.contains_key(&(id, to))) {
            (true, true) => return broken("is queued and refused"),
            (true, false) | (false, true) => return Ok(()),
            // No mirror that came later is owed what another organisation wrote.
            (false, false) if written.note == Note::Strange && to != To::HOME => return Ok(()),
            (false, false) => {}
        }
        let Some((epoch, _)) = disk.receipts.get(&(id, to)) else {
            return broken("is owed no more, without a receipt");
        };
        if disk.meta.epoch_of(to) != Some(epoch) {
            return broken("has only a receipt of a life that the phone knows to be over");
        }
        if self.places.held(place, epoch, id, written.digest) {
            return Ok(());
        }
        broken("has a receipt, and nobody holds it")
    }

    /// A record counts among those to be sent until the home and all that must have it do.
    fn check_counts(
        &self,
        at: usize,
        disk: &Disk,
        places: &[(To, Place, bool)],
        owed: &Owed,
    ) -> Result<(), Broken> {
        let must = |to: To| places.iter().any(|(known, _, must)| *known == to && *must);
        let queued: BTreeSet<EventId> = owed.iter().filter(|(_, to)| must(*to)).map(|(id, _)| *id).collect();
        let refused = disk.refused.keys().filter(|(id, to)| must(*to) && !queued.contains(id));
        let refused: BTreeSet<EventId> = refused.map(|(id, _)| *id).collect();
        let counts = block_on(self.phones[at].store.counts()).unwrap_or_default();
        if (counts.queued as usize, counts.refused as usize) == (queued.len(), refused.len()) {
            return Ok(());
        }
        let words = format!(
            "{} counts {} queued and {} refused, and it is {} and {}",
            PHONES[at],
            counts.queued,
            counts.refused,
            queued.len(),
            refused.len()
        );
        self.broken(Promise::Sent, words)
    }

    /// Nothing is twice, and what a phone wrote stands in its order at each place: urgent records among themselves, the
    /// others among themselves. Left aside are answers on servers, which move when what they answer comes late; what was
    /// passed over; and what was a lie, and came when it was sent again.
    fn check_feeds(&self) -> Result<(), Broken> {
        for server in [&self.places.own, &self.places.copy] {
            if server.database.feed.len() != server.database.distinct() {
                return self.broken(Promise::Once, "a record is twice in the feed".into());
            }
        }
        for place in [Place::Own, Place::Copy] {
            let feed = self.places.server(place).map_or(&[][..], |server| &server.database.feed);
            self.check_meant(place, feed.iter().map(|kept| kept.event.id))?;
            let own = feed.iter().filter(|kept| kept.subject.is_none());
            self.check_order(place, own.map(|kept| (kept.event.id, kept.event.digest)))?;
        }
        self.check_meant(Place::Hook, self.places.hook.taken.iter().map(|(id, _)| *id))?;
        self.check_order(Place::Hook, self.places.hook.taken.iter().copied())
    }

    /// What comes to a place was meant for it at some time since it was written.
    fn check_meant(&self, place: Place, held: impl Iterator<Item = EventId>) -> Result<(), Broken> {
        for id in held {
            let written = self.written.iter().find_map(|written| written.get(&id));
            if written.is_some_and(|written| !written.meant.contains(&place)) {
                return self.broken(Promise::Apart, format!("{id} came to {place:?}, and is for others"));
            }
        }
        Ok(())
    }

    fn check_order(&self, place: Place, held: impl Iterator<Item = (EventId, Digest)>) -> Result<(), Broken> {
        let mut last = [[0; 2]; PHONES.len()];
        for (id, _) in held.filter(|(id, _)| !self.places.lied.contains(&(place, *id))) {
            let by = |at: &usize| self.written[*at].contains_key(&id);
            let Some(at) = (0..PHONES.len()).find(by) else { continue };
            let Some(written) = self.written[at].get(&id) else { continue };
            if self.phones[at].passed_over.contains(&(place, id)) {
                continue;
            }
            let last = &mut last[at][usize::from(written.urgent)];
            if written.devseq <= *last {
                let words = format!(
                    "number {} of {} comes after its {last} at {place:?}",
                    written.devseq, PHONES[at]
                );
                return self.broken(Promise::Order, words);
            }
            *last = written.devseq;
        }
        Ok(())
    }

    /// When all has come to rest at the home, whatever is still the matter with mirrors.
    pub(super) fn check_home_at_rest(&self) -> Result<(), Broken> {
        (0..self.phones.len()).try_for_each(|at| self.check_phone(at))?;
        self.check_feeds()?;
        for at in 0..self.phones.len() {
            self.check_arrived(at, To::HOME, Place::Own)?;
            self.check_holdings(at)?;
        }
        self.check_folds().map(drop)
    }

    /// When all has come to rest at a mirror.
    pub(super) fn check_place_at_rest(&self, place: Place) -> Result<(), Broken> {
        for at in 0..self.phones.len() {
            self.check_phone(at)?;
            let mirrors = self.phones[at].meta().mirrors;
            let mirror = mirrors.iter().find(|mirror| Place::of(&mirror.destination) == place);
            mirror.map_or(Ok(()), |mirror| self.check_arrived(at, mirror.to, place))?;
        }
        self.check_feeds()
    }

    /// When all has come to rest everywhere.
    pub(super) fn check_end(&mut self) -> Result<(), Broken> {
        self.check_home_at_rest()?;
        let refused = |at: usize| self.phones[at].store.look(|disk| disk.refused.len() as u64);
        self.report.refused += (0..self.phones.len()).map(refused).sum::<u64>();
        self.report.confirmed += self.check_folds()?;
        Ok(())
    }

    fn check_arrived(&self, at: usize, to: To, place: Place) -> Result<(), Broken> {
        self.phones[at].store.look(|disk| {
            let queued = disk.outbox.keys().filter(|(lane, _)| To::of_lane(*lane).0 == to).count();
            if queued > 0 {
                let words = format!("{} still queues {queued} for {place:?}", PHONES[at]);
                return self.broken(Promise::Arrival, words);
            }
            // What became of a lie depends on whether it was sent again.
            let honest = |id: &EventId| !self.places.lied.contains(&(place, *id));
            for (id, written) in self.written[at].iter().filter(|(id, _)| honest(id)) {
                let refused = disk.refused.contains_key(&(*id, to));
                let arrived = self.places.holds(place, *id, written.digest);
                let wanted = place.wants(written.note);
                let strange = written.note == Note::Strange && to != To::HOME;
                if (refused, arrived) != (!wanted, wanted) && (arrived || !strange) {
                    let words =
                        format!("{id} of {}: {place:?} refused {refused}, arrived {arrived}", PHONES[at]);
                    return self.broken(Promise::Arrival, words);
                }
            }
            Ok(())
        })
    }

    /// A phone holds what it wrote and what the server has for it, each as the server has it.
    fn check_holdings(&self, at: usize) -> Result<(), Broken> {
        let expected = self.places.own.feed_of(&self.devices[at]);
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
    /// How many are confirmed.
    fn check_folds(&self) -> Result<u64, Broken> {
        let mut confirmed_in_all = 0;
        let mut seen: BTreeMap<EventId, RecordState> = BTreeMap::new();
        for (at, phone) in PHONES.iter().enumerate() {
            let store = &self.phones[at].store;
            let ids: Vec<EventId> = store.look(|disk| {
                // What a mirror that must have it lacks is not sent to this phone's eyes, and is to all others'.
                let unsent: BTreeSet<EventId> = disk.outbox.values().map(|entry| entry.id).collect();
                let refused =
                    |id: &EventId| disk.meta.must().iter().any(|to| disk.refused.contains_key(&(*id, *to)));
                let sent = disk.events.keys().filter(|id| !unsent.contains(id) && !refused(id));
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
            for (id, _) in written
                .iter()
                .filter(|(_, written)| written.waits_for_answer && Place::Own.wants(written.note))
            {
                let confirmed = matches!(seen.get(id), Some(RecordState::Confirmed { .. }));
                if confirmed != self.answered.contains(id) {
                    let words = format!("{id} of {} is {:?}", PHONES[at], seen.get(id));
                    return self.broken(Promise::Convergence, words);
                }
                confirmed_in_all += u64::from(confirmed);
            }
        }
        (0..MANAGERS).try_for_each(|at| self.check_waiting(at)).map(|()| confirmed_in_all)
    }

    /// What no manager has answered waits on each manager's phone, but for what this one wrote.
    fn check_waiting(&self, at: usize) -> Result<(), Broken> {
        let waiting = block_on(self.phones[at].store.waiting(usize::MAX)).unwrap_or_default().first;
        let waiting: BTreeSet<EventId> = waiting.iter().map(|held| held.record.event.id).collect();
        let others = self.written.iter().enumerate().filter(|(other, _)| *other != at);
        let open = others.flat_map(|(_, written)| written).filter(|(id, written)| {
            written.waits_for_answer && Place::Own.wants(written.note) && !self.answered.contains(*id)
        });
        if open.map(|(id, _)| *id).collect::<BTreeSet<_>>() == waiting {
            return Ok(());
        }
        self.broken(Promise::Convergence, format!("on {} wait {waiting:?}", PHONES[at]))
    }
}
