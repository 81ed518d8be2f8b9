use std::collections::BTreeMap;

use async_trait::async_trait;
use sqlx::FromRow;
use waymark_core::backend::standards::Carrier;
use waymark_core::event::{DeviceId, Digest, OrgId, Stamp};
use waymark_core::guidance::Key;
use waymark_core::rules::visibility::Viewer;

use super::columns::{parsed, small};
use super::{Caller, StorageError};

/// A version of an organisation's pack that is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub version: u32,
    pub key: Key,
    pub published: Stamp,
    /// The signed release, to the letter.
    pub signed: String,
}

/// A row of a published version.
#[derive(FromRow)]
pub(super) struct PackRow {
    version: i64,
    key: String,
    published: i64,
    signed: String,
}

impl PackRow {
    pub(super) fn published(self) -> Result<Published, StorageError> {
        let Self { version, key, published, signed } = self;
        let version = small(version, "version of a pack")?;
        Ok(Published { version, key: key_from(&key)?, published: Stamp(published), signed })
    }
}

pub(super) fn key_from(text: &str) -> Result<Key, StorageError> {
    parsed(text, "key")
}

/// Device, version, since when.
pub(super) type CarriedRow = (String, i64, i64);

pub(super) fn carried((device, version, since): CarriedRow) -> Result<Carried, StorageError> {
    let version = small(version, "version of a pack")?;
    Ok(Carried { device: DeviceId(device), version, since: Stamp(since) })
}

/// A version to publish, looked over already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPack {
    pub version: u32,
    pub key: Key,
    pub signed: String,
    pub files: BTreeMap<Digest, Vec<u8>>,
}

/// What a release was looked over against: the trusted key, and the latest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    pub key: Option<Key>,
    pub version: Option<u32>,
}

/// What became of a wish to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Publishing {
    Published,
    /// Something else was published since it was looked over; nothing is stored.
    Overtaken,
}

/// Which version a device has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    pub device: DeviceId,
    /// 0 for none.
    pub version: u32,
    pub since: Stamp,
}

/// Standards packs: what an organisation has published, and who carries it.
#[async_trait]
pub trait PackStorage: Send + Sync + 'static {
    /// The key that the organisation's packs are signed with, once it has published one.
    async fn pack_key(&self, org: &OrgId) -> Result<Option<Key>, StorageError>;

    /// The latest version.
    async fn pack(&self, org: &OrgId) -> Result<Option<Published>, StorageError>;

    /// All versions, the latest first.
    async fn packs(&self, org: &OrgId) -> Result<Vec<Published>, StorageError>;

    /// Publishes a version and trusts its key, in one transaction, if things still are as they were looked over. A
    /// version that is there is replaced: it is the same under another key.
    async fn publish(
        &self,
        org: &OrgId,
        pack: &NewPack,
        basis: Basis,
        now: Stamp,
    ) -> Result<Publishing, StorageError>;

    /// A file of any version of the organisation's pack.
    async fn pack_file(&self, org: &OrgId, sha256: &Digest) -> Result<Option<Vec<u8>>, StorageError>;

    /// Keeps which version the device says it has; the time only if that is another one than before.
    async fn carry(&self, caller: &Caller, version: u32, now: Stamp) -> Result<(), StorageError>;

    /// The devices of the viewer's areas that are not shut out, also if they have never said what they have; by name.
    async fn carriers(&self, viewer: &Viewer) -> Result<Vec<Carrier>, StorageError>;

    /// The devices that have said what they have.
    async fn carried(&self, org: &OrgId) -> Result<Vec<Carried>, StorageError>;
}
