//! A movement: its plan, who was heard when, and what was done when nobody was.

mod line;
mod log;
mod people;
mod report;
mod response;

use std::collections::BTreeSet;

pub use line::{Here, Line, Source, Stop};
pub use log::{Entry, LogEntry};
pub use people::{Doubt, PeopleNow};
pub use report::Report;
pub use response::{Call, Response};

use crate::event::{Body, CheckinMade, Digest, Ending, EventId, Plan, Stamp, UserId};

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    pub user: UserId,
    pub name: String,
    pub at: Stamp,
}

/// One version of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The record that brought it.
    pub id: EventId,
    pub plan: Plan,
    pub by: By,
}

/// A check-in of the convoy.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    pub id: EventId,
    pub digest: Digest,
    pub by: By,
    /// When the backend got it; `None` as long as it has not.
    pub received: Option<Stamp>,
    pub made: CheckinMade,
    pub confirmed: Option<By>,
}

/// An emergency of the convoy, or a check-in made under threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub id: EventId,
    pub digest: Digest,
    pub by: By,
    pub duress: bool,
    pub exercise: bool,
    pub acknowledged: Option<By>,
    pub resolved: Option<By>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    pub by: By,
    pub ending: Ending,
    pub accounted: Option<u32>,
    pub contact: Option<String>,
    pub note: Option<String>,
}

/// Everything known of one movement.
#[derive(Debug, Clone, PartialEq)]
pub struct Movement {
    pub id: EventId,
    /// The plan in force: among those that nobody has replaced, the last that reached the backend.
    pub plan: Version,
    /// Plans written at the same time as the one in force, by people who did not know of each other.
    pub others: Vec<Version>,
    pub planned_by: UserId,
    pub exercise: bool,
    /// Oldest first.
    pub contacts: Vec<Contact>,
    /// Oldest first.
    pub alarms: Vec<Alarm>,
    /// What was done about check-ins that did not come, oldest first.
    pub log: Vec<LogEntry>,
    pub closed: Option<Closing>,
    travellers: BTreeSet<UserId>,
}

impl Movement {
    /// Folds all that is known about a movement; the order does not matter. `None` as long as no plan has come.
    pub fn fold(id: EventId, reports: &[Report]) -> Option<Self> {
        let mut reports: Vec<&Report> = reports.iter().collect();
        crate::order::sort_by_key(&mut reports, |report| (report.by.at, report.id));
        reports.dedup_by_key(|report| report.id);
        let planned = reports.iter().find(|report| matches!(report.body, Body::MovementPlanned(_)))?;
        let (plan, others) = versions(&reports)?;
        let contacts: Vec<_> = reports.iter().filter_map(|report| contact(report, &reports)).collect();
        let mut travellers = BTreeSet::new();
        travellers.extend(plan.plan.crew());
        let own = contacts.iter().filter(|contact| contact.made.relayed.is_none());
        travellers.extend(own.map(|contact| contact.by.user.clone()));
        Some(Self {
            id,
            planned_by: planned.by.user.clone(),
            exercise: planned.exercise,
            alarms: reports.iter().filter_map(|report| alarm(report, &reports)).collect(),
            log: log::entries(&reports),
            closed: reports.iter().find_map(|report| closing(report)),
            plan,
            others,
            contacts,
            travellers,
        })
    }

    /// The newest sign of life.
    pub fn last_contact(&self) -> Option<&Contact> {
        self.contacts.last()
    }

    /// Whether this person is one of those who travel, and can therefore not answer for them.
    pub fn travels(&self, user: &UserId) -> bool {
        self.travellers.contains(user)
    }

    /// Those who travel: by the plan in force, or by their own check-ins.
    pub fn travellers(&self) -> impl Iterator<Item = &UserId> {
        self.travellers.iter()
    }

    pub fn has_departed(&self) -> bool {
        !self.contacts.is_empty()
    }

    /// Emergencies that are not over.
    pub fn open_alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter().filter(|alarm| alarm.resolved.is_none())
    }
}

/// The emergencies among the records of a movement, or of no movement, oldest first.
pub fn alarms(reports: &[Report]) -> Vec<Alarm> {
    let mut reports: Vec<&Report> = reports.iter().collect();
    crate::order::sort_by_key(&mut reports, |report| (report.by.at, report.id));
    reports.iter().filter_map(|report| alarm(report, &reports)).collect()
}

/// The plan in force, and those beside it.
fn versions(reports: &[&Report]) -> Option<(Version, Vec<Version>)> {
    let replaced = |id: EventId| {
        reports
            .iter()
            .any(|report| matches!(&report.body, Body::MovementRevised(body) if body.replaces == id))
    };
    let mut heads: Vec<_> =
        reports.iter().filter(|report| report.body.plan().is_some() && !replaced(report.id)).collect();
    // What has not reached the backend comes after all that has.
    crate::order::sort_by_key(&mut heads, |report| (report.received.unwrap_or(Stamp(i64::MAX)), report.id));
    let current = heads.pop()?;
    // Whoever wrote the plan in force after another had arrived has seen that one.
    let unseen = |report: &&&&Report| report.received.is_none_or(|received| received > current.by.at);
    let others = heads.iter().filter(unseen).filter_map(|report| version(report)).collect();
    Some((version(current)?, others))
}

fn version(report: &Report) -> Option<Version> {
    Some(Version { id: report.id, plan: report.body.plan()?.clone(), by: report.by.clone() })
}

fn contact(report: &Report, all: &[&Report]) -> Option<Contact> {
    let Body::CheckinMade(made) = &report.body else { return None };
    Some(Contact {
        id: report.id,
        digest: report.digest,
        by: report.by.clone(),
        received: report.received,
        made: made.clone(),
        confirmed: first_answer(report, all),
    })
}

fn alarm(report: &Report, all: &[&Report]) -> Option<Alarm> {
    let duress = match &report.body {
        Body::EmergencyRaised(_) => false,
        Body::CheckinMade(made) if made.duress => true,
        _ => return None,
    };
    let resolved = all.iter().find(|other| {
        matches!(&other.body, Body::EmergencyResolved(body) if body.record == report.id)
            && !(duress && other.by.user == report.by.user)
    });
    let acknowledged = all.iter().find(|other| {
        matches!(&other.body, Body::EmergencyAcknowledged(body) if body.record == report.id && body.digest == report.digest)
            && other.by.user != report.by.user
    });
    Some(Alarm {
        id: report.id,
        digest: report.digest,
        by: report.by.clone(),
        duress,
        exercise: report.exercise,
        acknowledged: acknowledged.map(|other| other.by.clone()),
        resolved: resolved.map(|other| other.by.clone()),
    })
}

/// The first person who took note of it; nobody does so for themselves.
fn first_answer(report: &Report, all: &[&Report]) -> Option<By> {
    let answers = |other: &&&Report| {
        let (record, digest) = match &other.body {
            Body::CheckinConfirmed(body) => (body.record, body.digest),
            Body::EmergencyAcknowledged(body) => (body.record, body.digest),
            _ => return false,
        };
        record == report.id && digest == report.digest && other.by.user != report.by.user
    };
    all.iter().find(answers).map(|other| other.by.clone())
}

fn closing(report: &Report) -> Option<Closing> {
    let Body::MovementClosed(body) = &report.body else { return None };
    Some(Closing {
        by: report.by.clone(),
        ending: body.ending.clone(),
        accounted: body.accounted,
        contact: body.contact.clone(),
        note: body.note.clone(),
    })
}

#[cfg(test)]
mod tests;
