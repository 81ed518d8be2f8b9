use serde_json::Value;

use super::signing::{CERTIFICATE, PARCEL};
use super::{SignedText, SigningKey};
use crate::event::{DeviceId, Digest, Event, EventId, OrgId, Source, Stamp, UserId};
use crate::guidance::Key;
use crate::json::Json;
use crate::json_struct;
use crate::rules::Role;

/// What a server says of a device that is enrolled with it: with which key it signs, and who carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    pub org: OrgId,
    pub device: DeviceId,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    /// Empty for everywhere.
    pub areas: Vec<String>,
    pub key: Key,
    /// The server's clock.
    pub issued: Stamp,
}

json_struct!(Certificate: required [org, device, user, name, role, areas, key, issued]);

impl Certificate {
    /// Signed by a server.
    pub fn sign(&self, server: &SigningKey) -> SignedText {
        server.sign(CERTIFICATE, self.to_value().to_string())
    }

    /// What a certificate says, if this server has signed it.
    pub fn read(signed: &SignedText, server: &Key) -> Option<Self> {
        signed.is_by(server, CERTIFICATE).then(|| Self::unproven(signed)).flatten()
    }

    /// What it says, whoever may have written it.
    pub fn unproven(signed: &SignedText) -> Option<Self> {
        Self::from_value(&serde_json::from_str(&signed.text).ok()?).ok()
    }
}

/// What a device says of the records that it gives away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub org: OrgId,
    pub device: DeviceId,
    /// The author of all of them.
    pub user: UserId,
    pub name: String,
    /// When it was made, by the device's clock.
    pub made: Stamp,
    /// With which it is signed.
    pub key: Key,
    pub records: Vec<Piece>,
}

json_struct!(Manifest: required [org, device, user, name, made, key, records]);

/// One record in a manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    pub id: EventId,
    /// Of the record's line, byte by byte: `digest` in the record itself is that of its data alone.
    pub sha256: Digest,
}

json_struct!(Piece: required [id, sha256]);

impl Manifest {
    pub fn source(&self) -> Source {
        Source { org: self.org.clone(), device: self.device.clone() }
    }

    pub fn sign(&self, key: &SigningKey) -> SignedText {
        key.sign(PARCEL, self.to_value().to_string())
    }

    /// What a signed manifest says, if it is signed with the key that it names.
    pub(super) fn read(signed: &SignedText) -> Result<Self, ManifestFault> {
        let json: Value = serde_json::from_str(&signed.text).map_err(|_| ManifestFault::Unreadable)?;
        let manifest = Self::from_value(&json).map_err(|_| ManifestFault::Unreadable)?;
        if signed.is_by(&manifest.key, PARCEL) { Ok(manifest) } else { Err(ManifestFault::WrongSignature) }
    }
}

pub(super) enum ManifestFault {
    Unreadable,
    WrongSignature,
}

/// Records of one device with what it says of them. There may be fewer records than the manifest names, never others.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    pub manifest: Manifest,
    pub signed: SignedText,
    pub certificate: Option<SignedText>,
    /// The records, each with its line to the letter.
    pub records: Vec<(Event, String)>,
}

impl Parcel {
    /// What it is known by.
    pub fn digest(&self) -> Digest {
        Digest::of_bytes(self.signed.text.as_bytes())
    }
}
