//! How a pack travels: a signed manifest that names every file by its hash, and the files.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

use ed25519_compact::{PublicKey, Signature};
use serde_json::Value;

use super::inline::is_id;
use super::{Agreed, Card, Checklist, Contingency, Pack, Rules, SpeakCard};
use crate::event::{Digest, Stamp};
use crate::json::{Json, Members, json_text, put};
use crate::{json_serialize, json_struct};

/// What is in a release of a pack. Two manifests of one pack and version are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Such as `org.example`.
    pub pack: String,
    pub version: u32,
    /// By language.
    pub title: BTreeMap<String, String>,
    pub issued: Stamp,
    /// From then on it is shown as old; it is never taken away.
    pub expires: Stamp,
    /// What a field office may change or add; see docs/PACKS.md.
    pub offices: Vec<String>,
    pub files: Vec<Entry>,
}

json_struct!(Manifest: required [pack, version, title, issued, expires, files] optional [offices]);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `cards/checkpoint.json`.
    pub path: String,
    pub sha256: Digest,
    pub bytes: u64,
}

json_struct!(Entry: required [path, sha256, bytes]);

/// A manifest to the letter, and who signed it (Ed25519, RFC 8032).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The JSON of a [`Manifest`]: these bytes are signed.
    pub manifest: String,
    pub key: Key,
    /// 128 hex digits.
    pub signature: String,
}

json_struct!(Signed: required [manifest, key, signature]);

/// A public key; 64 hex digits in text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub [u8; 32]);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        bytes_of(text.trim()).map(Self).ok_or(())
    }
}

json_text!(Key);
json_serialize!(Key);

impl Key {
    /// The first twenty digits, in groups of four: what two people compare by voice.
    pub fn short(&self) -> String {
        let text = self.to_string();
        let groups: Vec<&str> = (0..20).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
        groups.join(" ")
    }
}

/// Bytes as hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// So many hex digits as bytes.
pub(crate) fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        if !pair.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// A pack in one file, with what is said of it: as the app brings its own, which is as genuine as the app is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    pub manifest: Manifest,
    pub pack: Pack,
}

json_struct!(Bundle: required [manifest, pack]);

/// The largest pack that a phone takes, in bytes of its files.
pub const MAX_PACK: u64 = 20_000_000;
/// The largest file of one.
pub const MAX_FILE: u64 = 500_000;
/// More files than that are no pack.
pub const MAX_FILES: usize = 4_000;
/// The largest signed manifest, in bytes.
pub const MAX_MANIFEST: usize = 1_500_000;

/// Why a phone does not take a release. The one it has stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the release cannot be read")]
    Unreadable,
    #[error("it is signed with another key: {0}")]
    WrongKey(String),
    #[error("its signature is wrong")]
    WrongSignature,
    #[error("it is version {offered} of another pack or older than version {held}, which is here")]
    RolledBack { held: u32, offered: u32 },
    #[error("it names a file that no pack has: {0}")]
    BadPath(String),
    #[error("it is larger than a phone takes")]
    TooLarge,
    #[error("a file is missing: {0}")]
    Missing(String),
    #[error("a file is not what the release says: {0}")]
    Broken(String),
}

impl Refusal {
    /// In words' tables.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::WrongKey(_) => "wrong_key",
            Self::WrongSignature => "wrong_signature",
            Self::RolledBack { .. } => "rolled_back",
            Self::BadPath(_) => "bad_path",
            Self::TooLarge => "too_large",
            Self::Missing(_) => "missing",
            Self::Broken(_) => "broken",
        }
    }
}

/// The manifest of a signed release, if it is to be trusted: signed with the key that came with the enrolment, of the pack
/// that is here, and no older.
///
/// # Errors
/// What it is refused for.
pub fn accept(signed: &str, trusted: &Key, held: Option<&Manifest>) -> Result<Manifest, Refusal> {
    if signed.len() > MAX_MANIFEST {
        return Err(Refusal::TooLarge);
    }
    let signed: Value = serde_json::from_str(signed).map_err(|_| Refusal::Unreadable)?;
    let signed = Signed::from_value(&signed).map_err(|_| Refusal::Unreadable)?;
    if signed.key != *trusted {
        return Err(Refusal::WrongKey(signed.key.short()));
    }
    let signature = bytes_of::<64>(&signed.signature).ok_or(Refusal::WrongSignature)?;
    let signature = Signature::from_slice(&signature).map_err(|_| Refusal::WrongSignature)?;
    // The trusted key, and not the one that the release brings.
    let key = PublicKey::from_slice(&trusted.0).map_err(|_| Refusal::WrongSignature)?;
    key.verify(signed.manifest.as_bytes(), &signature).map_err(|_| Refusal::WrongSignature)?;
    let manifest: Value = serde_json::from_str(&signed.manifest).map_err(|_| Refusal::Unreadable)?;
    let manifest = Manifest::from_value(&manifest).map_err(|_| Refusal::Unreadable)?;
    sound(&manifest)?;
    match held {
        Some(held)
            if held.pack != manifest.pack || held.version > manifest.version || other(held, &manifest) =>
        {
            Err(Refusal::RolledBack { held: held.version, offered: manifest.version })
        }
        _ => Ok(manifest),
    }
}

/// One version, two contents: one of them is not what central has published.
fn other(held: &Manifest, offered: &Manifest) -> bool {
    held.version == offered.version && held != offered
}

