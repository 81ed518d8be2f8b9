//! Which backends get an organisation's records.

use serde::{Deserialize, Serialize};
use waymark_core::event::{DeviceId, OrgId, Stamp, UserId};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::{BackendKind, Destination};

use super::Store;
use crate::storage::StorageError;

/// Under this name all relays stand in the settings.
const SETTING: &str = "relays";
/// The relay as a viewer: nobody has this id, so nothing is kept from it as from somebody concerned.
const NOBODY: &str = "relay";

/// What records can be passed on to. Not to another server of ours, nor to PostgREST: both take from a person only what
/// that person wrote.
pub const KINDS: [BackendKind; 5] =
    [BackendKind::OpenRosa, BackendKind::WebDav, BackendKind::S3, BackendKind::CouchDb, BackendKind::Webhook];

/// A backend that gets an organisation's records. Without `Debug`: it holds the secret.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Relay {
    /// Another one for each place: what is kept of a former place of the same name says nothing of this one.
    pub id: String,
    pub org: OrgId,
    pub destination: Destination,
    /// Whether it also gets records that may name a source.
    pub protected: bool,
    pub added: Stamp,
    /// Counts how often the operator asked to send the refused ones again.
    pub retry: u32,
}

impl Relay {
    /// Whoever sees what is to be passed on: all of the organisation's records, or all but those of protected sources.
    pub fn viewer(&self) -> Viewer {
        let role = if self.protected { Role::Central } else { Role::Manager };
        Viewer { org: self.org.clone(), user: UserId::from(NOBODY), role, areas: vec![] }
    }

    /// A device that wrote nothing: a feed leaves out what its reader wrote.
    pub fn device() -> DeviceId {
        NOBODY.into()
    }

    /// Scheme and host of the address. The rest may be a secret: ODK Central and webhooks have tokens in it.
    pub fn origin(&self) -> String {
        url::Url::parse(&self.destination.address)
            .map_or_else(|_| "-".to_owned(), |url| url.origin().ascii_serialization())
    }

    /// Whether a batch says whose records it holds, so that it can hold only those of one person.
    pub fn says_author(&self) -> bool {
        self.destination.kind == BackendKind::CouchDb
    }
}

/// The options that a kind of backend knows.
pub fn options_of(kind: BackendKind) -> &'static [&'static str] {
    match kind {
        BackendKind::S3 => &["bucket", "region", "prefix", "path_style"],
        BackendKind::Webhook => &["mode"],
        BackendKind::Postgrest => &["schema"],
        BackendKind::Reference | BackendKind::CouchDb | BackendKind::OpenRosa | BackendKind::WebDav => &[],
    }
}

/// All relays of all organisations.
///
/// # Errors
/// The database fails, or holds something else under their name.
pub async fn read_all(storage: Store<'_>) -> Result<Vec<Relay>, StorageError> {
    match storage.setting(SETTING).await? {
        Some(text) => serde_json::from_str(&text).map_err(|_| StorageError::Unreadable("list of relays")),
        None => Ok(vec![]),
    }
}

/// # Errors
/// The database fails.
pub async fn write_all(storage: Store<'_>, relays: &[Relay]) -> Result<(), StorageError> {
    let text = serde_json::to_string(relays).map_err(|error| StorageError::Database(error.into()))?;
    storage.put_setting(SETTING, &text).await
}
