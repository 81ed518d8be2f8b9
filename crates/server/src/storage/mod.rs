//! What the server needs of a database: SQLite for one server, PostgreSQL for several. Another is another implementation
//! of [`Storage`] that passes the same suite. Each has its own SQL; what follows from rows is decided in one place.

mod carry;
mod columns;
mod enrolling;
pub mod ingest;
mod packs;
mod people;
pub mod postgres;
mod rows;
pub mod snapshot;
pub mod sqlite;
mod watch;

use std::error::Error;

use async_trait::async_trait;
use waymark_core::event::{
    AreaLevel, DeviceId, Digest, Event, OrgId, Record, Source, Stamp, UserId, WatchRules,
};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::Epoch;

use crate::secret::SecretHash;
pub use carry::{CarryStorage, Signer};
pub use columns::kind_text;
use ingest::Taken;
pub use packs::{Basis, Carried, NewPack, PackStorage, Published, Publishing};
pub use watch::{OWN_ID, OWN_NAME, WatchStorage};

/// The database did not do what it was asked; nothing of the call is in it, unless it failed in the very act of
/// committing, which sending again puts right.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    #[error("{0}")]
    Database(#[source] Box<dyn Error + Send + Sync>),
    /// It can be read, and goes on by itself when there is room.
    #[error("the disk of the database is full: {0}")]
    Full(#[source] Box<dyn Error + Send + Sync>),
    /// A row holds what this version would never write.
    #[error("the database holds an unreadable {0}")]
    Unreadable(&'static str),
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    pub slug: OrgId,
    pub name: String,
}

/// What became of a wish to create an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Created {
    Created,
    AlreadyThere,
}

/// A device that has shown its credential, and the person who carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    pub org: OrgId,
    pub device: DeviceId,
    pub user: UserId,
    pub role: Role,
    pub areas: Vec<String>,
}

impl Caller {
    /// The only source this device writes under.
    pub fn source(&self) -> Source {
        Source { org: self.org.clone(), device: self.device.clone() }
    }

    pub fn viewer(&self) -> Viewer {
        Viewer { org: self.org.clone(), user: self.user.clone(), role: self.role, areas: self.areas.clone() }
    }
}

/// An enrolment code to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    pub hash: SecretHash,
    pub org: OrgId,
    pub role: Role,
    pub areas: Vec<String>,
    pub expires: Stamp,
    /// The one device it is for: that device comes back as itself, whatever it shows.
    pub device: Option<DeviceId>,
}

/// A device as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub org: OrgId,
    pub id: DeviceId,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub areas: Vec<String>,
    pub enrolled: Stamp,
    /// Within ten minutes.
    pub seen: Option<Stamp>,
    pub revoked: Option<Stamp>,
}

/// A wish to enrol a device, with the ids and the credential it gets if it is a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    pub code: SecretHash,
    pub name: String,
    pub former: Option<Former>,
    /// By this secret of its own the phone is known, whatever credential it holds.
    pub key: Option<SecretHash>,
    pub new_device: DeviceId,
    pub new_user: UserId,
    pub new_token: SecretHash,
}

/// Who the phone says it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    pub device: DeviceId,
    pub user: Option<UserId>,
    /// The credential it held then.
    pub token: Option<SecretHash>,
}

/// What became of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolling {
    Enrolled {
        caller: Caller,
        org_name: String,
    },
    /// The code is wrong, used or expired.
    Refused,
}

/// Where a browser takes push messages, as it says it: an address, and two keys as base64url.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushAddress {
    pub endpoint: String,
    /// A point on P-256.
    pub p256dh: String,
    /// 16 random bytes.
    pub auth: String,
}

/// A device that takes push messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub device: DeviceId,
    pub user: UserId,
    pub address: PushAddress,
}

/// Somebody in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub user: UserId,
    pub name: String,
    pub role: Role,
    /// When a device of theirs was last heard from, within ten minutes.
    pub seen: Option<Stamp>,
}

/// The rules of the watch that an organisation set itself.
pub type OwnLevels = waymark_core::rules::levels::Levels;

/// Records of one device, in the order in which it sent them.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub caller: Caller,
    pub clockoffset: Option<i64>,
    pub received: Stamp,
    pub events: Vec<Event>,
}

/// One page of the feed of one viewer.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub records: Vec<Record>,
    /// The highest place looked at.
    pub next: u64,
    pub more: bool,
}

/// Called with an organisation and the newest place in its feed.
pub type Heard<'a> = &'a (dyn Fn(&OrgId, u64) + Send + Sync);

/// A database for many organisations that never share rows.
#[async_trait]
pub trait Storage: WatchStorage + PackStorage + CarryStorage {
    /// Which life of the database this is.
    async fn epoch(&self) -> Result<Epoch, StorageError>;

