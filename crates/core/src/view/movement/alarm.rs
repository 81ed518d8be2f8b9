use std::collections::BTreeSet;

use super::{By, Report};
use crate::event::{Body, Digest, EventId, Stamp, Tried, UserId};

/// An emergency of the convoy, or a check-in made under threat.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    pub id: EventId,
    pub digest: Digest,
    pub by: By,
    pub received: Option<Stamp>,
    pub duress: bool,
    pub exercise: bool,
    /// The first who said that they are on it; nobody who travels along.
    pub acknowledged: Option<By>,
    /// Whoever holds a phone of the convoy has called it off: somebody else still has to take note.
    pub called_off: Option<By>,
    /// Said to be over by somebody who stayed behind.
    pub resolved: Option<By>,
    /// What was tried, and by whom, oldest first.
    pub tried: Vec<(By, Tried)>,
}

impl Alarm {
    /// Whether nobody needs to act on it any more.
    pub fn is_over(&self) -> bool {
        self.resolved.is_some() || self.called_off.is_some() && self.acknowledged.is_some()
    }

    /// From when on people are called: nobody could know before it was received.
    pub fn calls_from(&self) -> Stamp {
        self.received.unwrap_or(self.by.at).max(self.by.at)
    }
}

/// The emergencies among records that belong to no movement, oldest first.
pub fn alarms(reports: &[Report]) -> Vec<Alarm> {
    let mut reports: Vec<&Report> = reports.iter().collect();
    crate::order::sort_by_key(&mut reports, |report| (report.by.at, report.id));
    alarms_of(&reports, &BTreeSet::new())
}

/// The same of a movement with these travellers; the records in order.
pub(super) fn alarms_of(reports: &[&Report], travellers: &BTreeSet<UserId>) -> Vec<Alarm> {
    reports.iter().filter_map(|report| alarm(report, reports, travellers)).collect()
}

fn alarm(report: &Report, all: &[&Report], travellers: &BTreeSet<UserId>) -> Option<Alarm> {
    let duress = match &report.body {
        Body::EmergencyRaised(_) => false,
        Body::CheckinMade(made) if made.duress => true,
        _ => return None,
    };
    let along = |other: &Report| other.by.user == report.by.user || travellers.contains(&other.by.user);
    let ended =
        |other: &&&Report| matches!(&other.body, Body::EmergencyResolved(body) if body.record == report.id);
    let taken_on = |other: &&&Report| {
        matches!(&other.body, Body::EmergencyAcknowledged(body) if body.record == report.id && body.digest == report.digest)
            && !along(other)
    };
    let by = |found: Option<&&Report>| found.map(|other| other.by.clone());
    Some(Alarm {
        id: report.id,
        digest: report.digest,
        by: report.by.clone(),
        received: report.received,
        duress,
        exercise: report.exercise,
        acknowledged: by(all.iter().find(taken_on)),
        // Under threat nothing that comes from the convoy ends it.
        called_off: by(all.iter().filter(|_| !duress).filter(ended).find(|other| along(other))),
        resolved: by(all.iter().filter(ended).find(|other| !along(other))),
        tried: all.iter().filter_map(|other| tried(report.id, other)).collect(),
    })
}

fn tried(alarm: EventId, report: &Report) -> Option<(By, Tried)> {
    match &report.body {
        Body::EmergencyStep(body) if body.record == alarm => Some((report.by.clone(), body.tried.clone())),
        _ => None,
    }
}
