//! What becomes of a batch, decided over what the database holds and without it: the same for every database.

use std::collections::HashMap;

use waymark_core::event::{DeviceId, Digest, Event, EventId, Stamp, UserId};
use waymark_core::rules::ingest::{HeldAs, Known, Sender, happened, judge, subject_record};
use waymark_core::sync::Outcome;

use super::Batch;

/// A record the database holds already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub digest: Digest,
    pub device: DeviceId,
    pub author: UserId,
    pub seq: u64,
}

/// The rows that the database holds, by id; [`asked_for`] names those that matter.
pub type HeldRows = HashMap<EventId, Held>;

/// What was done with one record, and its place in the feed if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub outcome: Outcome,
    pub seq: Option<u64>,
}

/// A record to store.
#[derive(Debug, Clone, PartialEq)]
pub struct Arriving<'a> {
    pub event: &'a Event,
    pub happened: Stamp,
    pub subject: Option<EventId>,
    pub subject_author: Option<UserId>,
}

/// Everything to do for a batch. Accepted records get places one after the other, from the first free one on.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    decided: Vec<Decided>,
    /// Which of the accepted ones has this id.
    by_id: HashMap<EventId, usize>,
    pub accepted: Vec<Arriving<'a>>,
    pub conflicts: Vec<&'a Event>,
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

/// Decides what becomes of each record of a batch.
pub fn plan<'a>(batch: &'a Batch, held: &HeldRows) -> Plan<'a> {
    let sender = Sender {
        source: batch.caller.source(),
        user: batch.caller.user.clone(),
        role: batch.caller.role,
        clockoffset: batch.clockoffset,
    };
    let authors_here: HashMap<EventId, &UserId> =
        batch.events.iter().map(|event| (event.id, &event.author)).collect();
    let mut plan = Plan::default();
    for event in &batch.events {
        let subject = subject_record(event);
        let author_of =
            |id| held.get(&id).map(|held| &held.author).or_else(|| authors_here.get(&id).copied());
        let arriving = Arriving {
            event,
            happened: happened(event, &sender),
            subject,
            subject_author: subject.and_then(author_of).cloned(),
        };
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
            part: None,
        };
        let decided = match (judge(event, sender, &known), twin) {
            (Outcome::Accepted, _) => {
                self.by_id.insert(event.id, self.accepted.len());
                self.accepted.push(arriving);
                Decided::Accepted(self.accepted.len() - 1)
            }
            (Outcome::Duplicate, Some(index)) => Decided::SameAs(index),
            (outcome @ Outcome::Duplicate, None) => {
                Decided::Other(Taken { outcome, seq: held.map(|held| held.seq) })
            }
            (outcome, _) => {
                if outcome == Outcome::Conflict {
                    self.conflicts.push(event);
                }
                Decided::Other(Taken { outcome, seq: None })
            }
        };
        self.decided.push(decided);
    }
}

impl Plan<'_> {
    /// The answers, when the first accepted record has place `first`.
    pub fn taken(self, first: u64) -> Vec<Taken> {
        let at = |index: usize| Some(first + index as u64);
        self.decided
            .into_iter()
            .map(|decided| match decided {
                Decided::Accepted(index) => Taken { outcome: Outcome::Accepted, seq: at(index) },
                Decided::SameAs(index) => Taken { outcome: Outcome::Duplicate, seq: at(index) },
                Decided::Other(taken) => taken,
            })
            .collect()
    }
}
