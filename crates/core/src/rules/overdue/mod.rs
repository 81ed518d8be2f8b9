//! When a convoy is to be heard, and how late it is: plan + events + now → verdict. The same on a phone, on a manager's
//! screen and in the server's watcher.

use crate::event::{CheckinKind, EventId, Stamp, minutes};
use crate::rules::escalation::{self, NextStep, Stage};
use crate::view::Movement;
use crate::view::movement::{By, Contact, Entry, LogEntry};

/// The check-in that is expected next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at: Stamp,
    /// Call signs of the vehicles it is expected from, where others are heard later; empty when it is from all.
    pub silent: Vec<String>,
}

/// How a movement stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// `None` when the movement is closed and nobody is expected.
    pub due: Option<Due>,
    pub stage: Stage,
    /// What comes next if nothing is heard and nobody acts.
    pub next: Option<NextStep>,
    /// The first who said that they are on it.
    pub acknowledged: Option<By>,
    /// How often somebody has been called; see [`escalation::Ladder::call`].
    pub call: u8,
    /// At the end of the ladder: when everyone is called again.
    pub again: Option<Stamp>,
}

/// Moments that are nearer to each other than this name the same check-in: clocks are corrected to seconds.
const SAME_DUE_MS: i64 = 60_000;
/// What a phone may announce at most; whatever a record says.
const MAX_NEXT_IN_MIN: u32 = 36 * 60;

/// The verdict on a movement. For the same events, the stage never falls as `now` rises.
pub fn verdict(movement: &Movement, now: Stamp) -> Verdict {
    let Some(due) = due(movement) else {
        return Verdict {
            due: None,
            stage: Stage::Quiet,
            next: None,
            acknowledged: None,
            call: 0,
            again: None,
        };
    };
    let acts = acts(movement, due.at);
    let ladder = escalation::Ladder { due: due.at, rules: movement.plan.plan.watch, holds: holds(&acts) };
    Verdict {
        stage: ladder.stage(now),
        next: ladder.next(now),
        call: ladder.call(now),
        again: ladder.next_call(now),
        acknowledged: acts.iter().find(|act| act.entry == Entry::Acknowledged).map(|act| act.by.clone()),
        due: Some(due),
    }
}

/// The check-in that is expected next; `None` when the movement is closed.
pub fn due(movement: &Movement) -> Option<Due> {
    if movement.closed.is_some() {
        return None;
    }
    let vehicles = &movement.plan.plan.vehicles;
    let calls: Vec<Option<&str>> = if vehicles.is_empty() {
        vec![None]
    } else {
        vehicles.iter().map(|vehicle| Some(vehicle.call_sign.as_str())).collect()
    };
    let expected: Vec<_> = calls.iter().map(|call| (*call, expected(movement, *call))).collect();
    let at = expected.iter().map(|(_, at)| *at).min()?;
    let late: Vec<_> = expected.iter().filter(|(_, own)| own.ms_since(at) < SAME_DUE_MS).collect();
    let silent = if late.len() == expected.len() {
        vec![]
    } else {
        late.iter().filter_map(|(call, _)| call.map(str::to_owned)).collect()
    };
    Some(Due { at, silent })
}

/// Check-ins that were raised as overdue and need not be any more, with the check-in that came after all, if it was
/// one: whoever raised them may say that they are settled.
pub fn settled(movement: &Movement) -> Vec<(Stamp, Option<EventId>)> {
    let current = due(movement).map(|due| due.at);
    let is_settled = |entry: &&LogEntry| {
        let over = current.is_none_or(|current| current > entry.due && !is_same_due(current, entry.due));
        let said = |other: &LogEntry| {
            matches!(other.entry, Entry::Resolved { .. }) && is_same_due(other.due, entry.due)
        };
        entry.entry == Entry::Raised && over && !movement.log.iter().any(said)
    };
    // What had come before it was raised did not settle it.
    let came_late = |raised: Stamp| {
        let late = |contact: &&Contact| contact.received.is_none_or(|received| received >= raised);
        movement.contacts.iter().rev().find(late).map(|contact| contact.id)
    };
    let mut dues: Vec<_> =
        movement.log.iter().filter(is_settled).map(|entry| (entry.due, entry.by.at)).collect();
    dues.dedup_by(|one, other| is_same_due(one.0, other.0));
    dues.into_iter().map(|(due, raised)| (due, came_late(raised))).collect()
}

/// Whether two moments name the same check-in.
pub fn is_same_due(one: Stamp, other: Stamp) -> bool {
    one.ms_since(other).abs() < SAME_DUE_MS
}

/// When one vehicle, or everyone, is to be heard next.
fn expected(movement: &Movement, call_sign: Option<&str>) -> Stamp {
    let covers = |contact: &&Contact| {
        call_sign.is_none_or(|call| !contact.not_heard.iter().any(|silent| silent == call))
    };
    let last = movement.contacts.iter().rev().find(covers);
    let depart = movement.plan.plan.depart;
    // Whoever came along on the way is expected from then on.
    let joined = call_sign.and_then(|call| movement.joined(call));
    let first =
        joined.map_or(depart, |at| at.plus_ms(minutes(movement.plan.plan.watch.interval)).max(depart));
    let mut at = last.map_or(first, |contact| next_after(movement, contact));
    if !movement.is_under_way() {
        at = at.max(depart);
    }
    // Whoever answers for a silence without a check-in begins a new interval.
    for entry in &movement.log {
        let settles = matches!(entry.entry, Entry::Resolved { by_checkin: false, .. })
            && !movement.travels(&entry.by.user)
            && (entry.due >= at || is_same_due(entry.due, at));
        if settles {
            at = at.max(entry.by.at.plus_ms(minutes(movement.plan.plan.watch.interval)));
        }
    }
    at
}

fn next_after(movement: &Movement, contact: &Contact) -> Stamp {
    let (at, plan) = (contact.by.at, &movement.plan.plan);
    if let Some(count) = contact.made.next_in {
        return at.plus_ms(minutes(count.min(MAX_NEXT_IN_MIN)));
    }
    let resumes = plan.legs.iter().filter_map(|leg| leg.overnight_until).find(|until| *until > at);
    let longest = at.plus_ms(minutes(MAX_NEXT_IN_MIN));
    match resumes {
        Some(until) if contact.made.checkin == CheckinKind::Overnight && until <= longest => until,
        _ => at.plus_ms(minutes(plan.watch.interval)),
    }
}

/// What people who stay behind did about this check-in; the server's own steps hold nothing.
fn acts(movement: &Movement, due: Stamp) -> Vec<&LogEntry> {
    let of_people = |entry: &&LogEntry| {
        is_same_due(entry.due, due)
            && !movement.travels(&entry.by.user)
            && matches!(entry.entry, Entry::Acknowledged | Entry::Step(_))
    };
    movement.log.iter().filter(of_people).collect()
}

/// From the first acknowledgement on, each act of a person holds the ladder for a while.
fn holds(acts: &[&LogEntry]) -> Vec<Stamp> {
    let first = acts.iter().position(|act| act.entry == Entry::Acknowledged);
    let held = acts.get(first.unwrap_or(acts.len())..).unwrap_or_default();
    let by_hand = |act: &&&LogEntry| match &act.entry {
        Entry::Step(step) => !step.automatic,
        _ => true,
    };
    held.iter().filter(by_hand).map(|act| act.by.at).collect()
}

#[cfg(test)]
mod tests;
