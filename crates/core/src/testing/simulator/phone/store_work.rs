//! What a phone's store answers, and what its tabs make of that.

use std::collections::BTreeSet;

use super::super::super::block_on;
use super::super::flaw::{self, Flaw};
use super::super::tab::{Pending, Told};
use super::Phone;
use crate::event::{Event, EventId, Unsaved};
use crate::sync::{
    BatchLimit, Destination, Epoch, Footing, Head, Input, LocalStore, PullInput, Reader, Settlement,
    StoreError, To, Wake,
};

impl Phone {
    /// Lets a request to the store have its answer.
    pub fn do_store_work(&mut self, at: usize, pending: Pending, jitter: u32) {
        let now = self.clock(self.world);
        match pending {
            Pending::Load { line, limit, passing_over, told } => {
                match self.load(at, line, limit, &passing_over, told) {
                    Some(Ok(head)) => self.take_up(at, line, head),
                    Some(Err(_)) => self.input(at, line, Input::StoreFailed { now, jitter }),
                    None => {}
                }
            }
            Pending::Settle { line: id, settlement } => {
                let blindly = self.is(Flaw::SettlesBlindly);
                let Some(line) = self.tabs[at].line(id) else { return };
                let (to, place) = (line.to, line.destination.clone());
                match self.settle(to, Some(&place).filter(|_| !blindly), &settlement) {
                    Ok(true) => self.input(at, id, Input::Settled { now }),
                    Ok(false) => self.give_up_line(at),
                    Err(_) => self.input(at, id, Input::StoreFailed { now, jitter }),
                }
            }
            Pending::Apply(page) => match block_on(self.store.apply(self.reader(at), &page)) {
                Ok(None) => self.pull_input(at, PullInput::Stored { more: true }),
                Ok(Some(_)) => {
                    if self.is(Flaw::ForgetsWhoWaits) {
                        flaw::forget_who_waits(&self.store);
                    }
                    self.pull_input(at, PullInput::Stored { more: page.more || self.is(Flaw::NeverRests) });
                }
                Err(_) if self.is(Flaw::SkipsPages) => {
                    self.store.tamper(|disk| _ = disk.meta.read_to(&page));
                    self.pull_input(at, PullInput::Stored { more: page.more });
                }
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::Adopt(epoch) => match self.adopt(at, &epoch) {
                Ok(()) => {
                    self.pull_input(at, PullInput::Stored { more: true });
                    let home = self.tabs[at].lines.first().map(|line| line.id).unwrap_or_default();
                    self.input(at, home, Input::Wake { why: Wake::Background, now });
                }
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::LookedAt(pending) => {
                self.looked = true;
                self.do_store_work(at, *pending, jitter);
                self.looked = false;
            }
            Pending::Hear => {
                self.redirect(at);
                self.wake(at, Wake::SignedIn, self.world);
            }
            Pending::Records { .. } | Pending::Feed { .. } => {}
        }
    }

    /// The first of the store's two answers to something under way in this tab, if a flaw makes it take two.
    pub fn half(&mut self, at: usize, pick: usize) {
        let now = self.clock(self.world);
        let takes_two = |pending: &Pending| match pending {
            Pending::Load { line, told: None, .. } => {
                (self.is(Flaw::JudgesByThePast) || self.is(Flaw::JudgesByTheFuture))
                    && !self.is_locked(at, *line)
            }
            Pending::Apply(_) | Pending::Adopt(_) => {
                self.is(Flaw::LooksThenApplies) && self.meta().is_read_by(self.reader(at))
            }
            _ => false,
        };
        let pending = self.tabs[at].pending.iter().enumerate();
        let able: Vec<usize> = pending.filter(|(_, pending)| takes_two(pending)).map(|(at, _)| at).collect();
        let Some(place) = able.get(pick % able.len().max(1)).copied() else { return };
        let Some(pending) = self.tabs[at].pending.remove(place) else { return };
        let halved = match pending {
            Pending::Load { line: id, limit, passing_over, .. } => {
                let Some(line) = self.tabs[at].line(id) else { return };
                line.holds_lock = true;
                let to = line.to;
                let told = if self.is(Flaw::JudgesByThePast) {
                    Told::Meta(Box::new(self.meta()))
                } else {
                    match block_on(self.store.head(to, limit, &passing_over)) {
                        Ok(head) => Told::Queued(head.queued),
                        Err(_) => return self.input(at, id, Input::StoreFailed { now, jitter: 0 }),
                    }
                };
                Pending::Load { line: id, limit, passing_over, told: Some(told) }
            }
            pending => Pending::LookedAt(Box::new(pending)),
        };
        self.tabs[at].pending.insert(place, halved);
    }

    /// What is first in the queue, and what it is judged by. `None` if the line is gone.
    fn load(
        &mut self,
        at: usize,
        id: u32,
        limit: BatchLimit,
        passing_over: &BTreeSet<EventId>,
        told: Option<Told>,
    ) -> Option<Result<Head, StoreError>> {
        let line = self.tabs[at].line(id)?;
        line.holds_lock = true;
        let to = line.to;
        let head = |phone: &Self| block_on(phone.store.head(to, limit, passing_over));
        Some(match told {
            Some(Told::Meta(meta)) => head(self).map(|head| Head { meta: *meta, ..head }),
            Some(Told::Queued(queued)) => Ok(Head { queued, meta: self.meta() }),
            None => head(self),
        })
    }

    fn take_up(&mut self, at: usize, id: u32, head: Head) {
        let Head { queued, meta } = head;
        let now = self.clock(self.world);
        let Some(line) = self.tabs[at].line(id) else { return };
        let to = line.to;
        let mut footing = meta.footing(to, &line.destination);
        if self.is(Flaw::SettlesBlindly) {
            let epoch = meta.epoch_of(to).cloned();
            footing = Some(Footing { session: meta.session.clone(), epoch, clockoffset: meta.clockoffset });
        }
        let Some(footing) = footing else { return self.give_up_line(at) };
        let input = if self.is(Flaw::SendsStrangers) {
            Input::Loaded { entries: queued.iter().map(|queued| queued.entry.clone()).collect(), now }
        } else {
            footing.look_through(&queued, now)
        };
        if let Some(line) = self.tabs[at].line(id) {
            (line.loaded, line.footing) = (queued, footing);
        }
        // A tab that was killed may have added a place, and told nobody.
        let added = if self.is(Flaw::WaitsToBeTold) || self.is(Flaw::SettlesBlindly) {
            vec![]
        } else {
            self.go_by(at, &meta)
        };
        self.input(at, id, input);
        for id in added {
            self.input(at, id, Input::Wake { why: Wake::Background, now });
        }
    }

    /// For whom this tab has read what it stores.
    fn reader(&self, at: usize) -> Option<&Reader> {
        let blindly = self.looked || self.is(Flaw::AppliesBlindly);
        self.tabs[at].asked.as_ref().filter(|_| !blindly)
    }

    fn settle(
        &self,
        to: To,
        place: Option<&Destination>,
        settlement: &Settlement,
    ) -> Result<bool, StoreError> {
        if let (true, Some(epoch)) = (self.is(Flaw::ForgetsRestores) && to == To::HOME, &settlement.epoch) {
            flaw::forget_restore(&self.store, epoch);
        }
        if let (true, Some(epoch)) = (self.is(Flaw::ForgetsLostCopies) && to != To::HOME, &settlement.epoch) {
            self.store.tamper(|disk| _ = disk.meta.change_epoch(to, epoch));
        }
        let (to, place) = if self.is(Flaw::MixesQueues) { (To::HOME, None) } else { (to, place) };
        if !block_on(self.store.settle(to, place, settlement))? {
            return Ok(false);
        }
        if self.is(Flaw::RewritesTimes) {
            flaw::rewrite_times(&self.store, settlement);
        }
        if self.is(Flaw::KeepsRefused) {
            flaw::keep_refused(&self.store, to, settlement);
        }
        Ok(true)
    }

    fn adopt(&self, at: usize, epoch: &Epoch) -> Result<(), StoreError> {
        if self.is(Flaw::ForgetsRestores) && self.meta().is_read_by(self.reader(at)) {
            flaw::forget_restore(&self.store, epoch);
        }
        block_on(self.store.adopt_epoch(To::HOME, self.reader(at), epoch)).map(drop)
    }

    /// Writes it down as the app does. What the store does not confirm stands in the form still, under the same id.
    pub fn save(&mut self, unsaved: Unsaved) -> Option<Event> {
        let saved = block_on(self.store.save(unsaved.clone(), None));
        if self.is(Flaw::SavesTwice) && self.form.as_ref().is_some_and(|form| form.id == unsaved.id) {
            flaw::enter_twice(&self.store, unsaved.id);
        }
        match saved {
            Ok(event) => {
                self.form = None;
                Some(event)
            }
            Err(_) if self.is(Flaw::SaysSavedTooSoon) => {
                let devseq = self.store.look(|disk| disk.devseq) + 1;
                Some(unsaved.into_event(devseq))
            }
            Err(_) => {
                self.form = Some(unsaved);
                None
            }
        }
    }
}
