//! When a convoy is to be heard, and how late it is: plan + events + now → verdict. The same on a phone, on a manager's
//! screen and in the server's watcher.

use std::cmp::Reverse;

use crate::event::{CheckinKind, EventId, Stamp, minutes};
use crate::rules::escalation::{self, NextStep, Stage};
use crate::view::Movement;
use crate::view::movement::{By, Contact, Entry, LogEntry};

/// A check-in that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub at: Stamp,
    /// Call signs of the vehicles it is expected from, where others are heard later; empty when it is from all.
    pub silent: Vec<String>,
}

impl Due {
    /// Whether an entry of the log is about this check-in: the same moment, and some of the same vehicles.
    pub fn is_meant_by(&self, entry: &LogEntry) -> bool {
        is_same_due(entry.due, self.at) && share(&self.silent, &entry.vehicles)
    }

    /// Whether both are expected from some of the same vehicles.
    pub fn shares(&self, other: &Self) -> bool {
        share(&self.silent, &other.silent)
    }
}

/// How one check-in stands that is expected, or did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub due: Due,
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

/// How a movement stands at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The highest that any of its vehicles has reached.
    pub stage: Stage,
    /// Each with a ladder of its own: those first that nobody is on, then the highest; empty when it is closed.
    pub expected: Vec<Expected>,
}

impl Verdict {
    /// What needs somebody first; `None` when the movement is closed and nobody is expected.
    pub fn first(&self) -> Option<&Expected> {
        self.expected.first()
    }

    /// Those that are due by now.
    pub fn due(&self) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(|expected| expected.stage >= Stage::Due)
    }

    /// Those that did not come within the grace.
    pub fn overdue(&self) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(|expected| expected.stage.is_overdue())
    }

    /// Who is on it, if somebody is on all that is overdue: whoever was the first on the first of them.
    pub fn acknowledged(&self) -> Option<&By> {
        let mut first = None;
        for expected in self.overdue() {
            first = first.or(Some(expected.acknowledged.as_ref()?));
        }
        first
    }

    /// When it has to be looked at again, if nothing comes in.
    pub fn next_look(&self) -> Option<Stamp> {
        let look = |expected: &Expected| expected.next.map(|next| next.at).or(expected.again);
        self.expected.iter().filter_map(look).min()
    }
}

/// Moments that are nearer to each other than this name the same check-in: clocks are corrected to seconds.
const SAME_DUE_MS: i64 = 60_000;
/// What a phone may announce at most; whatever a record says.
const MAX_NEXT_IN_MIN: u32 = 36 * 60;

/// The verdict on a movement. For the same events, no stage ever falls as `now` rises.
pub fn verdict(movement: &Movement, now: Stamp) -> Verdict {
    let mut all: Vec<Expected> = dues(movement).into_iter().map(|due| stand(movement, due, now)).collect();
    crate::order::sort_by_key(&mut all, |expected| {
        let late = if expected.stage.is_overdue() { expected.stage } else { Stage::Quiet };
        (expected.acknowledged.is_some() || late == Stage::Quiet, Reverse(late), expected.due.at)
    });
    let stage = all.iter().map(|expected| expected.stage).max().unwrap_or(Stage::Quiet);
    Verdict { stage, expected: all }
}

fn stand(movement: &Movement, due: Due, now: Stamp) -> Expected {
    let acts = acts(movement, &due);
    let ladder = escalation::Ladder { due: due.at, rules: movement.plan.plan.watch, holds: holds(&acts) };
    Expected {
        stage: ladder.stage(now),
        next: ladder.next(now),
        call: ladder.call(now),
        again: ladder.next_call(now),
        acknowledged: acts.iter().find(|act| act.entry == Entry::Acknowledged).map(|act| act.by.clone()),
        due,
    }
}

/// The check-ins that are expected next, the soonest first: one of all vehicles that are due together. None when the
/// movement is closed.
pub fn dues(movement: &Movement) -> Vec<Due> {
    let mut vehicles = vehicles(movement);
    crate::order::sort_by_key(&mut vehicles, |(_, at)| *at);
    let count = vehicles.len();
    let mut dues: Vec<Due> = vec![];
    let mut together = 0;
    for (call, at) in vehicles {
        if let Some(due) = dues.last_mut().filter(|due| at.ms_since(due.at) < SAME_DUE_MS) {
            due.silent.extend(call.map(str::to_owned));
            together += 1;
        } else {
            dues.push(Due { at, silent: call.map(str::to_owned).into_iter().collect() });
            together = 1;
        }
    }
    if let Some(all) = dues.first_mut().filter(|_| together == count) {
        all.silent = vec![];
    }
    dues
}