    async fn create_org(&self, org: &Org, now: Stamp) -> Result<Created, StorageError>;

    /// All organisations, by slug.
    async fn orgs(&self) -> Result<Vec<Org>, StorageError>;

    /// Keeps enrolment codes.
    async fn add_codes(&self, codes: &[NewCode], now: Stamp) -> Result<(), StorageError>;

    /// Consumes the code and enrols the device, or does nothing.
    ///
    /// A device that shows the last credential it was given comes back as itself, revoked or not. One that this
    /// database does not know, as after a restored backup, is created under its id. Any other is new. A code that is
    /// for one device gives that device's ids to whoever has the code.
    async fn enrol(&self, enrolment: &Enrolment, now: Stamp) -> Result<Enrolling, StorageError>;

    /// Whose credential this is, unless it was revoked. Notes that the device was seen.
    async fn caller(&self, token: &SecretHash, now: Stamp) -> Result<Option<Caller>, StorageError>;

    /// All devices, by organisation and name.
    async fn devices(&self) -> Result<Vec<Device>, StorageError>;

    /// Shuts a device out. `false` when there is no such device.
    async fn revoke(&self, device: &DeviceId, now: Stamp) -> Result<bool, StorageError>;

    /// Takes records in, in one transaction: when this returns, what it calls accepted is on disk. One answer per
    /// event, in order.
    async fn ingest(&self, batch: Batch) -> Result<Vec<Taken>, StorageError>;

    /// The items of another source that the server itself wrote down, and what it added to them since, in the order of
    /// the feed.
    async fn brought_in(&self, org: &OrgId, source: &str) -> Result<Vec<Event>, StorageError>;

    /// What `viewer` may see after place `after`, without what `device` wrote itself.
    async fn feed(
        &self,
        viewer: &Viewer,
        device: &DeviceId,
        after: u64,
        limit: u32,
    ) -> Result<Page, StorageError>;

    /// Keeps that the caller's person has sent a blob.
    async fn add_blob(
        &self,
        caller: &Caller,
        digest: &Digest,
        bytes: u64,
        now: Stamp,
    ) -> Result<(), StorageError>;

    /// Whether a blob is for the viewer: they sent it, or may see a record that names it among its photos. The record
    /// counts if its author has sent the blob: whoever knows no more than the digest does not get it by writing it
    /// down.
    async fn may_see_blob(&self, viewer: &Viewer, digest: &Digest) -> Result<bool, StorageError>;

    /// The newest place in an organisation's feed; 0 when there is none.
    async fn newest(&self, org: &OrgId) -> Result<u64, StorageError>;

    /// Keeps where a device takes push messages, in place of what was kept for the device or under the endpoint.
    async fn subscribe(&self, caller: &Caller, address: &PushAddress, now: Stamp)
    -> Result<(), StorageError>;

    /// Forgets where a device takes push messages; with `endpoint`, only if that is still the address.
    async fn unsubscribe(
        &self,
        org: &OrgId,
        device: &DeviceId,
        endpoint: Option<&str>,
    ) -> Result<(), StorageError>;

    /// The devices of an organisation that take push messages, are not revoked, and whose people have one of these
    /// roles; by device.
    async fn subscriptions(&self, org: &OrgId, roles: &[Role]) -> Result<Vec<Subscription>, StorageError>;

    async fn setting(&self, name: &str) -> Result<Option<String>, StorageError>;

    async fn put_setting(&self, name: &str, value: &str) -> Result<(), StorageError>;

    /// Keeps the value unless there is one already. The answer is the one that is kept.
    async fn first_setting(&self, name: &str, value: &str) -> Result<String, StorageError>;

    /// The people who share an area with the viewer and have a device that is not shut out, by name; not the server.
    async fn directory(&self, viewer: &Viewer) -> Result<Vec<Person>, StorageError>;

    /// The rules of the watch that the organisation set itself.
    async fn levels(&self, org: &OrgId) -> Result<OwnLevels, StorageError>;

    async fn set_level(&self, org: &OrgId, level: &AreaLevel, rules: &WatchRules)
    -> Result<(), StorageError>;

    /// The address under which the server was last reached, for links.
    async fn address(&self) -> Result<Option<String>, StorageError>;

    async fn set_address(&self, address: &str) -> Result<(), StorageError>;

    /// Says what other servers on this database take in, for as long as it is polled. One that is missed is made up for by
    /// whoever asks for [`Storage::newest`].
    async fn hear(&self, heard: Heard<'_>);

    /// How large the database is.
    async fn bytes(&self) -> Result<u64, StorageError>;

    /// Finishes writing and closes.
    async fn close(&self);
}
