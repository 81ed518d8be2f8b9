//! What becomes of a batch, decided over what the database holds and without it: the same for every database.

use std::collections::HashMap;

use waymark_core::event::{Body, DeviceId, Digest, Event, EventId, Kind, Stamp, UserId};
use waymark_core::rules::agenda::alarm_of;
use waymark_core::rules::authority::Part;
use waymark_core::rules::ingest::{HeldAs, Known, Sender, happened, judge, movement, subject_record};
use waymark_core::sync::Outcome;

use super::Batch;

/// A record the database holds already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub digest: Digest,
    pub device: DeviceId,
    pub author: UserId,
    pub seq: u64,
    pub received: Stamp,
    /// The areas in which it is seen; empty for everywhere.
    pub areas: Vec<String>,
}

/// The rows that the database holds, by id; [`asked_for`] names those that matter.
pub type HeldRows = HashMap<EventId, Held>;

/// How the sender stands to the movements of a batch; those without a first plan here are missing.
pub type Standings = HashMap<EventId, Standing>;

/// How a person stands to a movement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// The plan that arrived last names them.
    pub aboard: bool,
    /// Some plan names them, or they wrote the first one.
    pub concerned: bool,
}

impl Standing {
    /// Who no longer travels may write about it as who planned it: they stay behind, and may have closed it offline.
    fn part(self) -> Part {
        match self {
            Self { aboard: true, .. } => Part::Crew,
            Self { concerned: true, .. } => Part::Planner,
            Self { .. } => Part::None,
        }
    }
}

/// What was done with one record, and its place in the feed if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub outcome: Outcome,
    pub seq: Option<u64>,
    /// When it was stored, if that was before this batch.
    pub received: Option<Stamp>,
}

impl Taken {
    pub fn nothing(outcome: Outcome) -> Self {
        Self { outcome, seq: None, received: None }
    }
}

/// A record to store.
#[derive(Debug, Clone, PartialEq)]
pub struct Arriving<'a> {
    pub event: &'a Event,
    pub happened: Stamp,
    pub subject: Option<EventId>,
    pub subject_author: Option<UserId>,
    /// The areas in which it is seen: those of its author, and of the record it is about; empty for everywhere.
    pub areas: Vec<String>,
    pub movement: Option<EventId>,
    /// Outside of movements: the emergency it is about.
    pub alarm: Option<EventId>,
    pub change: Option<Change>,
}

/// What a record changes in a movement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The first plan, or another, with those who travel by it.
    Plan {
        first: bool,
        crew: Vec<UserId>,
    },
    Closed,
}

impl<'a> Arriving<'a> {
    fn new(event: &'a Event, sender: &Sender, subject_author: Option<UserId>, areas: Vec<String>) -> Self {
        let body = event.body().ok();
        let movement = body.as_ref().and_then(|body| body.movement(event.id));
        let alarm = body.as_ref().filter(|_| movement.is_none()).and_then(|body| alarm_of(event.id, body));
        Self {
            event,
            happened: happened(event, sender),
            subject: subject_record(event),
            subject_author,
            areas,
            movement,
            alarm,
            change: body.as_ref().and_then(change),
        }
    }
}

fn change(body: &Body) -> Option<Change> {
    match body {
        Body::MovementPlanned(body) => Some(Change::Plan { first: true, crew: body.plan.crew() }),
        Body::MovementRevised(body) => Some(Change::Plan { first: false, crew: body.plan.crew() }),
        Body::MovementClosed(_) => Some(Change::Closed),
        _ => None,
    }
}

/// The areas of both; everywhere if one of them is everywhere.
pub fn unite(one: &[String], other: &[String]) -> Vec<String> {
    if one.is_empty() || other.is_empty() {
        return vec![];
    }
    let mut all = [one, other].concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// Everything to do for a batch. Accepted records get places one after the other, from the first free one on.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    decided: Vec<Decided>,
    /// Which of the accepted ones has this id.
    by_id: HashMap<EventId, usize>,
    pub accepted: Vec<Arriving<'a>>,
    pub conflicts: Vec<&'a Event>,
    standings: Standings,
}

#[derive(Debug)]
enum Decided {
    /// The n-th of the accepted ones.
    Accepted(usize),
    /// The same as the n-th of the accepted ones.
    SameAs(usize),
    Other(Taken),
}

