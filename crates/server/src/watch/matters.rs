//! What is to be written and told in one organisation: decided without a database, a clock or a network.

use std::collections::HashMap;

use waymark_core::event::{
    Body, EventId, NO_MEANS, OverdueRaised, OverdueResolved, Record, ResolvedHow, Stamp, Tried, TryResult,
    UserId,
};
use waymark_core::rules::agenda::{Agenda, Need};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::{Due, Settled, dues, is_same_due, is_worked};
use waymark_core::view::Movement;
use waymark_core::view::movement::{Alarm, By, Entry, LogEntry, Report};

use super::writing::named;
use crate::storage::OWN_ID;

/// What the watch of one organisation knows.
#[derive(Debug, Default)]
pub struct Matters {
    agenda: Agenda,
    /// The highest call that has begun.
    told: HashMap<Key, u8>,
    /// What reached nobody, and when to try it again.
    failed: Vec<(Stamp, Telling)>,
}

/// What people are told about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Overdue { movement: EventId, due: Due },
    Alarm { matter: EventId, record: EventId },
}

/// By what a subject is known again: a movement, the moment and the vehicles; or an emergency, whatever it belongs to.
type Key = (EventId, Stamp, String);

impl Subject {
    fn key(&self) -> Key {
        match self {
            Self::Overdue { movement, due } => (*movement, due.at, due.silent.join("/")),
            Self::Alarm { record, .. } => (*record, Stamp(0), String::new()),
        }
    }
}

/// A record to write about a movement, or an emergency outside of any.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: EventId,
    pub matter: EventId,
    pub exercise: bool,
    pub body: Body,
}

/// Something to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub subject: Subject,
    /// When the check-in was due or the emergency happened.
    pub at: Stamp,
    pub stage: Stage,
    /// How often somebody has been called about it.
    pub call: u8,
    pub exercise: bool,
    /// Those who are not told: they travel, or it is about them.
    pub not: Vec<UserId>,
    /// How often this call was made before, and reached nobody.
    pub tries: u8,
}

/// A call that reached nobody is made again after this long, then after twice as long, and so on.
const TRY_AGAIN_MS: i64 = 60_000;
/// No more than that: the next step of the ladder calls again by itself.
const TRIES: u8 = 4;

/// What is to be done now: first written, then told.
#[derive(Debug, Default)]
pub struct Work {
    pub drafts: Vec<Draft>,
    pub tellings: Vec<Telling>,
}

impl Matters {
    pub fn take_in(&mut self, records: &[Record]) {
        self.agenda.take_in_all(records.iter().filter_map(Report::of));
    }

    /// How many movements are not over.
    pub fn open(&self) -> usize {
        self.agenda.movements().filter(|movement| !movement.is_over()).count()
    }

    pub fn next_look(&self) -> Option<Stamp> {
        self.failed.iter().map(|(at, _)| *at).chain(self.agenda.next_look()).min()
    }

    /// No attempt of this call went out.
    pub fn reached_nobody(&mut self, mut telling: Telling, now: Stamp) {
        if telling.tries < TRIES {
            let wait = TRY_AGAIN_MS << telling.tries;
            telling.tries += 1;
            self.failed.push((now.plus_ms(wait), telling));
        }
    }

    /// What is to be done at `now`. Each call is made once, and only the one that is reached.
    pub fn work(&mut self, now: Stamp) -> Work {
        let mut work = Work::default();
        for need in self.agenda.needs(now) {
            match need {
                Need::Overdue { movement, due, stage, call } => {
                    self.overdue(movement, due, (stage, call), &mut work);
                }
                Need::Alarm { matter, record, stage, call } => {
                    self.alarm(matter, record, (stage, call), &mut work);
                }
                Need::Settled { movement, settled } => self.settled(movement, settled, &mut work),
            }
        }
        let (due, later) = std::mem::take(&mut self.failed).into_iter().partition(|(at, _)| *at <= now);
        self.failed = later;
        let due: Vec<(Stamp, Telling)> = due;
        for (_, telling) in due {
            let not = self.not_told(&telling.subject).unwrap_or_default();
            work.tellings.extend(self.is_open(&telling, now).then_some(Telling { not, ..telling }));
        }
        work
    }

    /// Whether nobody is on it, and no later call was made.
    fn is_open(&self, telling: &Telling, now: Stamp) -> bool {
        let unanswered = match &telling.subject {
            Subject::Overdue { movement, due } => self.agenda.movement(*movement).is_some_and(|movement| {
                let mut dues = dues(movement).into_iter();
                let open = dues.find(|open| is_same_due(open.at, due.at) && due.shares(open));
                open.is_some_and(|open| !is_worked(movement, &open, now))
            }),
            Subject::Alarm { matter, record } => {
                let open = |alarm: &&Alarm| alarm.acknowledged.is_none() && alarm.resolved.is_none();
                self.agenda.alarms(*matter).iter().filter(open).any(|alarm| alarm.id == *record)
            }
        };
        unanswered && self.told.get(&telling.subject.key()) == Some(&telling.call)
    }

