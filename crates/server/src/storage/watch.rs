use async_trait::async_trait;
use waymark_core::event::{EventId, OrgId, Record, Stamp, UserId};
use waymark_core::rules::Role;

use super::{Caller, StorageError};
use crate::secret::{SecretHash, Token};

/// The user and the device under which the server writes records of its own.
pub const OWN_ID: &str = "waymark";
pub const OWN_NAME: &str = "Waymark";

/// Movements that were closed for this long are left out at the start.
pub(super) const CLOSED_MS: i64 = 2 * 86_400_000;
/// Emergencies outside of movements are left out when nothing came about them for this long.
pub(super) const ALARM_MS: i64 = 30 * 86_400_000;

/// The server as a device of its own.
pub(super) fn own_caller(org: &OrgId) -> Caller {
    let org = org.clone();
    Caller { org, device: OWN_ID.into(), user: OWN_ID.into(), role: Role::Central, areas: vec![] }
}

/// The hash of a credential that nobody was ever given.
pub(super) fn nobodys() -> Result<SecretHash, StorageError> {
    Ok(Token::random().map_err(|error| StorageError::Database(error.into()))?.hash())
}

/// What the watcher needs of a database.
#[async_trait]
pub trait WatchStorage: Send + Sync + 'static {
    /// All organisations with the newest places in their feeds.
    async fn heads(&self) -> Result<Vec<(OrgId, u64)>, StorageError>;

    /// All records that may still matter to the watch at `now`: of movements that were not closed two days ago, and of
    /// emergencies of the last 30 days.
    async fn open(&self, org: &OrgId, now: Stamp) -> Result<Vec<Record>, StorageError>;

    /// The records of movements and emergencies after one place, up to another.
    async fn since(&self, org: &OrgId, span: (u64, u64)) -> Result<Vec<Record>, StorageError>;

    /// The areas of a movement's planner, or those in which an emergency is seen; empty for everywhere.
    async fn areas(&self, org: &OrgId, matter: EventId) -> Result<Vec<String>, StorageError>;

    /// Those who share none of these areas.
    async fn outside(&self, org: &OrgId, areas: &[String]) -> Result<Vec<UserId>, StorageError>;

    /// The server's own user and device, created if they are not there. Nobody can sign in as them.
    async fn own(&self, org: &OrgId, now: Stamp) -> Result<Caller, StorageError>;

    /// Whether `holder` looks after the movements from `now` on for some milliseconds: nobody else does, or whoever did
    /// has not said so for too long.
    async fn lead(&self, holder: &str, now: Stamp, for_ms: i64) -> Result<bool, StorageError>;

    /// Leaves the watch to others.
    async fn retire(&self, holder: &str) -> Result<(), StorageError>;
}
