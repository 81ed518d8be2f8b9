//! The order of the feed: every place once, none lost, and the counter at the last.

use std::collections::HashMap;

use waymark_core::event::EventId;

use super::{Findings, Records};
use crate::storage::ingest::Change;

/// A record may leave its place for one at the end, when somebody may now see what they could not: once when the record
/// that it answers comes after it, and once for every plan of its movement that comes after it. Only then is a place
/// empty, and whoever left it stands above.
pub fn look(records: &Records, newest: i64, findings: &mut Findings) {
    let plans = plans(records);
    let later_plans = |movement: Option<EventId>, row: i64| {
        let plans = movement.and_then(|id| plans.get(&id)).map_or(&[][..], Vec::as_slice);
        plans.iter().filter(|plan| **plan > row).count()
    };
    let mut places: Vec<(i64, usize)> = vec![];
    for kept in &records.all {
        let answers = kept.subject.and_then(|id| records.get(id));
        let answered_later = usize::from(answers.is_some_and(|subject| subject.row > kept.row));
        places.push((kept.seq, answered_later + later_plans(kept.movement, kept.row)));
    }
    for unreadable in records.unreadable.values() {
        places.push((unreadable.seq, 1 + later_plans(unreadable.movement(), unreadable.row)));
    }
    places.sort_unstable_by_key(|(seq, _)| std::cmp::Reverse(*seq));
    let last = places.first().map_or(0, |(seq, _)| *seq);
    if last != newest {
        findings.fault("counter", "", format!("the counter is at {newest}, the last record at {last}"));
    }
    let mut moves: i64 = 0;
    for (at, (seq, own)) in places.iter().enumerate() {
        moves += i64::try_from(*own).unwrap_or(i64::MAX);
        let below = places.get(at + 1).map_or(0, |(seq, _)| *seq);
        if below == *seq {
            findings.fault("double", format!("place {seq}"), "two records are at it");
        }
        let empty = (seq - below - 1).max(0);
        if empty > moves {
            let detail = format!("empty places that no record has left: {}", empty - moves);
            findings.fault("gap", format!("places {} to {}", below + 1, seq - 1), detail);
        }
        moves = (moves - empty).max(0);
    }
    if let Some((seq, _)) = places.last().filter(|(seq, _)| *seq < 1) {
        findings.fault("double", format!("place {seq}"), "places begin at 1");
    }
}

/// The rows of the plans of each movement.
fn plans(records: &Records) -> HashMap<EventId, Vec<i64>> {
    let mut plans: HashMap<EventId, Vec<i64>> = HashMap::new();
    for kept in &records.all {
        if let (Some(movement), Some(Change::Plan { .. })) = (kept.movement, kept.change.as_deref()) {
            plans.entry(movement).or_default().push(kept.row);
        }
    }
    // It may have been one.
    for unreadable in records.unreadable.values() {
        if let Some(movement) = unreadable.movement() {
            plans.entry(movement).or_default().push(unreadable.row);
        }
    }
    plans
}
