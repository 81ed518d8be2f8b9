//! What is to be written and told in one organisation: decided without a database, a clock or a network.

use std::collections::HashMap;

use waymark_core::event::{
    Body, EventId, OverdueRaised, OverdueResolved, Record, ResolvedHow, Stamp, Tried, UserId,
};
use waymark_core::rules::agenda::{Agenda, Need};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::{Due, Settled, dues, is_same_due};
use waymark_core::view::Movement;
use waymark_core::view::movement::{Alarm, By, Entry, LogEntry, Report};

use super::writing::named;
use crate::storage::OWN_ID;

/// What the watch of one organisation knows.
#[derive(Debug, Default)]
pub struct Matters {
    agenda: Agenda,
    /// The highest call that has begun.
    told: HashMap<Subject, u8>,
    /// What reached nobody, and when to try it again.
    failed: Vec<(Stamp, Telling)>,
}

/// What people are told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    Overdue { movement: EventId, due: Stamp },
    Alarm { matter: EventId, record: EventId },
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

impl Telling {
    fn key(&self) -> Subject {
        match self.subject {
            Subject::Alarm { record, .. } => alarm_key(record),
            overdue @ Subject::Overdue { .. } => overdue,
        }
    }
}

/// A call that reached nobody is made again after this long, then after twice as long, and so on.
const TRY_AGAIN_MS: i64 = 60_000;

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

    pub fn next_look(&self) -> Option<Stamp> {
        self.failed.iter().map(|(at, _)| *at).chain(self.agenda.next_look()).min()
    }

    /// No attempt of this call went out.
    pub fn reached_nobody(&mut self, mut telling: Telling, now: Stamp) {
        let wait = TRY_AGAIN_MS << telling.tries.min(6);
        telling.tries = telling.tries.saturating_add(1);
        self.failed.push((now.plus_ms(wait), telling));
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
        let again: Vec<(Stamp, Telling)> = due;
        work.tellings
            .extend(again.into_iter().map(|(_, telling)| telling).filter(|telling| self.is_open(telling)));
        work
    }

    /// Whether nobody has answered, and no later call was made.
    fn is_open(&self, telling: &Telling) -> bool {
        let unanswered = match telling.subject {
            Subject::Overdue { movement, due } => self.agenda.movement(movement).is_some_and(|movement| {
                let mut same = dues(movement).into_iter().filter(|open| is_same_due(open.at, due));
                same.next().is_some() && !is_acknowledged(movement, due)
            }),
            Subject::Alarm { matter, record } => {
                let open = |alarm: &&Alarm| alarm.acknowledged.is_none() && alarm.resolved.is_none();
                self.agenda.alarms(matter).iter().filter(open).any(|alarm| alarm.id == record)
            }
        };
        unanswered && self.told.get(&telling.key()) == Some(&telling.call)
    }

    fn overdue(&mut self, id: EventId, due: Due, (stage, call): (Stage, u8), work: &mut Work) {
        let Some(movement) = self.agenda.movement(id) else { return };
        let Due { at: due, silent: vehicles } = due;
        let raised = movement
            .log
            .iter()
            .find(|entry| entry.entry == Entry::Raised && is_same_due(entry.due, due))
            .map(|entry| entry.due);
        // Clocks are corrected: the same check-in keeps the name it was raised under.
        let due = raised.unwrap_or(due);
        if raised.is_none() {
            work.drafts.push(Draft {
                id: named(due, &["raised", &id.to_string(), &due.to_string()]),
                matter: id,
                exercise: movement.exercise,
                body: Body::OverdueRaised(OverdueRaised { movement: id, due, vehicles }),
            });
        }
        let telling = Telling {
            subject: Subject::Overdue { movement: id, due },
            at: due,
            stage,
            call,
            exercise: movement.exercise,
            not: movement.travellers().cloned().collect(),
            tries: 0,
        };
        let before = told_of(movement, due);
        self.begin(telling, before, work);
    }

    fn alarm(&mut self, matter: EventId, record: EventId, (stage, call): (Stage, u8), work: &mut Work) {
        let Some(alarm) = self.agenda.alarms(matter).iter().find(|alarm| alarm.id == record) else { return };
        let mut not = vec![alarm.by.user.clone()];
        // Whoever threatens one of them may look at the phones of all.
        if let Some(movement) = self.agenda.movement(matter).filter(|_| alarm.duress) {
            not.extend(movement.travellers().cloned());
        }
        let subject = Subject::Alarm { matter, record };
        let before = highest(alarm.tried.iter().map(|(by, tried)| (by, tried)));
        let (at, exercise) = (alarm.by.at, alarm.exercise);
        let telling = Telling { subject, at, stage, call, exercise, not, tries: 0 };
        self.begin(telling, before, work);
    }

    fn begin(&mut self, telling: Telling, before: u8, work: &mut Work) {
        let told = self.told.entry(telling.key()).or_default();
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
            id: named(due, &["resolved", &id.to_string(), &due.to_string()]),
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

/// Emergencies are known by their record, whatever they belong to.
fn alarm_key(record: EventId) -> Subject {
    Subject::Alarm { matter: record, record }
}

fn is_acknowledged(movement: &Movement, due: Stamp) -> bool {
    let says = |entry: &LogEntry| entry.entry == Entry::Acknowledged && is_same_due(entry.due, due);
    movement.log.iter().any(|entry| says(entry) && !movement.travels(&entry.by.user))
}

/// The highest stage of which the server has told anybody, by its own records.
fn told_of(movement: &Movement, due: Stamp) -> u8 {
    let of_due = movement.log.iter().filter(|entry| is_same_due(entry.due, due));
    highest(of_due.filter_map(|entry| match &entry.entry {
        Entry::Step(tried) => Some((&entry.by, tried)),
        _ => None,
    }))
}

fn highest<'a>(tried: impl Iterator<Item = (&'a By, &'a Tried)>) -> u8 {
    let own = tried.filter(|(by, tried)| tried.automatic && by.user.0 == OWN_ID);
    own.map(|(_, tried)| tried.stage).max().unwrap_or_default()
}
