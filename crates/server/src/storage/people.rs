//! Rows of people and their devices: the same for every database.

use sqlx::FromRow;
use waymark_core::backend::standards::Carrier;
use waymark_core::event::{AreaLevel, DeviceId, OrgId, Stamp, UserId, WatchRules};

use super::columns::{areas_from, role_from, small};
use super::{Caller, Device, OwnLevels, Person, PushAddress, StorageError, Subscription};

/// Writing at every request would cost more than knowing to the second is worth.
const SEEN_MS: i64 = 600_000;

/// A device and the person who carries it.
#[derive(FromRow)]
pub struct DeviceRow {
    pub org: String,
    pub id: String,
    pub user: String,
    pub name: String,
    pub role: String,
    pub areas: String,
    pub enrolled: i64,
    pub seen: Option<i64>,
    pub revoked: Option<i64>,
}

impl DeviceRow {
    /// Whether it is to be written down that it was seen now.
    pub fn is_to_be_seen(&self, now: Stamp) -> bool {
        self.seen.is_none_or(|seen| now.0 - seen >= SEEN_MS)
    }

    pub fn caller(self) -> Result<Caller, StorageError> {
        Ok(Caller {
            role: role_from(&self.role)?,
            areas: areas_from(&self.areas)?,
            org: OrgId(self.org),
            device: DeviceId(self.id),
            user: UserId(self.user),
        })
    }

    pub fn device(self) -> Result<Device, StorageError> {
        Ok(Device {
            role: role_from(&self.role)?,
            areas: areas_from(&self.areas)?,
            org: OrgId(self.org),
            id: DeviceId(self.id),
            user: UserId(self.user),
            name: self.name,
            enrolled: Stamp(self.enrolled),
            seen: self.seen.map(Stamp),
            revoked: self.revoked.map(Stamp),
        })
    }
}

/// Id, name, role, and when they were last seen.
pub fn person(
    (user, name, role, seen): (String, String, String, Option<i64>),
) -> Result<Person, StorageError> {
    Ok(Person { user: UserId(user), name, role: role_from(&role)?, seen: seen.map(Stamp) })
}

/// Where a device takes push messages.
#[derive(FromRow)]
pub struct PushRow {
    device: String,
    user: String,
    endpoint: String,
    p256dh: String,
    auth: String,
}

impl PushRow {
    pub fn subscription(self) -> Subscription {
        let Self { device, user, endpoint, p256dh, auth } = self;
        let address = PushAddress { endpoint, p256dh, auth };
        Subscription { device: DeviceId(device), user: UserId(user), address }
    }
}

/// A device with the pack that it says it has.
#[derive(FromRow)]
pub struct CarrierRow {
    id: String,
    user: String,
    name: String,
    role: String,
    areas: String,
    version: Option<i64>,
    since: Option<i64>,
    seen: Option<i64>,
}

impl CarrierRow {
    pub fn carrier(self) -> Result<Carrier, StorageError> {
        Ok(Carrier {
            device: DeviceId(self.id),
            user: UserId(self.user),
            name: self.name,
            role: role_from(&self.role)?,
            areas: areas_from(&self.areas)?,
            version: self.version.map(|version| small(version, "version of a pack")).transpose()?,
            since: self.since.map(Stamp),
            seen: self.seen.map(Stamp),
        })
    }
}

/// The rules of one level, in minutes.
#[derive(FromRow)]
pub struct LevelRow {
    level: String,
    interval: i64,
    grace: i64,
    prompt: i64,
    step: i64,
    hold: i64,
}

impl LevelRow {
    pub fn all(rows: Vec<Self>) -> Result<OwnLevels, StorageError> {
        rows.into_iter().map(Self::rules).collect()
    }

    fn rules(self) -> Result<(AreaLevel, WatchRules), StorageError> {
        let minutes = |number| small(number, "number of minutes");
        let rules = WatchRules {
            interval: minutes(self.interval)?,
            grace: minutes(self.grace)?,
            prompt: minutes(self.prompt)?,
            step: minutes(self.step)?,
            hold: minutes(self.hold)?,
        };
        Ok((AreaLevel::from_code(&self.level), rules))
    }
}
