//! What records refer to, and what follows from that: whose answer it is, who has to act, what is protected.

use std::collections::{HashMap, HashSet};

use waymark_core::event::EventId;

use super::{Findings, Kept, Records};

pub fn look(records: &Records, mentions: &[(String, String)], findings: &mut Findings) {
    let expected = records
        .all
        .iter()
        .flat_map(|kept| kept.references.iter().map(|target| (target.to_string(), kept.id.to_string())));
    compare(records, expected, mentions, "mentions", findings);
    let protected = protected(records);
    for kept in &records.all {
        let at = format!("record {}", kept.id);
        if kept.stored.protected != protected.contains(&kept.id) {
            let is = if kept.stored.protected { "it is" } else { "it is not" };
            let detail = format!("{is} protected, against what it and the records it refers to say");
            findings.fault("protection", &at, detail);
        }
        if !is_author_right(records, kept) {
            findings.fault("subject", &at, "`subject_author` is not who wrote the record that it is about");
        }
        if !is_addressee_right(records, kept) {
            findings.fault("addressee", &at, "`addressee` is not who has to act on it");
        }
    }
}

/// Compares the rows of a table of pairs, the second of which is a record, with those that follow from the records.
pub fn compare(
    records: &Records,
    expected: impl Iterator<Item = (String, String)>,
    rows: &[(String, String)],
    table: &'static str,
    findings: &mut Findings,
) {
    let expected: HashSet<(String, String)> = expected.collect();
    let rows: HashSet<&(String, String)> = rows.iter().collect();
    let mut missing: Vec<_> = expected.iter().filter(|pair| !rows.contains(pair)).collect();
    let asked = |pair: &&&(String, String)| !records.unreadable.contains_key(&pair.1);
    let mut extra: Vec<_> = rows.iter().filter(|pair| !expected.contains(**pair)).filter(asked).collect();
    missing.sort_unstable();
    extra.sort_unstable();
    for (target, record) in missing {
        findings.fault(
            table,
            format!("record {record}"),
            format!("the row that it names {target} is missing"),
        );
    }
    for (target, record) in extra {
        findings.fault(table, format!("record {record}"), format!("a row says that it names {target}"));
    }
}

/// What is protected itself, what refers to that, and so on.
fn protected(records: &Records) -> HashSet<EventId> {
    let mut referring: HashMap<EventId, Vec<EventId>> = HashMap::new();
    for kept in &records.all {
        for target in kept.references.iter().filter(|target| records.get(**target).is_some()) {
            referring.entry(*target).or_default().push(kept.id);
        }
    }
    let mut todo: Vec<EventId> =
        records.all.iter().filter(|kept| kept.protects).map(|kept| kept.id).collect();
    let mut protected = HashSet::new();
    while let Some(id) = todo.pop() {
        if protected.insert(id) {
            todo.extend(referring.get(&id).into_iter().flatten());
        }
    }
    protected
}

/// Whose record it is about. One that was refused together with it may have named its author.
fn is_author_right(records: &Records, kept: &Kept) -> bool {
    let stored = kept.stored.subject_author.as_deref();
    let Some(subject) = kept.subject else { return stored.is_none() };
    match records.get(subject) {
        Some(subject) => stored == Some(&subject.author.0),
        None if records.unreadable.contains_key(&subject.to_string()) => true,
        None => stored.is_none_or(|stored| stored == kept.author.0),
    }
}

/// By its own words, else by those of what it is about; what that has from a third one it need not have had in time.
fn is_addressee_right(records: &Records, kept: &Kept) -> bool {
    let stored = kept.stored.addressee.as_deref();
    if let Some(own) = &kept.addressee {
        return stored == Some(&own.0);
    }
    let Some(subject) = kept.subject else { return stored.is_none() };
    match records.get(subject) {
        Some(subject) if subject.addressee.is_some() => {
            stored == subject.addressee.as_ref().map(|user| &*user.0)
        }
        Some(subject) => stored.is_none() || stored == subject.stored.addressee.as_deref(),
        None if records.unreadable.contains_key(&subject.to_string()) => true,
        None => stored.is_none(),
    }
}
