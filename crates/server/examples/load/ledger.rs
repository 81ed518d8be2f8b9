//! What phones asked and were told, and whether the store holds just that.

use std::collections::{BTreeMap, HashMap, HashSet};

use waymark_core::event::EventId;

use crate::times::Times;

/// What came of some syncs.
#[derive(Debug, Default)]
pub struct Ledger {
    /// From when a sync was due to its end.
    pub syncs: Times,
    /// Each request, from its beginning to the end of its answer.
    pub pushes: Times,
    pub pulls: Times,
    pub acknowledged: Vec<EventId>,
    /// Records in the pages of the feed.
    pub read: usize,
    /// Whatever was neither a receipt nor a page, in words, and how often.
    pub trouble: BTreeMap<String, usize>,
}

impl Ledger {
    pub fn complain(&mut self, words: String) {
        *self.trouble.entry(words).or_default() += 1;
    }

    pub fn take(&mut self, other: Self) {
        self.syncs.extend(other.syncs);
        self.pushes.extend(other.pushes);
        self.pulls.extend(other.pulls);
        self.acknowledged.extend(other.acknowledged);
        self.read += other.read;
        for (words, count) in other.trouble {
            *self.trouble.entry(words).or_default() += count;
        }
    }

    pub fn troubles(&self) -> usize {
        self.trouble.values().sum()
    }
}

/// What the store holds, beside what phones were told that it holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Audit {
    pub acknowledged: usize,
    pub stored: usize,
    /// Acknowledged, and not there.
    pub missing: usize,
    /// There more than once.
    pub double: usize,
    /// There, and acknowledged to nobody.
    pub unasked: usize,
}

impl Audit {
    /// `stored` are the ids of all rows, the server's own records left out.
    pub fn of(acknowledged: &[EventId], stored: &[String]) -> Self {
        let mut rows: HashMap<&str, usize> = HashMap::new();
        for id in stored {
            *rows.entry(id).or_default() += 1;
        }
        let told: HashSet<String> = acknowledged.iter().map(ToString::to_string).collect();
        Self {
            acknowledged: told.len(),
            stored: stored.len(),
            missing: told.iter().filter(|id| !rows.contains_key(id.as_str())).count(),
            double: rows.values().filter(|count| **count > 1).count(),
            unasked: rows.keys().filter(|id| !told.contains(**id)).count(),
        }
    }

    pub fn is_good(&self) -> bool {
        self.missing + self.double + self.unasked == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> EventId {
        EventId::new(u64::from(n), [n; 10])
    }

    #[test]
    fn the_store_holds_what_was_acknowledged_and_nothing_else() {
        let told = [id(1), id(2)];
        let rows = |all: &[u8]| all.iter().map(|n| id(*n).to_string()).collect::<Vec<_>>();
        assert!(Audit::of(&told, &rows(&[2, 1])).is_good());
        let wrong = Audit::of(&told, &rows(&[2, 2, 3]));
        assert_eq!(wrong, Audit { acknowledged: 2, stored: 3, missing: 1, double: 1, unasked: 1 });
        assert!(!wrong.is_good());
    }

    #[test]
    fn troubles_add_up() {
        let mut all = Ledger::default();
        for word in ["TimedOut", "Busy", "TimedOut"] {
            let mut one = Ledger { read: 2, ..Ledger::default() };
            one.complain(word.into());
            all.take(one);
        }
        assert_eq!((all.troubles(), all.trouble["TimedOut"], all.read), (3, 2, 6));
    }
}
