//! What becomes of a batch, decided over what the database holds and without it: the same for every database.

mod known;

use std::collections::HashMap;

use waymark_core::event::{Body, Digest, Event, EventId, Filled, Kind, Stamp, UserId};
use waymark_core::rules::agenda::alarm_of;
use waymark_core::rules::ingest::{
    HeldAs, Known, Sender, addressee, area_of, happened, is_for_all_staff, judge, references, subject_record,
};
use waymark_core::sync::Outcome;

use super::Batch;
pub use known::{
    Doers, Held, HeldRow, HeldRows, Standing, StandingRow, Standings, actions_asked_for, asked_for, doers,
    held_rows, movements_asked_for, standings,
};

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
    /// See [`is_for_all_staff`]; what is added to a record that is not here waits for it.
    pub for_all_staff: bool,
    pub references: Vec<EventId>,
    /// Whether it, or something that it refers to, is protected.
    pub protected: bool,
    /// Who has to do what it says, or what the record it is about says.
    pub addressee: Option<UserId>,
    pub movement: Option<EventId>,
    /// Outside of movements: the emergency it is about.
    pub alarm: Option<EventId>,
    pub change: Option<Change>,
    /// The photos it names.
    pub photos: Vec<Digest>,
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
    /// What follows from the record itself, without those it refers to.
    pub fn new(event: &'a Event, happened: Stamp) -> Self {
        let body = event.body().ok();
        let movement = body.as_ref().and_then(|body| body.movement(event.id));
        let alarm = body.as_ref().filter(|_| movement.is_none()).and_then(|body| alarm_of(event.id, body));
        Self {
            event,
            happened,
            subject: subject_record(event),
            subject_author: None,
            areas: vec![],
            for_all_staff: is_for_all_staff(event),
            references: references(event),
            protected: event.is_protected(),
            addressee: addressee(event).filter(is_id),
            movement,
            alarm,
            change: body.as_ref().and_then(change),
            photos: body.as_ref().map(photos).unwrap_or_default(),
        }
    }
}

/// People's ids are ours, and PostgreSQL keeps no NUL: what has one is nobody's.
fn is_id(user: &UserId) -> bool {
    !user.0.contains('\0')
}

fn crew(plan: &waymark_core::event::Plan) -> Vec<UserId> {
    plan.crew().into_iter().filter(is_id).collect()
}

fn photos(body: &Body) -> Vec<Digest> {
    let photos = body.filled().map(Filled::photos).unwrap_or_default();
    photos.into_iter().map(|photo| photo.sha256).collect()
}

fn change(body: &Body) -> Option<Change> {
    match body {
        Body::MovementPlanned(body) => Some(Change::Plan { first: true, crew: crew(&body.plan) }),
        Body::MovementRevised(body) => Some(Change::Plan { first: false, crew: crew(&body.plan) }),
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
    doers: Doers,
}

#[derive(Debug)]
enum Decided {
    /// The n-th of the accepted ones.
    Accepted(usize),
    /// The same as the n-th of the accepted ones.
    SameAs(usize),
    Other(Taken),
}

/// Decides what becomes of each record of a batch.
pub fn plan<'a>(batch: &'a Batch, held: &HeldRows, standings: Standings, doers: Doers) -> Plan<'a> {
    let sender = Sender {
        source: batch.caller.source(),
        user: batch.caller.user.clone(),
        role: batch.caller.role,
        clockoffset: batch.clockoffset,
    };
    let authors_here: HashMap<EventId, &UserId> =
        batch.events.iter().map(|event| (event.id, &event.author)).collect();
    let mut plan = Plan { standings, doers, ..Plan::default() };
    for event in &batch.events {
        let mut arriving = Arriving::new(event, happened(event, &sender));
        let author_of =
            |id| held.get(&id).map(|held| &held.author).or_else(|| authors_here.get(&id).copied());
        arriving.subject_author = arriving.subject.and_then(author_of).cloned();
        let of_subject = arriving.subject.and_then(|id| held.get(&id).map(|held| &held.areas));
        let here = |id| plan.by_id.get(&id).and_then(|at| plan.accepted.get(*at));
        arriving.areas = match of_subject {
            // What is added to what is for some is for those.
            Some(areas) if arriving.for_all_staff => areas.clone(),
            Some(areas) => unite(&batch.caller.areas, areas),
            None if arriving.for_all_staff && arriving.subject.is_some() => {
                let subject = arriving.subject.and_then(here);
                arriving.for_all_staff = subject.is_some();
                subject.map_or_else(|| batch.caller.areas.clone(), |subject| subject.areas.clone())
            }
            None => area_of(event, &batch.caller.areas)
                .map_or_else(|| batch.caller.areas.clone(), |area| vec![area]),
        };
        plan.inherit(&mut arriving, held);
        plan.decide(arriving, &sender, held.get(&event.id));
    }
    plan
}

impl<'a> Plan<'a> {
    /// What it takes from the records it refers to, as far as they are here; what comes later is followed up then.
    fn inherit(&self, arriving: &mut Arriving<'a>, held: &HeldRows) {
        let here = |id: &EventId| self.by_id.get(id).map(|index| &self.accepted[*index]);
        let protected = |id: &EventId| {
            held.get(id).is_some_and(|held| held.protected) || here(id).is_some_and(|other| other.protected)
        };
        arriving.protected |= arriving.references.iter().any(protected);
        if let (None, Some(subject)) = (&arriving.addressee, &arriving.subject) {
            let addressee = held.get(subject).map(|held| &held.addressee);
            let addressee = addressee.or_else(|| here(subject).map(|other| &other.addressee));
            arriving.addressee = addressee.cloned().flatten();
        }
    }

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
            doers: self.doers_of(&arriving),
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

    /// Who has to do the action that it is about, or has said that it is done.
    fn doers_of(&self, arriving: &Arriving<'_>) -> Vec<UserId> {
        let said = arriving.subject.and_then(|id| self.doers.get(&id)).into_iter().flatten();
        said.chain(&arriving.addressee).cloned().collect()
    }

    /// A plan of this batch, and what it says to be done, count for the records after it.
    fn follow(&mut self, arriving: &Arriving<'_>) {
        if let (Kind::ActionDone, Some(action)) = (&arriving.event.kind, arriving.subject) {
            self.doers.entry(action).or_default().push(arriving.event.author.clone());
        }
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

/// Whom the accepted records are addressed to, by id.
pub fn addressees<'a>(accepted: &'a [Arriving<'_>]) -> HashMap<String, &'a UserId> {
    let addressed = |arriving: &'a Arriving<'_>| {
        arriving.addressee.as_ref().map(|addressee| (arriving.event.id.to_string(), addressee))
    };
    accepted.iter().filter_map(addressed).collect()
}
