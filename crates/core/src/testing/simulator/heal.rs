//! The faults end: everything must arrive at every place, be confirmed, and be the same everywhere. The places become well
//! one after the other, and what is well waits for nothing that is not.

use super::names::{MANAGERS, PHONES};
use super::phone::Phone;
use super::places::{Condition, Place};
use super::report::{Broken, Promise};
use super::schedule::{Network, Note};
use super::tab::Tab;
use super::world::World;
use crate::event::EventId;
use crate::sync::Wake;

/// Each manager's, when nothing fails any more: the answers to these must reach everybody.
const ANSWERS_AT_THE_END: usize = 3;
/// More rounds than any queue and feed of these runs takes to be worked off.
const LONGEST: usize = 4_000;

impl World {
    pub(super) fn heal(&mut self) -> Result<(), Broken> {
        self.places.own.accounts.values_mut().for_each(|account| account.signed_in = true);
        for at in 0..self.phones.len() {
            self.phones[at].clock_error = 0;
            self.phones[at].store.heal();
            if self.phones[at].chosen.home != Place::Own {
                self.move_home(at, 0, Place::Own);
            }
            self.save_again(at, 0)?;
            // That a place has another life is noticed when something is sent there.
            self.save(at, 0, Note::Fine)?;
            while !self.phones[at].given_up.is_empty() {
                self.deliver(at, 0);
            }
            // What one home refused may be welcome to another.
            let refused: Vec<EventId> =
                self.phones[at].store.look(|disk| disk.refused.keys().map(|(id, _)| *id).collect());
            for id in refused {
                self.retry_one(at, 0, id);
            }
        }
        for place in Place::MIRRORS {
            if self.places.condition(place) == Condition::Well {
                self.places.conditions.insert(place, Condition::Down);
            }
        }
        let mut well = vec![];
        for place in [Place::Own, Place::Copy, Place::Hook] {
            if place != Place::Own
                && self.phones.iter().all(|phone| !phone.chosen.mirrors.contains_key(&place))
            {
                continue;
            }
            self.places.conditions.remove(&place);
            well.push(place);
            if let Err(broken) = self.arrive(place, &well) {
                return Err(self.for_want_of_others(place, broken));
            }
        }
        self.check_end()
    }

    /// If it is well as soon as all places are, it was held up by the others.
    fn for_want_of_others(&mut self, place: Place, broken: Broken) -> Broken {
        let alone = self.places.conditions.is_empty()
            || self.phones.iter().all(|phone| phone.chosen.mirrors.is_empty());
        self.places.conditions.clear();
        if !alone && self.arrive(place, &[Place::Own, Place::Copy, Place::Hook]).is_ok() {
            return Broken { promise: Promise::Progress, ..broken };
        }
        broken
    }

    fn arrive(&mut self, place: Place, well: &[Place]) -> Result<(), Broken> {
        if place != Place::Own {
            self.settle_down([true, false], well)?;
            return self.check_place_at_rest(place);
        }
        // What one sends in the first round the others read in the second.
        self.settle_down([true, true], well)?;
        self.settle_down([true, false], well)?;
        for at in 0..MANAGERS {
            for _ in 0..ANSWERS_AT_THE_END {
                self.confirm(at, 0, 0)?;
            }
        }
        self.settle_down([true, false], well)?;
        self.settle_down([true, false], well)?;
        self.check_home_at_rest()
    }

    /// Wakes these tabs of every phone, and lets everything go well until nothing is left to do at the places that are
    /// well.
    fn settle_down(&mut self, woken: [bool; 2], well: &[Place]) -> Result<(), Broken> {
        for phone in &mut self.phones {
            for (tab, _) in woken.iter().enumerate().filter(|(_, woken)| **woken) {
                phone.wake(tab, Wake::SignedIn, self.now);
            }
        }
        let expected = |place: Place| well.contains(&place);
        for _ in 0..LONGEST {
            let mut busy = false;
            for at in 0..self.phones.len() {
                for tab in 0..self.phones[at].tabs.len() {
                    busy |= !self.phones[at].tabs[tab].pending.is_empty();
                    self.go(at, tab, 0, Network::Well, u32::MAX / 2);
                    self.phones[at].tick_if_due(tab);
                    busy |= !self.phones[at].tabs[tab].pending.is_empty();
                }
            }
            let mut tabs = self.phones.iter().flat_map(|phone| &phone.tabs);
            if tabs.clone().all(|tab| tab.rests(&expected)) {
                return Ok(());
            }
            if busy {
                self.pass(100);
            } else if let Some(next) = tabs.by_ref().filter_map(Tab::next_timer).min() {
                self.pass(next.ms_since(self.now).max(0));
            } else {
                break;
            }
        }
        let busy = |phone: &Phone| phone.tabs.iter().any(|tab| !tab.rests(&expected));
        let busy: Vec<_> = PHONES.iter().zip(&self.phones).filter(|(_, phone)| busy(phone)).collect();
        let names: Vec<_> = busy.iter().map(|(name, _)| **name).collect();
        self.broken(Promise::Rest, format!("{} never came to rest", names.join(", ")))
    }
}
