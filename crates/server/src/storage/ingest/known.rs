//! What the database is asked before a batch is decided.

use std::collections::HashMap;

use sqlx::FromRow;
use waymark_core::event::{DeviceId, Digest, Event, EventId, Kind, Stamp, UserId};
use waymark_core::rules::authority::Part;
use waymark_core::rules::ingest::{movement, references, subject_record};

use crate::storage::StorageError;
use crate::storage::columns::{areas_from, from_row, parsed};

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
    /// Whether it, or something that it refers to, is protected.
    pub protected: bool,
    pub addressee: Option<UserId>,
}

/// The rows that the database holds, by id; [`asked_for`] names those that matter.
pub type HeldRows = HashMap<EventId, Held>;

/// How the sender stands to the movements of a batch; those without a first plan here are missing.
pub type Standings = HashMap<EventId, Standing>;

/// Who has to do an action, or has said that it is done.
pub type Doers = HashMap<EventId, Vec<UserId>>;

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
    pub(super) fn part(self) -> Part {
        match self {
            Self { aboard: true, .. } => Part::Crew,
            Self { concerned: true, .. } => Part::Planner,
            Self { .. } => Part::None,
        }
    }
}

/// The ids whose rows [`super::plan`] needs: the records themselves and what they refer to.
pub fn asked_for(events: &[Event]) -> Vec<EventId> {
    let mut ids: Vec<_> = events.iter().flat_map(references).chain(events.iter().map(|it| it.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The movements whose standings [`super::plan`] needs: those of records that not everyone may write about a movement.
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

/// The actions whose doers [`super::plan`] needs.
pub fn actions_asked_for(events: &[Event]) -> Vec<EventId> {
    let verified = events.iter().filter(|event| event.kind == Kind::ActionVerified);
    verified.filter_map(subject_record).collect()
}

/// A row of [`Held`], as databases give it.
#[derive(FromRow)]
pub struct HeldRow {
    id: String,
    digest: String,
    device: String,
    author: String,
    seq: i64,
    received: i64,
    areas: String,
    protected: bool,
    addressee: Option<String>,
}

pub fn held_rows(rows: Vec<HeldRow>) -> Result<HeldRows, StorageError> {
    let held = |row: HeldRow| {
        let held = Held {
            digest: parsed(&row.digest, "digest")?,
            device: DeviceId(row.device),
            author: UserId(row.author),
            seq: from_row(row.seq),
            received: Stamp(row.received),
            areas: areas_from(&row.areas)?,
            protected: row.protected,
            addressee: row.addressee.map(UserId),
        };
        Ok((parsed(&row.id, "id")?, held))
    };
    rows.into_iter().map(held).collect()
}

/// A movement, whether the person travels in it, and whether some plan names them.
pub type StandingRow = (String, Option<bool>, bool);

pub fn standings(rows: Vec<StandingRow>) -> Result<Standings, StorageError> {
    let standing = |(id, aboard, concerned): StandingRow| {
        Ok((parsed(&id, "id")?, Standing { aboard: aboard.unwrap_or_default(), concerned }))
    };
    rows.into_iter().map(standing).collect()
}

/// Out of actions with the authors of records that say they are done.
pub fn doers(rows: Vec<(String, String)>) -> Result<Doers, StorageError> {
    let mut doers = Doers::new();
    for (action, author) in rows {
        doers.entry(parsed(&action, "id")?).or_default().push(UserId(author));
    }
    Ok(doers)
}
