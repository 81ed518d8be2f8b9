//! Things broken on purpose, to see that the simulator notices: a check that cannot fail checks nothing.

use super::report::Promise;
use crate::event::EventId;
use crate::sync::{Cursor, Epoch, Settlement, To};
use crate::testing::memory_store::MemoryStore;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Takes a network's sign-in page for the receipts.
    BelievesPortals,
    /// Says that a record is saved though the transaction failed.
    SaysSavedTooSoon,
    /// Lists a record as refused and leaves it in the outbox.
    KeepsRefused,
    /// Does not put anything back when the backend has another life.
    ForgetsRestores,
    /// The server stores what it has already.
    StoresTwice,
    /// The second try to save gives the record another place in the order and the outbox.
    SavesTwice,
    /// Sends a batch from its end.
    SendsBackwards,
    /// Goes on reading after a page that was not stored.
    SkipsPages,
    /// Takes records that nobody has answered off the waiting list.
    ForgetsWhoWaits,
    /// Changes the time of what was sent, on this phone alone.
    RewritesTimes,
    /// Counts from the start again when a tab is killed.
    ReusesNumbers,
    /// Does not go on after signing in again.
    StaysPaused,
    /// Asks again at once for what it has.
    NeverRests,
    Panics,
    /// One lock for all places, which a place that cannot be reached keeps.
    SharesALock,
    /// Takes every mirror for one that need not have records.
    ForgetsMust,
    /// Sends to a place, and settles, without a look at what another tab has changed.
    SettlesBlindly,
    /// Stores a page whoever asked for it.
    AppliesBlindly,
    /// Asks what to judge the beginning of a queue by before it asks for that beginning.
    JudgesByThePast,
    /// Asks for it afterwards.
    JudgesByTheFuture,
    /// Looks who reads in one transaction, and stores the page in another.
    LooksThenApplies,
    /// Sends what another organisation's session wrote.
    SendsStrangers,
    /// Takes what was queued for a mirror that is removed out of the home's queue, too.
    DropsWithMirror,
    /// Gives a new mirror only what is written from then on.
    OwesNothingToNew,
    /// Does not put anything back when a mirror has another life.
    ForgetsLostCopies,
    /// Takes a mirror's receipts for the home's.
    MixesQueues,
    /// Does not look for a place of which no other tab has told.
    WaitsToBeTold,
}

impl Flaw {
    pub const ALL: [(Self, Promise); 25] = [
        (Self::BelievesPortals, Promise::OnePlace),
        (Self::SaysSavedTooSoon, Promise::OnePlace),
        (Self::KeepsRefused, Promise::OnePlace),
        (Self::ForgetsRestores, Promise::OnePlace),
        (Self::StoresTwice, Promise::Once),
        (Self::SavesTwice, Promise::Once),
        (Self::SendsBackwards, Promise::Order),
        (Self::ReusesNumbers, Promise::Order),
        (Self::SkipsPages, Promise::Convergence),
        (Self::ForgetsWhoWaits, Promise::Convergence),
        (Self::RewritesTimes, Promise::Convergence),
        (Self::StaysPaused, Promise::Arrival),
        (Self::NeverRests, Promise::Rest),
        (Self::Panics, Promise::NoPanic),
        (Self::SharesALock, Promise::Progress),
        (Self::ForgetsMust, Promise::Sent),
        (Self::SettlesBlindly, Promise::Apart),
        (Self::AppliesBlindly, Promise::Apart),
        (Self::JudgesByThePast, Promise::Apart),
        (Self::LooksThenApplies, Promise::Apart),
        (Self::SendsStrangers, Promise::Apart),
        (Self::DropsWithMirror, Promise::OnePlace),
        (Self::OwesNothingToNew, Promise::OnePlace),
        (Self::ForgetsLostCopies, Promise::OnePlace),
        (Self::MixesQueues, Promise::Apart),
    ];
}

pub(super) fn keep_refused(store: &MemoryStore, to: To, settlement: &Settlement) {
    store.tamper(|disk| {
        for (entry, _) in &settlement.refused {
            disk.outbox.insert((to.lane(entry.urgent), entry.devseq), entry.clone());
        }
    });
}

pub(super) fn forget_restore(store: &MemoryStore, epoch: &Epoch) {
    store.tamper(|disk| {
        if disk.meta.epoch.replace(epoch.clone()).as_ref() != Some(epoch) {
            disk.meta.cursor = Cursor::default();
        }
    });
}

pub(super) fn enter_twice(store: &MemoryStore, id: EventId) {
    store.tamper(|disk| {
        disk.devseq += 1;
        let first = disk.outbox.iter().find(|(_, entry)| entry.id == id);
        if let Some(((lane, _), entry)) = first.map(|(key, entry)| (*key, entry.clone())) {
            disk.outbox.insert((lane, disk.devseq), entry);
        }
    });
}

pub(super) fn forget_who_waits(store: &MemoryStore) {
    store.tamper(|disk| {
        for row in disk.events.values_mut() {
            row.waiting = false;
        }
    });
}

pub(super) fn rewrite_times(store: &MemoryStore, settlement: &Settlement) {
    store.tamper(|disk| {
        for (entry, _) in &settlement.stored {
            if let Some(row) = disk.events.get_mut(&entry.id) {
                row.record.event.time = row.record.event.time.plus_ms(3_600_000);
            }
        }
    });
}

/// `before`: the places of the phone before it was directed.
pub(super) fn drop_with_mirror(store: &MemoryStore, before: &[To]) {
    store.tamper(|disk| {
        let now = disk.meta.all_to();
        if before.iter().any(|to| !now.contains(to)) {
            disk.outbox.retain(|(lane, _), _| To::of_lane(*lane).0 != To::HOME);
        }
    });
}

pub(super) fn owe_nothing_to_new(store: &MemoryStore, before: &[To]) {
    store.tamper(|disk| disk.outbox.retain(|(lane, _), _| before.contains(&To::of_lane(*lane).0)));
}