fn sound(manifest: &Manifest) -> Result<(), Refusal> {
    let sum = manifest.files.iter().try_fold(0_u64, |sum, file| sum.checked_add(file.bytes));
    let large = manifest.files.iter().any(|file| file.bytes > MAX_FILE);
    if manifest.files.len() > MAX_FILES || large || sum.is_none_or(|sum| sum > MAX_PACK) {
        return Err(Refusal::TooLarge);
    }
    let bad = manifest.files.iter().enumerate().find(|(at, file)| {
        !is_path(&file.path) || manifest.files.iter().take(*at).any(|other| other.path == file.path)
    });
    bad.map_or(Ok(()), |(_, file)| Err(Refusal::BadPath(file.path.clone())))
}

/// `messages.json` or `cards/checkpoint.json`: nothing that leads out of its folder.
fn is_path(path: &str) -> bool {
    let Some(name) = path.strip_suffix(".json") else { return false };
    match name.split_once('/') {
        None => is_id(name),
        Some((folder, name)) => is_id(folder) && is_id(name),
    }
}

impl Manifest {
    /// Files that have to be fetched: those of which `has` says no; each content once.
    pub fn missing(&self, has: impl Fn(&Digest) -> bool) -> Vec<&Entry> {
        let mut all: Vec<&Entry> = vec![];
        for file in &self.files {
            if !has(&file.sha256) && all.iter().all(|other| other.sha256 != file.sha256) {
                all.push(file);
            }
        }
        all
    }

    /// # Errors
    /// The bytes are not those of the file that the manifest names.
    pub fn check(file: &Entry, bytes: &[u8]) -> Result<(), Refusal> {
        let same = bytes.len() as u64 == file.bytes && Digest::of_bytes(bytes) == file.sha256;
        if same { Ok(()) } else { Err(Refusal::Broken(file.path.clone())) }
    }

    /// Those that [`rules`] reads: there are at most two.
    pub fn rule_files(&self) -> impl Iterator<Item = &Entry> {
        self.files.iter().filter(|file| Rules::is_file(&file.path))
    }

    pub fn is_old(&self, now: Stamp) -> bool {
        now > self.expires
    }
}

/// The pack of a manifest, out of its files. A part that this version does not know is left out.
///
/// # Errors
/// A file is missing, is not what the manifest says, or cannot be read.
pub fn assemble(manifest: &Manifest, get: impl Fn(&Digest) -> Option<Vec<u8>>) -> Result<Pack, Refusal> {
    let mut pack = Pack { id: manifest.pack.clone(), version: manifest.version, ..Pack::default() };
    for file in &manifest.files {
        let json = content(file, &get)?;
        let broken = || Refusal::Broken(file.path.clone());
        match file.path.split_once('/') {
            Some(("cards", _)) => pack.cards.push(Card::from_value(&json).map_err(|_| broken())?),
            Some(("checklists", _)) => {
                pack.checklists.push(Checklist::from_value(&json).map_err(|_| broken())?);
            }
            Some(("plans", _)) => pack.plans.push(Contingency::from_value(&json).map_err(|_| broken())?),
            Some(("speak", _)) => pack.speak.push(SpeakCard::from_value(&json).map_err(|_| broken())?),
            None if file.path == MESSAGES => {
                pack.messages = BTreeMap::<String, Vec<Agreed>>::from_value(&json).map_err(|_| broken())?;
            }
            _ => pack.rules.take(&file.path, &json).map_err(|_| broken())?,
        }
    }
    Ok(pack)
}

/// What the pack of a manifest sets besides texts, out of [`Manifest::rule_files`] alone.
///
/// # Errors
/// As [`assemble`], of these files.
pub fn rules(manifest: &Manifest, get: impl Fn(&Digest) -> Option<Vec<u8>>) -> Result<Rules, Refusal> {
    let mut rules = Rules::default();
    for file in manifest.rule_files() {
        let json = content(file, &get)?;
        rules.take(&file.path, &json).map_err(|_| Refusal::Broken(file.path.clone()))?;
    }
    Ok(rules)
}

/// A file as the manifest says it is.
fn content(file: &Entry, get: impl Fn(&Digest) -> Option<Vec<u8>>) -> Result<Value, Refusal> {
    let bytes = get(&file.sha256).ok_or_else(|| Refusal::Missing(file.path.clone()))?;
    Manifest::check(file, &bytes)?;
    let text = std::str::from_utf8(&bytes).ok();
    let json = text.and_then(|text| serde_json::from_str(text).ok());
    json.ok_or_else(|| Refusal::Broken(file.path.clone()))
}

const MESSAGES: &str = "messages.json";

/// The files of a pack by path, each as it travels.
pub fn files(pack: &Pack) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut add = |path: String, json: Value| files.insert(path, json.to_string().into_bytes());
    for card in &pack.cards {
        add(format!("cards/{}.json", card.id), card.to_value());
    }
    for card in &pack.speak {
        add(format!("speak/{}.json", card.id), card.to_value());
    }
    for list in &pack.checklists {
        add(format!("checklists/{}.json", list.id), list.to_value());
    }
    for plan in &pack.plans {
        add(format!("plans/{}.json", plan.id), plan.to_value());
    }
    if !pack.messages.is_empty() {
        let mut messages = Members::new();
        for (language, list) in &pack.messages {
            put(&mut messages, language, list.to_value());
        }
        add(MESSAGES.to_owned(), Value::Object(messages));
    }
    for (path, json) in pack.rules.files() {
        add(path.to_owned(), json);
    }
    files
}

/// What a manifest says of files.
pub fn entries(files: &BTreeMap<String, Vec<u8>>) -> Vec<Entry> {
    let entry = |(path, bytes): (&String, &Vec<u8>)| Entry {
        path: path.clone(),
        sha256: Digest::of_bytes(bytes),
        bytes: bytes.len() as u64,
    };
    files.iter().map(entry).collect()
}

#[cfg(test)]
mod tests;
