//! Everything that is watched, and when to look at each again: what one new record costs does not depend on how many
//! movements there are.

use std::collections::{BTreeSet, HashMap};

use crate::event::{AreaLevel, Body, EventId, Stamp, WatchRules};
use crate::rules::escalation::{Stage, alarm_call, alarm_next, alarm_stage};
use crate::rules::overdue::{self, Due, Expected, Settled, verdict};
use crate::view::Movement;
use crate::view::movement::{Alarm, Report, alarms};

/// Something that somebody has to be told. `call` counts how often: at the end of the ladder again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// A check-in did not come.
    Overdue { movement: EventId, due: Due, stage: Stage, call: u8 },
    /// An emergency that nobody has taken on.
    Alarm { matter: EventId, record: EventId, stage: Stage, call: u8 },
    /// A check-in came after all, or need not come.
    Settled { movement: EventId, settled: Settled },
}

/// One movement, or one emergency outside of any.
#[derive(Debug, Default)]
struct Matter {
    reports: Vec<Report>,
    movement: Option<Movement>,
    alarms: Vec<Alarm>,
    look_at: Option<Stamp>,
}

/// Everything that is watched in one organisation.
#[derive(Debug, Default)]
pub struct Agenda {
    matters: HashMap<EventId, Matter>,
    /// When to look at what, soonest first.
    times: BTreeSet<(Stamp, EventId)>,
    /// To which matter each emergency belongs.
    homes: HashMap<EventId, EventId>,
}

/// The matter a record belongs to: its movement, else the emergency it is about; `None` for what is not watched.
pub fn matter_of(report: &Report) -> Option<EventId> {
    report.body.movement(report.id).or_else(|| alarm_of(report.id, &report.body))
}

/// The emergency that the record `id` raises or is about.
pub fn alarm_of(id: EventId, body: &Body) -> Option<EventId> {
    match body {
        Body::EmergencyRaised(_) => Some(id),
        Body::CheckinMade(made) if made.duress => Some(id),
        Body::EmergencyStep(body) => Some(body.record),
        Body::EmergencyAcknowledged(body) => Some(body.record),
        Body::EmergencyResolved(body) => Some(body.record),
        _ => None,
    }
}

impl Agenda {
    /// Takes in many records at once, in any order; each matter is judged once.
    pub fn take_in_all(&mut self, reports: impl IntoIterator<Item = Report>) {
        let mut touched = BTreeSet::new();
        for report in reports {
            touched.extend(self.keep(report));
        }
        for id in touched {
            self.judge(id);
        }
    }

    /// Takes in one record. One that is known already changes nothing.
    pub fn take_in(&mut self, report: Report) {
        if let Some(id) = self.keep(report) {
            self.judge(id);
        }
    }

    /// What somebody has to be told now, for all matters whose time has come. Each is given once for each step it
    /// climbs, and again after every change.
    pub fn needs(&mut self, now: Stamp) -> Vec<Need> {
        let mut needs = vec![];
        while let Some((at, id)) = self.times.first().copied().filter(|(at, _)| *at <= now) {
            self.times.remove(&(at, id));
            let Some(matter) = self.matters.get_mut(&id) else { continue };
            matter.needs(id, now, &mut needs);
            matter.look_at = matter.next_look(now);
            self.times.extend(matter.look_at.map(|at| (at, id)));
        }
        needs
    }

    /// When [`Self::needs`] has something to say next, if nothing comes in.
    pub fn next_look(&self) -> Option<Stamp> {
        self.times.first().map(|(at, _)| *at)
    }

    pub fn movement(&self, id: EventId) -> Option<&Movement> {
        self.matters.get(&id)?.movement.as_ref()
    }

    /// The alarms of a movement, or the one emergency that is a matter of its own.
    pub fn alarms(&self, matter: EventId) -> &[Alarm] {
        self.matters.get(&matter).map_or(&[], |matter| &matter.alarms)
    }

    pub fn movements(&self) -> impl Iterator<Item = &Movement> {
        self.matters.values().filter_map(|matter| matter.movement.as_ref())
    }

    fn keep(&mut self, report: Report) -> Option<EventId> {
        let id = self.home_of(&report)?;
        let reports = &mut self.matters.entry(id).or_default().reports;
        match reports.iter_mut().find(|held| held.id == report.id) {
            Some(held) if *held == report => return None,
            Some(held) => *held = report,
            None => reports.push(report),
        }
        Some(id)
    }

    /// Answers to an emergency belong where it does, whether or not they name its movement, and even if they came first.
    fn home_of(&mut self, report: &Report) -> Option<EventId> {
        let named = matter_of(report)?;
        let Some(alarm) = alarm_of(report.id, &report.body) else { return Some(named) };
        if alarm != report.id {
            return Some(self.homes.get(&alarm).copied().unwrap_or(named));
        }
        self.homes.insert(alarm, named);
        if let Some(early) =
            Some(alarm).filter(|alarm| *alarm != named).and_then(|id| self.matters.remove(&id))
        {
            if let Some(at) = early.look_at {
                self.times.remove(&(at, alarm));
            }
            self.matters.entry(named).or_default().reports.extend(early.reports);
        }
        Some(named)
    }

