use async_trait::async_trait;
use waymark_core::event::{DeviceId, OrgId};
use waymark_core::guidance::Key;

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
