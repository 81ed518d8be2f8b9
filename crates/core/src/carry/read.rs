//! Reading what comes from outside: bounded, and as a whole or not at all.

use serde_json::Value;

use super::bundle::{FORMAT, VERSION};
use super::manifest::ManifestFault;
use super::receipts::SignedReceipts;
use super::{Manifest, Parcel, SignedText};
use crate::event::{Digest, Event, OrgId};
use crate::json::Json;
use crate::rules::ingest;

/// The largest bundle, in bytes.
pub const MAX_BYTES: usize = 4 << 20;
/// The most records in a bundle.
pub const MAX_RECORDS: usize = 5_000;
/// The most parcels and receipts in a bundle.
pub(super) const MAX_PARTS: usize = 500;

/// A bundle whose parcels are whole and each signed with the key that it names. Whether that is the device's key is for
/// [`super::Trust`] to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub parcels: Vec<Parcel>,
    /// Not yet compared with any key.
    pub receipts: Vec<SignedText>,
}

/// Why a bundle is not taken in; nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    #[error("this is no bundle of Waymark")]
    NotABundle,
    #[error("this bundle was made by a newer version of Waymark ({0})")]
    NewerVersion(u64),
    #[error("the bundle is larger than {MAX_BYTES} bytes or {MAX_RECORDS} records")]
    TooLarge,
    #[error("the bundle breaks off before its end")]
    Truncated,
    /// The number of the line, from 1.
    #[error("line {0} of the bundle cannot be read")]
    Unreadable(usize),
    /// Whose parcel.
    #[error("what {0} wrote was changed on the way")]
    Changed(String),
    #[error("the parcel of {0} holds records that somebody else wrote")]
    WrongAuthor(String),
    #[error("the bundle is of another organisation ({0})")]
    ForeignOrganisation(OrgId),
    #[error("the parcel of {name} is signed with another key than that of the device")]
    OtherKey { name: String },
    #[error("the server has not issued the certificate of {0}")]
    WrongCertificate(String),
}

impl BundleError {
    /// In words' tables and problems.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotABundle => "not_a_bundle",
            Self::NewerVersion(_) => "newer_version",
            Self::TooLarge => "too_large",
            Self::Truncated => "truncated",
            Self::Unreadable(_) => "unreadable",
            Self::Changed(_) => "changed",
            Self::WrongAuthor(_) => "wrong_author",
            Self::ForeignOrganisation(_) => "foreign_organisation",
            Self::OtherKey { .. } => "other_key",
            Self::WrongCertificate(_) => "wrong_certificate",
        }
    }
}

/// How much may still come.
pub(super) struct Room {
    bytes: usize,
    records: usize,
}

impl Room {
    /// With some room for the first line and the last.
    pub fn new() -> Self {
        Self { bytes: MAX_BYTES - 1_024, records: MAX_RECORDS }
    }

    /// Whether one more line fits, with so much that belongs to it.
    pub fn takes(&mut self, line: &str, beside: usize) -> bool {
        let size = line.len() + 1 + beside;
        let fits = size <= self.bytes && self.records > 0;
        if fits {
            self.bytes -= size;
            self.records -= 1;
        }
        fits
    }
}

/// Reads a bundle and checks all that it says of itself: its end, its signatures, the hash and the digest of every record,
/// and that each record is of the device and the person who signed.
///
/// # Errors
/// The first thing that is wrong.
pub fn parse(text: &str) -> Result<Bundle, BundleError> {
    if text.len() > MAX_BYTES {
        return Err(BundleError::TooLarge);
    }
    let lines: Vec<&str> = text.lines().take(MAX_RECORDS + MAX_PARTS + 3).collect();
    if lines.len() > MAX_RECORDS + MAX_PARTS + 2 {
        return Err(BundleError::TooLarge);
    }
    let mut reader = Reader { lines, at: 0 };
    reader.head()?;
    let mut bundle = Bundle { parcels: vec![], receipts: vec![] };
    let mut records = 0;
    loop {
        let (number, json) = reader.next()?;
        if let Some(end) = json.get("end") {
            // Behind the end there is nothing.
            let whole = end.as_u64() == Some(number as u64 - 2) && reader.lines.len() == number;
            return if whole { Ok(bundle) } else { Err(BundleError::Unreadable(number)) };
        }
        if bundle.parcels.len() + bundle.receipts.len() == MAX_PARTS {
            return Err(BundleError::TooLarge);
        }
        if let Some(receipts) = json.get("receipts") {
            bundle.receipts.push(signed(receipts, number)?);
            continue;
        }
        let parcel = reader.parcel(number, &json, MAX_RECORDS - records)?;
        records += parcel.records.len();
        bundle.parcels.push(parcel);
    }
}

