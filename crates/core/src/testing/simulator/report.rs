//! What happened in runs, and what a run that failed broke.

use std::collections::BTreeMap;
use std::fmt;

/// What happened, added up.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub seeds: u64,
    pub steps: u64,
    pub saved: u64,
    pub confirmed: u64,
    pub refused: u64,
    pub(super) faults: BTreeMap<&'static str, u64>,
}

/// All that can go wrong, in the words of the report.
const FAULTS: [&str; 40] = [
    "slow",
    "lost",
    "delayed",
    "reply-lost",
    "twice",
    "cut",
    "portal",
    "empty",
    "too-few-receipts",
    "other-digests",
    "told-to-retry",
    "too-large",
    "busy",
    "error",
    "error-after",
    "timed-out",
    "arrived late",
    "offline",
    "signed out",
    "record refused",
    "batch refused for one record",
    "tab killed",
    "clock jumped",
    "server restored",
    "server wiped",
    "disk aborted",
    "disk full",
    "disk dead",
    "disk killed",
    "mirror added or changed",
    "mirror removed",
    "mirror down",
    "mirror behind a portal",
    "mirror signed out",
    "mirror lies",
    "mirror wiped",
    "record refused by a mirror",
    "home changed",
    "of another organisation",
    "clock jumped while a mirror waited",
];

impl Report {
    pub fn met(&mut self, fault: &'static str) {
        *self.faults.entry(fault).or_default() += 1;
    }

    /// Each kind of fault and how often it was met.
    pub fn faults(&self) -> impl Iterator<Item = (&'static str, u64)> {
        FAULTS.into_iter().map(|fault| (fault, self.faults.get(fault).copied().unwrap_or(0)))
    }

    pub fn add(&mut self, other: &Self) {
        self.seeds += other.seeds;
        self.steps += other.steps;
        self.saved += other.saved;
        self.confirmed += other.confirmed;
        self.refused += other.refused;
        for (fault, count) in &other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
    }
}

/// What must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Promise {
    /// For each backend that is to have it, a record is in exactly one place: the outbox, the refused list, or a backend
    /// that has said, by name and digest, that it holds it.
    OnePlace,
    /// Nothing is twice: in the outbox of one backend, or in the feed.
    Once,
    /// What a phone wrote has its order, on the phone and at each backend.
    Order,
    /// What one backend says is not taken for another's word, and no record comes to another organisation.
    Apart,
    /// A record counts among those to be sent until the home and all that must have it do, and no longer.
    Sent,
    /// A backend that fails holds up no other.
    Progress,
    /// Phones do come to rest once nothing fails any more.
    Rest,
    /// Then everything has arrived, and what was refused is listed.
    Arrival,
    /// Then all phones hold what they may see, and fold it to the same.
    Convergence,
    /// Nothing panics.
    NoPanic,
}

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub promise: Promise,
    /// How many steps had happened.
    pub steps: usize,
    pub words: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is broken after {} steps: {}", self.promise, self.steps, self.words)
    }
}
