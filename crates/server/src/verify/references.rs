//! What records refer to, and what follows from that: whose answer it is, who has to act, what is protected.

use std::fmt::Display;
use std::str::FromStr;

use waymark_core::event::EventId;

use super::{Findings, Kept, Records};

/// Whose answer each record is, who has to act on it, and whether it is protected.
pub fn look(records: &Records, findings: &mut Findings) {
    let protected = protected(records);
    for (kept, protected) in records.all.iter().zip(protected) {
        let at = || format!("record {}", kept.id);
        if kept.stored.protected != protected {
            let is = if kept.stored.protected { "it is" } else { "it is not" };
            let detail = format!("{is} protected, against what it and the records it refers to say");
            findings.fault("protection", at(), detail);
        }
        if !is_author_right(records, kept) {
            findings.fault("subject", at(), "`subject_author` is not who wrote the record that it is about");
        }
        if !is_addressee_right(records, kept) {
            findings.fault("addressee", at(), "`addressee` is not who has to act on it");
        }
    }
}

/// The rows that should be: what is referred to, and by which record.
pub fn mentions(records: &Records) -> Pairs<EventId> {
    Pairs::of(records.all.iter().flat_map(|kept| kept.references.iter().map(|target| (*target, kept.id))))
}

/// The pairs of a table that follow from the records, the second of which is a record; and what of them is stored.
pub struct Pairs<Target> {
    /// In order, with whether it is stored.
    expected: Vec<(Target, EventId, bool)>,
    extra: Vec<(String, String)>,
}

impl<Target: Copy + Ord + Display + FromStr> Pairs<Target> {
    pub fn of(expected: impl Iterator<Item = (Target, EventId)>) -> Self {
        let mut expected: Vec<_> = expected.map(|(target, record)| (target, record, false)).collect();
        expected.sort_unstable();
        expected.dedup();
        Self { expected, extra: vec![] }
    }

    /// A row of the table.
    pub fn stored(&mut self, row: (String, String)) {
        match self.place(&row) {
            Some(at) => self.expected[at].2 = true,
            None => self.extra.push(row),
        }
    }

    fn place(&self, (target, record): &(String, String)) -> Option<usize> {
        let pair: (Target, EventId) = (target.parse().ok()?, record.parse().ok()?);
        // As it is stored, to the letter: that is how it is looked for.
        let same = pair.0.to_string() == *target && pair.1.to_string() == *record;
        let found = self.expected.binary_search_by(|(target, record, _)| (*target, *record).cmp(&pair));
        found.ok().filter(|_| same)
    }

    /// Says what is missing and what is too many.
    pub fn compare(mut self, records: &Records, table: &'static str, findings: &mut Findings) {
        for (target, record, _) in self.expected.iter().filter(|(.., stored)| !stored) {
            let detail = format!("the row that it names {target} is missing");
            findings.fault(table, format!("record {record}"), detail);
        }
        self.extra.sort_unstable();
        for (target, record) in self.extra {
            if !records.unreadable.contains_key(&record) {
                findings.fault(
                    table,
                    format!("record {record}"),
                    format!("a row says that it names {target}"),
                );
            }
        }
    }
}

/// Which of all records are protected: those that say so, what refers to them, and so on.
fn protected(records: &Records) -> Vec<bool> {
    let mut referring: Vec<(usize, usize)> = vec![];
    for (at, kept) in records.all.iter().enumerate() {
        referring.extend(kept.references.iter().filter_map(|target| Some((records.place(*target)?, at))));
    }
    referring.sort_unstable();
    let mut protected = vec![false; records.all.len()];
    let mut todo: Vec<usize> = (0..protected.len()).filter(|at| records.all[*at].protects).collect();
    while let Some(at) = todo.pop() {
        if !std::mem::replace(&mut protected[at], true) {
            let from = referring.partition_point(|(target, _)| *target < at);
            todo.extend(referring[from..].iter().take_while(|(target, _)| *target == at).map(|(_, by)| *by));
        }
    }
    protected
}

/// Whose record it is about. One that was refused together with it may have named its author.
fn is_author_right(records: &Records, kept: &Kept) -> bool {
    let stored = kept.stored.subject_author.as_deref();
    let Some(subject) = kept.subject else { return stored.is_none() };
    match records.get(subject) {
        Some(subject) => stored == Some(&*subject.author),
        None if records.unreadable.contains_key(&subject.to_string()) => true,
        None => stored.is_none_or(|stored| stored == &*kept.author),
    }
}

/// By its own words, else by those of what it is about; what that has from a third one it need not have had in time.
fn is_addressee_right(records: &Records, kept: &Kept) -> bool {
    let stored = kept.stored.addressee.as_deref();
    if let Some(own) = &kept.addressee {
        return stored == Some(&**own);
    }
    let Some(subject) = kept.subject else { return stored.is_none() };
    match records.get(subject) {
        Some(subject) if subject.addressee.is_some() => stored == subject.addressee.as_deref(),
        Some(subject) => stored.is_none() || stored == subject.stored.addressee.as_deref(),
        None if records.unreadable.contains_key(&subject.to_string()) => true,
        None => stored.is_none(),
    }
}
