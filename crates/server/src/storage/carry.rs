use async_trait::async_trait;
use sqlx::FromRow;
use waymark_core::event::{DeviceId, OrgId, UserId};
use waymark_core::guidance::Key;

use super::columns::{areas_from, role_from};
use super::{Caller, StorageError};

/// A device by whose key parcels are signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Whoever carries it now.
    pub caller: Caller,
    pub name: String,
    pub key: Option<Key>,
    pub revoked: bool,
}

/// What bundles that come by hand need of a database.
#[async_trait]
pub trait CarryStorage: Send + Sync + 'static {
    /// Keeps with which key the caller's device signs, in place of any other.
    async fn set_signing_key(&self, caller: &Caller, key: &Key) -> Result<(), StorageError>;

    /// A device and its key; `None` when there is no such device. The server's own is none.
    async fn signer(&self, org: &OrgId, device: &DeviceId) -> Result<Option<Signer>, StorageError>;
}

/// What every database gives for a [`Signer`].
#[derive(FromRow)]
pub struct SignerRow {
    pub user: String,
    pub name: String,
    pub role: String,
    pub areas: String,
    pub signing_key: Option<String>,
    pub revoked: Option<i64>,
}

impl SignerRow {
    pub fn signer(self, org: &OrgId, device: &DeviceId) -> Result<Signer, StorageError> {
        let key = self.signing_key.map(|text| text.parse().map_err(|()| StorageError::Unreadable("key")));
        let caller = Caller {
            org: org.clone(),
            device: device.clone(),
            user: UserId(self.user),
            role: role_from(&self.role)?,
            areas: areas_from(&self.areas)?,
        };
        Ok(Signer { caller, name: self.name, key: key.transpose()?, revoked: self.revoked.is_some() })
    }
}