/// The ids whose rows [`plan`] needs: the records themselves and what they are about.
pub fn asked_for(events: &[Event]) -> Vec<EventId> {
    let mut ids: Vec<_> =
        events.iter().flat_map(|event| [Some(event.id), subject_record(event)]).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The movements whose standings [`plan`] needs: those of records that not everyone may write about a movement.
pub fn movements_asked_for(events: &[Event]) -> Vec<EventId> {
    let asks = |event: &&Event| {
        matches!(
            event.kind,
            Kind::MovementRevised
                | Kind::MovementClosed
                | Kind::OverdueAcknowledged
                | Kind::OverdueResolved
                | Kind::EmergencyAcknowledged
        )
    };
    let mut ids: Vec<_> = events.iter().filter(asks).filter_map(movement).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Decides what becomes of each record of a batch.
pub fn plan<'a>(batch: &'a Batch, held: &HeldRows, standings: Standings) -> Plan<'a> {
    let sender = Sender {
        source: batch.caller.source(),
        user: batch.caller.user.clone(),
        role: batch.caller.role,
        clockoffset: batch.clockoffset,
    };
    let authors_here: HashMap<EventId, &UserId> =
        batch.events.iter().map(|event| (event.id, &event.author)).collect();
    let mut plan = Plan { standings, ..Plan::default() };
    for event in &batch.events {
        let author_of =
            |id| held.get(&id).map(|held| &held.author).or_else(|| authors_here.get(&id).copied());
        let (subject, own) = (subject_record(event), &batch.caller.areas);
        let areas = match subject.and_then(|id| held.get(&id)) {
            Some(other) => unite(own, &other.areas),
            None => own.clone(),
        };
        let arriving = Arriving::new(event, &sender, subject.and_then(author_of).cloned(), areas);
        plan.decide(arriving, &sender, held.get(&event.id));
    }
    plan
}

impl<'a> Plan<'a> {
    fn decide(&mut self, arriving: Arriving<'a>, sender: &Sender, held: Option<&Held>) {
        let event = arriving.event;
        let twin = self.by_id.get(&event.id).copied();
        let here = twin.map(|index| self.accepted[index].event);
        let known = Known {
            held: held
                .map(|held| HeldAs { device: held.device.clone(), digest: held.digest })
                .or(here.map(|twin| HeldAs { device: twin.source.device.clone(), digest: twin.digest })),
            subject_author: arriving.subject_author.clone(),
            part: arriving.movement.and_then(|id| self.standings.get(&id)).map(|standing| standing.part()),
        };
        let decided = match (judge(event, sender, &known), twin) {
            (Outcome::Accepted, _) => {
                self.by_id.insert(event.id, self.accepted.len());
                self.follow(&arriving);
                self.accepted.push(arriving);
                Decided::Accepted(self.accepted.len() - 1)
            }
            (Outcome::Duplicate, Some(index)) => Decided::SameAs(index),
            (outcome @ Outcome::Duplicate, None) => {
                let (seq, received) = held.map(|held| (held.seq, held.received)).unzip();
                Decided::Other(Taken { outcome, seq, received })
            }
            (outcome, _) => {
                if outcome == Outcome::Conflict {
                    self.conflicts.push(event);
                }
                Decided::Other(Taken::nothing(outcome))
            }
        };
        self.decided.push(decided);
    }

    /// A plan of this batch counts for the records after it.
    fn follow(&mut self, arriving: &Arriving<'_>) {
        let (Some(movement), Some(Change::Plan { first, crew })) = (arriving.movement, &arriving.change)
        else {
            return;
        };
        if *first {
            self.standings.entry(movement).or_default().concerned = true;
        }
        if let Some(standing) = self.standings.get_mut(&movement) {
            standing.aboard = crew.contains(&arriving.event.author);
            standing.concerned |= standing.aboard;
        }
    }
}

impl Plan<'_> {
    /// The answers, when the first accepted record has place `first`.
    pub fn taken(self, first: u64) -> Vec<Taken> {
        let at = |index: usize| Some(first + index as u64);
        self.decided
            .into_iter()
            .map(|decided| match decided {
                Decided::Accepted(index) => {
                    Taken { outcome: Outcome::Accepted, seq: at(index), received: None }
                }
                Decided::SameAs(index) => {
                    Taken { outcome: Outcome::Duplicate, seq: at(index), received: None }
                }
                Decided::Other(taken) => taken,
            })
            .collect()
    }
}