/// When each vehicle is to be heard next, in the order in which they drive; one without a call sign where the plan has no
/// vehicles.
fn vehicles(movement: &Movement) -> Vec<(Option<&str>, Stamp)> {
    if movement.closed.is_some() {
        return vec![];
    }
    let vehicles = &movement.plan.plan.vehicles;
    if vehicles.is_empty() {
        return vec![(None, expected(movement, None))];
    }
    let planned = vehicles.iter().map(|vehicle| vehicle.call_sign.as_str());
    // One that was out of sight when somebody took it out of the plan is still missed.
    let forgotten = movement.separated.iter().map(String::as_str);
    let forgotten = forgotten.filter(|call| !vehicles.iter().any(|vehicle| vehicle.call_sign == **call));
    planned.chain(forgotten).map(|call| (Some(call), expected(movement, Some(call)))).collect()
}

/// A check-in that was raised as overdue and need not be any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub due: Stamp,
    /// Call signs of the vehicles it was raised for; empty for all.
    pub vehicles: Vec<String>,
    /// The check-in that came after all, if it was one.
    pub record: Option<EventId>,
}

/// What whoever raised something may say is settled.
pub fn settled(movement: &Movement) -> Vec<Settled> {
    let expected = vehicles(movement);
    let is_settled = |entry: &&LogEntry| {
        let still = |at: Stamp| at <= entry.due || is_same_due(at, entry.due);
        let said = |other: &LogEntry| {
            matches!(other.entry, Entry::Resolved { .. })
                && is_same_due(other.due, entry.due)
                && share(&other.vehicles, &entry.vehicles)
        };
        entry.entry == Entry::Raised
            && !expected.iter().any(|(call, at)| entry.is_about(*call) && still(*at))
            && !movement.log.iter().any(said)
    };
    // What had come before it was raised did not settle it; nor does what speaks for others.
    let came_late = |raised: &LogEntry| {
        let late = |contact: &&Contact| contact.received.is_none_or(|received| received >= raised.by.at);
        let last = |call: Option<&str>| {
            movement.contacts.iter().rev().filter(late).find(|contact| covers(contact, call))
        };
        if raised.vehicles.is_empty() {
            return last(None).map(|contact| contact.id);
        }
        let each: Option<Vec<_>> = raised.vehicles.iter().map(|call| last(Some(call))).collect();
        each?.into_iter().max_by_key(|contact| (contact.by.at, contact.id)).map(|contact| contact.id)
    };
    let mut raised: Vec<_> = movement.log.iter().filter(is_settled).collect();
    raised.dedup_by(|one, other| is_same_due(one.due, other.due) && share(&one.vehicles, &other.vehicles));
    let settle = |raised: &LogEntry| Settled {
        due: raised.due,
        vehicles: raised.vehicles.clone(),
        record: came_late(raised),
    };
    raised.into_iter().map(settle).collect()
}

/// An empty list means all.
fn share(one: &[String], other: &[String]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|call| other.contains(call))
}

/// Whether two moments name the same check-in.
pub fn is_same_due(one: Stamp, other: Stamp) -> bool {
    one.ms_since(other).abs() < SAME_DUE_MS
}

/// When one vehicle, or everyone, is to be heard next.
fn expected(movement: &Movement, call_sign: Option<&str>) -> Stamp {
    let last = movement.contacts.iter().rev().find(|contact| covers(contact, call_sign));
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
        let settles = entry.entry.settles_by_hand()
            && entry.is_about(call_sign)
            && !movement.travelled_at(&entry.by.user, entry.by.at)
            && (entry.due >= at || is_same_due(entry.due, at));
        if settles {
            at = at.max(entry.by.at.plus_ms(minutes(movement.plan.plan.watch.interval)));
        }
    }
    at
}

/// Whether a check-in is a sign of life of a vehicle, or of everyone.
fn covers(contact: &Contact, call_sign: Option<&str>) -> bool {
    call_sign.is_none_or(|call| !contact.not_heard.iter().any(|silent| silent == call))
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
fn acts<'a>(movement: &'a Movement, due: &Due) -> Vec<&'a LogEntry> {
    let of_people = |entry: &&LogEntry| {
        due.is_meant_by(entry)
            && !movement.travelled_at(&entry.by.user, entry.by.at)
            && matches!(entry.entry, Entry::Acknowledged | Entry::Step(_))
    };
    movement.log.iter().filter(of_people).collect()
}

/// Whether a person who stays behind has done something about a check-in for as long as an acknowledgement holds.
pub fn is_worked(movement: &Movement, due: &Due, now: Stamp) -> bool {
    let hold = minutes(movement.plan.plan.watch.hold);
    let by_hand = |act: &&LogEntry| match &act.entry {
        Entry::Step(tried) => !tried.automatic,
        _ => true,
    };
    acts(movement, due).into_iter().any(|act| by_hand(&act) && now.ms_since(act.by.at) < hold)
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