    /// Those who are not told: they travel, or it is about them. Under threat, whoever ever travelled: whoever threatens
    /// one of them may look at the phones of all, and change the plan with them.
    fn not_told(&self, subject: &Subject) -> Option<Vec<UserId>> {
        match subject {
            Subject::Overdue { movement, .. } => {
                let movement = self.agenda.movement(*movement)?;
                Some(movement.travellers().filter(|user| movement.travels(user)).cloned().collect())
            }
            Subject::Alarm { matter, record } => {
                let alarm = self.agenda.alarms(*matter).iter().find(|alarm| alarm.id == *record)?;
                let mut not = vec![alarm.by.user.clone()];
                if let Some(movement) = self.agenda.movement(*matter).filter(|_| alarm.duress) {
                    not.extend(movement.travellers().cloned());
                }
                Some(not)
            }
        }
    }

    fn overdue(&mut self, id: EventId, due: Due, (stage, call): (Stage, u8), work: &mut Work) {
        let Some(movement) = self.agenda.movement(id) else { return };
        let is_raising = |entry: &&LogEntry| entry.entry == Entry::Raised && due.is_meant_by(entry);
        // Clocks are corrected, and vehicles are heard: the same silence keeps the name it was raised under.
        let named = movement.log.iter().find(is_raising);
        let named = named.map(|entry| Due { at: entry.due, silent: entry.vehicles.clone() });
        if named.is_none() {
            work.drafts.push(Draft {
                id: named_by(&due, &["raised", &id.to_string()]),
                matter: id,
                exercise: movement.exercise,
                body: Body::OverdueRaised(OverdueRaised {
                    movement: id,
                    due: due.at,
                    vehicles: due.silent.clone(),
                }),
            });
        }
        let due = named.unwrap_or(due);
        let (at, exercise, before) = (due.at, movement.exercise, told_of(movement, &due));
        let subject = Subject::Overdue { movement: id, due };
        let not = self.not_told(&subject).unwrap_or_default();
        self.begin(Telling { subject, at, stage, call, exercise, not, tries: 0 }, before, work);
    }

    fn alarm(&mut self, matter: EventId, record: EventId, (stage, call): (Stage, u8), work: &mut Work) {
        let Some(alarm) = self.agenda.alarms(matter).iter().find(|alarm| alarm.id == record) else { return };
        let (at, exercise) = (alarm.by.at, alarm.exercise);
        let before = highest(alarm.tried.iter().map(|(by, tried)| (by, tried)));
        let subject = Subject::Alarm { matter, record };
        let not = self.not_told(&subject).unwrap_or_default();
        self.begin(Telling { subject, at, stage, call, exercise, not, tries: 0 }, before, work);
    }

    fn begin(&mut self, telling: Telling, before: u8, work: &mut Work) {
        let told = self.told.entry(telling.subject.key()).or_default();
        if telling.call > before.max(*told) {
            *told = telling.call;
            work.tellings.push(telling);
        }
    }

    fn settled(&self, id: EventId, settled: Settled, work: &mut Work) {
        let Some(movement) = self.agenda.movement(id) else { return };
        let Settled { due, vehicles, record } = settled;
        let note = match (record, &movement.closed) {
            (Some(_), _) => None,
            (None, Some(_)) => Some("the movement was closed".to_owned()),
            (None, None) => Some("the plan was changed".to_owned()),
        };
        let how = if record.is_some() { ResolvedHow::Contact } else { ResolvedHow::Mistake };
        work.drafts.push(Draft {
            id: named_by(&Due { at: due, silent: vehicles.clone() }, &["resolved", &id.to_string()]),
            matter: id,
            exercise: movement.exercise,
            body: Body::OverdueResolved(OverdueResolved {
                movement: id,
                due,
                vehicles,
                how,
                record,
                note,
                automatic: true,
            }),
        });
    }
}

/// The id of a record of the server about a silence.
fn named_by(due: &Due, words: &[&str]) -> EventId {
    let (at, silent) = (due.at.to_string(), due.silent.join("/"));
    let mut all = words.to_vec();
    all.push(&at);
    if !silent.is_empty() {
        all.push(&silent);
    }
    named(due.at, &all)
}

/// The highest stage of which the server has told anybody, by its own records.
fn told_of(movement: &Movement, due: &Due) -> u8 {
    let of_due = movement.log.iter().filter(|entry| due.is_meant_by(entry));
    highest(of_due.filter_map(|entry| match &entry.entry {
        Entry::Step(tried) => Some((&entry.by, tried)),
        _ => None,
    }))
}

/// What went out, or had nothing to go out by: what failed is tried again, also by a server that was started anew.
fn highest<'a>(tried: impl Iterator<Item = (&'a By, &'a Tried)>) -> u8 {
    let done = |tried: &Tried| tried.result == TryResult::Sent || tried.means == NO_MEANS;
    let own = tried.filter(|(by, tried)| tried.automatic && by.user.0 == OWN_ID && done(tried));
    own.map(|(_, tried)| tried.stage).max().unwrap_or_default()
}
