//! What is written on a day of the demo, and how it gets in: as from the devices of those who wrote it.

use std::collections::HashMap;

use waymark_core::event::{
    Body, CheckinConfirmed, CheckinKind, CheckinMade, Detail, DeviceId, Digest, EventId, PeopleState,
    Position, Roll, Stamp, Unsaved,
};

use super::super::CommandError;
use super::people::Member;
use crate::storage::{Batch, Storage};

const MINUTE_MS: i64 = 60_000;
/// From writing to arriving.
const UNDER_WAY_MS: i64 = 8_000;

/// All that is written, in no order.
pub struct Day {
    now: Stamp,
    written: Vec<(Member, Unsaved)>,
}

/// A record that others may answer.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    pub id: EventId,
    pub at: Stamp,
    digest: Digest,
    movement: Option<EventId>,
}

impl Day {
    pub fn new(now: Stamp) -> Self {
        Self { now, written: Vec::new() }
    }

    /// The moment that many minutes ago.
    pub fn ago(&self, minutes: i64) -> Stamp {
        self.now.plus_ms(-minutes * MINUTE_MS)
    }

    /// Writes a record in somebody's name, that many minutes ago.
    pub fn write(&mut self, by: &Member, ago: i64, body: Body) -> Said {
        let at = self.ago(ago);
        let digest = Digest::of_json(&body.to_data());
        let id = self.id(by, at);
        let movement = body.movement(id);
        let unsaved = Unsaved {
            id,
            source: by.caller.source(),
            time: at,
            recorded: at,
            author: by.caller.user.clone(),
            pack: "builtin@0".into(),
            exercise: false,
            clockoffset: None,
            body,
        };
        self.written.push((by.clone(), unsaved));
        Said { id, at, digest, movement }
    }

    /// Confirms a check-in, that many minutes ago.
    pub fn confirm(&mut self, by: &Member, ago: i64, said: Said) {
        let Said { id: record, digest, movement, .. } = said;
        self.write(by, ago, Body::CheckinConfirmed(CheckinConfirmed { record, digest, movement }));
    }

    /// Ids follow from the clock, the device and how much has been written.
    fn id(&self, by: &Member, at: Stamp) -> EventId {
        let name = format!("{} {}", by.caller.device, self.written.len());
        let digits = Digest::of_bytes(name.as_bytes()).to_string();
        let random = std::array::from_fn(|index| digits.as_bytes()[index]);
        EventId::new(u64::try_from(at.0).unwrap_or_default(), random)
    }

    /// Sends everything in the order of its time, each device counting what it wrote.
    pub async fn send(mut self, storage: &dyn Storage) -> Result<(), CommandError> {
        self.written.sort_by_key(|(_, unsaved)| unsaved.time);
        let mut counters: HashMap<DeviceId, u64> = HashMap::new();
        for (by, unsaved) in self.written {
            let counter = counters.entry(by.caller.device.clone()).or_default();
            *counter += 1;
            let received = unsaved.time.plus_ms(UNDER_WAY_MS).min(self.now);
            let events = vec![unsaved.into_event(*counter)];
            storage.ingest(Batch { caller: by.caller, clockoffset: None, received, events }).await?;
        }
        Ok(())
    }
}

/// A check-in of people who are safe.
pub fn heard(checkin: CheckinKind, movement: Option<EventId>, position: Position) -> CheckinMade {
    CheckinMade {
        checkin,
        people: PeopleState::Safe,
        headcount: None,
        position,
        note: None,
        movement,
        roll: Roll::default(),
        detail: Detail::default(),
        next_in: None,
        relayed: None,
        duress: false,
    }
}