    fn judge(&mut self, id: EventId) {
        let Some(matter) = self.matters.get_mut(&id) else { return };
        matter.movement = Movement::fold(id, &matter.reports);
        matter.alarms = match &matter.movement {
            Some(movement) => movement.alarms.clone(),
            None => alarms(&matter.reports),
        };
        if let Some(at) = matter.look_at.take() {
            self.times.remove(&(at, id));
        }
        // At once: what has come in may be late itself.
        matter.look_at = Some(Stamp(i64::MIN)).filter(|_| matter.is_open());
        self.times.extend(matter.look_at.map(|at| (at, id)));
    }
}

impl Matter {
    fn is_open(&self) -> bool {
        let expected = self
            .movement
            .as_ref()
            .is_some_and(|movement| movement.closed.is_none() || !overdue::settled(movement).is_empty());
        expected || self.unanswered().next().is_some()
    }

    fn unanswered(&self) -> impl Iterator<Item = &Alarm> {
        self.alarms.iter().filter(|alarm| alarm.acknowledged.is_none() && alarm.resolved.is_none())
    }

    fn rules(&self) -> WatchRules {
        let usual = || WatchRules::of_level(&AreaLevel::Moderate);
        self.movement.as_ref().map_or_else(usual, |movement| movement.plan.plan.watch)
    }

    fn needs(&self, id: EventId, now: Stamp, needs: &mut Vec<Need>) {
        for alarm in self.unanswered() {
            let (from, rules) = (alarm.calls_from(), self.rules());
            let (stage, call) = (alarm_stage(from, rules, now), alarm_call(from, rules, now));
            needs.push(Need::Alarm { matter: id, record: alarm.id, stage, call });
        }
        let Some(movement) = &self.movement else { return };
        let settled = overdue::settled(movement);
        needs.extend(settled.into_iter().map(|settled| Need::Settled { movement: id, settled }));
        for Expected { due, stage, call, .. } in verdict(movement, now).overdue() {
            needs.push(Need::Overdue { movement: id, due: due.clone(), stage: *stage, call: *call });
        }
    }

    fn next_look(&self, now: Stamp) -> Option<Stamp> {
        let step = self.movement.as_ref().and_then(|movement| verdict(movement, now).next_look());
        let alarms = self.unanswered().map(|alarm| alarm_next(alarm.calls_from(), self.rules(), now));
        step.into_iter().chain(alarms).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{CheckinKind, EmergencyAcknowledged, PeopleState};
    use crate::testing::build::{self, MORNING};

    fn at(minute: i64) -> Stamp {
        MORNING.plus_ms(minute * 60_000)
    }

    fn report(author: &str, n: u64, minute: i64, body: Body) -> Report {
        let mut unsaved = build::unsaved(author, n, body);
        unsaved.time = at(minute);
        Report::of(&build::arrived(unsaved.into_event(n), n, author)).unwrap()
    }

    #[test]
    fn each_step_is_said_once_and_nothing_is_asked_in_between() {
        let mut agenda = Agenda::default();
        let plan = report("base", 1, -60, build::planned(build::plan()));
        let id = plan.id;
        agenda.take_in(plan);
        assert_eq!(agenda.needs(at(-50)), []);
        assert_eq!(agenda.next_look(), Some(at(0)));
        let made = build::heard(id, CheckinKind::Departed, PeopleState::Safe);
        agenda.take_in(report("idriss", 2, 1, Body::CheckinMade(made)));
        assert_eq!(agenda.needs(at(2)), []);
        let mut said = vec![];
        let mut looks = 0;
        while let Some(next) = agenda.next_look().filter(|_| said.last() != Some(&"exhausted")) {
            looks += 1;
            for need in agenda.needs(next) {
                let Need::Overdue { due, stage, .. } = need else { panic!("{need:?}") };
                assert_eq!(due, Due { at: at(61), silent: vec![] });
                said.push(stage.code());
            }
        }
        assert_eq!(said, ["2", "3", "4", "5", "exhausted"]);
        assert_eq!(looks, 7, "due, prompted, and the five steps");
        // At its end everyone is called again and again, as long as nobody does anything.
        let mut call = |at: Option<Stamp>| match agenda.needs(at.unwrap()).pop() {
            Some(Need::Overdue { call, .. }) => (call, agenda.next_look()),
            other => panic!("{other:?}"),
        };
        let (first, next) = call(Some(at(121)));
        assert_eq!((first, next), (7, Some(at(151))));
        assert_eq!(call(next).0, 8);
    }

    #[test]
    fn an_emergency_outside_of_any_movement_is_a_matter_of_its_own() {
        let mut agenda = Agenda::default();
        let raised = report("idriss", 1, 0, build::emergency_body());
        let (id, digest) = (raised.id, raised.digest);
        agenda.take_in(raised);
        let needs = agenda.needs(at(0));
        assert_eq!(needs, [Need::Alarm { matter: id, record: id, stage: Stage::RadioRoom, call: 2 }]);
        // Five minutes after it was received, a minute after it happened.
        let received = agenda.alarms(id)[0].received.unwrap();
        assert_eq!(agenda.next_look(), Some(received.plus_ms(5 * 60_000)));
        let body = EmergencyAcknowledged { record: id, digest, movement: None };
        agenda.take_in(report("amina", 2, 3, Body::EmergencyAcknowledged(body)));
        assert_eq!(agenda.needs(at(60)), []);
        assert_eq!(agenda.next_look(), None);
    }

    #[test]
    fn what_belongs_to_nothing_is_not_kept() {
        let mut agenda = Agenda::default();
        agenda.take_in(report("idriss", 1, 0, build::checkin_body(PeopleState::Safe, "")));
        assert_eq!((agenda.matters.len(), agenda.next_look()), (0, None));
    }
}