fn signed(json: &Value, number: usize) -> Result<SignedText, BundleError> {
    SignedText::from_value(json).map_err(|_| BundleError::Unreadable(number))
}

struct Reader<'a> {
    lines: Vec<&'a str>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn line(&mut self) -> Result<(usize, &'a str), BundleError> {
        let line = self.lines.get(self.at).ok_or(BundleError::Truncated)?;
        self.at += 1;
        Ok((self.at, line))
    }

    fn next(&mut self) -> Result<(usize, Value), BundleError> {
        let (number, line) = self.line()?;
        match serde_json::from_str(line) {
            Ok(json) => Ok((number, json)),
            Err(error) if error.is_eof() && number == self.lines.len() => Err(BundleError::Truncated),
            Err(_) => Err(BundleError::Unreadable(number)),
        }
    }

    fn head(&mut self) -> Result<(), BundleError> {
        let (_, json) = self.next().map_err(|_| BundleError::NotABundle)?;
        if json.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(BundleError::NotABundle);
        }
        match json.get("version").and_then(Value::as_u64) {
            Some(VERSION) => Ok(()),
            Some(version) if version > VERSION => Err(BundleError::NewerVersion(version)),
            _ => Err(BundleError::NotABundle),
        }
    }

    fn parcel(&mut self, number: usize, head: &Value, most: usize) -> Result<Parcel, BundleError> {
        let unreadable = || BundleError::Unreadable(number);
        let text = signed(head.get("parcel").ok_or_else(unreadable)?, number)?;
        let certificate = head.get("certificate").map(|json| signed(json, number)).transpose()?;
        let count = head.get("lines").and_then(Value::as_u64).ok_or_else(unreadable)?;
        let count = usize::try_from(count).map_err(|_| BundleError::TooLarge)?;
        if count > most {
            return Err(BundleError::TooLarge);
        }
        let manifest = Manifest::read(&text).map_err(|fault| match fault {
            ManifestFault::Unreadable => unreadable(),
            ManifestFault::WrongSignature => BundleError::Changed(name_in(&text)),
        })?;
        if count > manifest.records.len() {
            return Err(BundleError::Changed(manifest.name));
        }
        let mut records = vec![];
        for _ in 0..count {
            let (number, line) = self.line()?;
            if number == self.lines.len() {
                return Err(BundleError::Truncated);
            }
            records.push((record(&manifest, line)?, line.to_owned()));
        }
        Ok(Parcel { manifest, signed: text, certificate, records })
    }
}

fn record(manifest: &Manifest, line: &str) -> Result<Event, BundleError> {
    let changed = || BundleError::Changed(manifest.name.clone());
    let sha256 = Digest::of_bytes(line.as_bytes());
    let piece = manifest.records.iter().find(|piece| piece.sha256 == sha256).ok_or_else(changed)?;
    let json = serde_json::from_str(line).map_err(|_| changed())?;
    let event = ingest::read(json).map_err(|_| changed())?;
    if event.id != piece.id {
        return Err(changed());
    }
    if event.source != manifest.source() || event.author != manifest.user {
        return Err(BundleError::WrongAuthor(manifest.name.clone()));
    }
    Ok(event)
}

/// Whose parcel it says it is, for the words about it.
fn name_in(signed: &SignedText) -> String {
    let json: Option<Value> = serde_json::from_str(&signed.text).ok();
    json.and_then(|json| json.get("name")?.as_str().map(str::to_owned)).unwrap_or_default()
}

impl Bundle {
    /// The receipts that this server has signed.
    pub fn receipts_of(&self, server: &crate::guidance::Key) -> Vec<SignedReceipts> {
        self.receipts.iter().filter_map(|signed| SignedReceipts::read(signed, server)).collect()
    }
}
