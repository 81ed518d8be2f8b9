//! A movement: its plan, who was heard when, and what was done when nobody was.

mod alarm;
mod answers;
mod at_base;
mod coverage;
mod line;
mod log;
mod people;
mod report;
mod response;
mod travellers;

pub use alarm::{Alarm, alarms};
pub use at_base::AtBase;
pub use line::{Here, Line, Source, Stop};
pub use log::{Entry, LogEntry};
pub use people::{Doubt, PeopleNow};
pub use report::Report;
pub use response::{Call, Response};
use travellers::Travellers;

use crate::event::{
    Body, CheckinKind, CheckinMade, Digest, Ending, EventId, MovementDecided, Plan, Stamp, UserId,
};

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
    /// Call signs of the vehicles it is no sign of life of.
    pub not_heard: Vec<String>,
    /// Whether it was made on the road, and not before leaving.
    pub under_way: bool,
}

/// What somebody decided, and what was known then.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    pub by: By,
    pub decided: MovementDecided,
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
    /// Go, or not, the latest last.
    pub decisions: Vec<Decision>,
    /// Closings that were taken back by a change of the plan, and who changed it, oldest first.
    pub reopened: Vec<(Closing, By)>,
    /// Call signs of vehicles that were reported out of sight and not heard since.
    pub separated: Vec<String>,
    /// Vehicles that no first plan names, and when a plan first did.
    joined: Vec<(String, Stamp)>,
    travellers: Travellers,
    /// When the base expects to hear next, as far as that is something else; only of [`Movement::fold_here`].
    pub at_base: AtBase,
}

impl Movement {
    /// Folds all that is known about a movement; the order does not matter. `None` as long as no plan has come.
    pub fn fold(id: EventId, reports: &[Report]) -> Option<Self> {
        Self::fold_all(id, reports.iter().collect())
    }

    /// The same for the screens of a phone, which say what the base does not know yet.
    pub fn fold_here(id: EventId, reports: &[Report]) -> Option<Self> {
        let mut movement = Self::fold(id, reports)?;
        movement.at_base = AtBase::of(&movement, reports);
        Some(movement)
    }

    fn fold_all(id: EventId, mut reports: Vec<&Report>) -> Option<Self> {
        crate::order::sort_by_key(&mut reports, |report| (report.by.at, report.id));
        reports.dedup_by_key(|report| report.id);
        let planned = reports.iter().find(|report| matches!(report.body, Body::MovementPlanned(_)))?;
        let (plan, others) = versions(&reports)?;
        let mut contacts = Vec::with_capacity(reports.len());
        let answers = answers::Answers::of(&reports);
        contacts.extend(reports.iter().filter_map(|report| contact(report, &answers)));
        contacts.shrink_to_fit();
        let separated = coverage::mark(&mut contacts, &plan.plan, &reports);
        mark_under_way(&mut contacts, &reports);
        let joined = coverage::joined(&plan.plan, &reports);
        let travellers = Travellers::of(&plan, &contacts, &reports);
        let log = log::entries(&reports);
        let separated = coverage::still_missed(separated, &plan.plan, &log, &travellers);
        Some(Self {
            id,
            planned_by: planned.by.user.clone(),
            exercise: planned.exercise,
            alarms: alarm::alarms_of(&reports, &travellers.all),
            log,
            closed: closed(&reports),
            decisions: decisions(&reports),
            reopened: reopened(&reports),
            plan,
            others,
            contacts,
            separated,
            joined,
            travellers,
            at_base: AtBase::Alike,
        })
    }

    /// The newest sign of life.
    pub fn last_contact(&self) -> Option<&Contact> {
        self.contacts.last()
    }

    /// Whether this person is one of those who travel, and can therefore not answer for them.
    pub fn travels(&self, user: &UserId) -> bool {
        self.travellers.all.contains(user) && !self.travellers.left_behind.contains_key(user)
    }

    /// Whether they travelled at that moment.
    pub fn travelled_at(&self, user: &UserId, at: Stamp) -> bool {
        self.travellers.travelled_at(user, at)
    }

    /// Whether they ever did: what a threat asks for, since whoever makes it may have changed the plan.
    pub fn ever_travelled(&self, user: &UserId) -> bool {
        self.travellers.all.contains(user)
    }

    /// Those who travel, or ever did: named by any plan, or by their own check-ins.
    pub fn travellers(&self) -> impl Iterator<Item = &UserId> {
        self.travellers.all.iter()
    }

    /// Whether they have left: they said so, or were heard after they were to leave by the plan of then. What somebody
    /// says the evening before is no sign of a convoy on the road.
    pub fn is_under_way(&self) -> bool {
        self.contacts.iter().any(|contact| contact.under_way)
    }

    /// When a vehicle that came along later was first named.
    pub fn joined(&self, call_sign: &str) -> Option<Stamp> {
        self.joined.iter().find(|(call, _)| call == call_sign).map(|(_, at)| *at)
    }

    /// Whether the last word was that they are there; only closing ends the movement.
    pub fn has_arrived(&self) -> bool {
        let kind = self.last_contact().map(|contact| &contact.made.checkin);
        matches!(kind, Some(CheckinKind::Arrived | CheckinKind::Handover | CheckinKind::Closed))
    }

    /// Whether the newest word about them is a settlement by somebody who stayed behind, and not a check-in.
    pub fn is_settled_by_hand(&self) -> bool {
        let by_hand = |entry: &&LogEntry| entry.entry.settles_by_hand();
        let settled = self.log.iter().rev().find(by_hand).map(|entry| entry.by.at);
        settled.is_some_and(|at| self.last_contact().is_none_or(|contact| contact.by.at < at))
    }

    /// Whether nobody needs to look at it any more: closed, and without an emergency that is not over.
    pub fn is_over(&self) -> bool {
        self.closed.is_some() && self.open_alarms().next().is_none()
    }

    /// Emergencies that are not over.
    pub fn open_alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter().filter(|alarm| !alarm.is_over())
    }
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
    let mut plan = report.body.plan()?.clone();
    // Whatever a record says: nobody takes themselves out of the watch.
    plan.watch = plan.watch.within_limits();
    Some(Version { id: report.id, plan, by: report.by.clone() })
}

fn mark_under_way(contacts: &mut [Contact], reports: &[&Report]) {
    let plans: Vec<(Stamp, Stamp)> =
        reports.iter().filter_map(|report| Some((report.by.at, report.body.plan()?.depart))).collect();
    for contact in contacts {
        let at = contact.by.at;
        let of_then = plans.iter().rev().find(|(written, _)| *written <= at).or(plans.first());
        let by_kind = matches!(
            contact.made.checkin,
            CheckinKind::Departed | CheckinKind::Waypoint | CheckinKind::Checkpoint | CheckinKind::Arrived
        );
        contact.under_way = by_kind || of_then.is_none_or(|(_, depart)| at >= *depart);
    }
}

fn contact(report: &Report, answers: &answers::Answers<'_>) -> Option<Contact> {
    let Body::CheckinMade(made) = &report.body else { return None };
    Some(Contact {
        id: report.id,
        digest: report.digest,
        by: report.by.clone(),
        received: report.received,
        made: made.clone(),
        confirmed: answers.first(report),
        not_heard: vec![],
        under_way: false,
    })
}

/// The first closing after which nobody has changed the plan: changing it opens the movement again.
fn closed(reports: &[&Report]) -> Option<Closing> {
    let revised = |report: &&Report| matches!(report.body, Body::MovementRevised(_)).then_some(report.by.at);
    let revised = reports.iter().filter_map(revised).max();
    reports.iter().filter_map(|report| closing(report)).find(|closing| revised <= Some(closing.by.at))
}

fn reopened(reports: &[&Report]) -> Vec<(Closing, By)> {
    let pair = |closing: Closing| {
        let after = |report: &&&Report| {
            matches!(report.body, Body::MovementRevised(_)) && report.by.at > closing.by.at
        };
        let by = reports.iter().find(after)?.by.clone();
        Some((closing, by))
    };
    reports.iter().filter_map(|report| closing(report)).filter_map(pair).collect()
}

fn decisions(reports: &[&Report]) -> Vec<Decision> {
    let decision = |report: &&Report| match &report.body {
        Body::MovementDecided(decided) => {
            Some(Decision { by: report.by.clone(), decided: (**decided).clone() })
        }
        _ => None,
    };
    reports.iter().filter_map(decision).collect()
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
