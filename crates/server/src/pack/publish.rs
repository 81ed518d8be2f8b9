use std::collections::BTreeSet;
use std::path::Path;

use waymark_core::event::{Digest, OrgId, Stamp};
use waymark_core::guidance::{Key, Manifest, Rules, accept, rules};

use super::{PackError, Release, both, read_signed};
use crate::storage::{Basis, NewPack, Published, Publishing, Storage, StorageError};

/// How a release is to be published.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The key that it must be signed with, if the operator was told.
    pub given: Option<Key>,
    /// Whether another key than the trusted one is wanted.
    pub new_key: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub manifest: Manifest,
    pub key: Key,
    pub outcome: Outcome,
    /// Files that phones with the version before have to fetch, and their bytes.
    pub fresh: (usize, u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The first: from now on phones trust its key.
    First,
    Next {
        before: u32,
    },
    /// Another key is trusted from now on; phones that trust the one before refuse this.
    NewKey {
        before: Key,
    },
    AlreadyThere,
}

/// Publishes a signed folder, if every phone of the organisation that is up to date takes it.
///
/// # Errors
/// It is refused, as by a phone, or the database failed; nothing is stored.
pub async fn publish(
    storage: &dyn Storage,
    org: &OrgId,
    folder: &Path,
    wish: &Wish,
    now: Stamp,
) -> Result<Report, PackError> {
    publish_release(storage, org, read_signed(folder)?, wish, now).await
}

/// As [`publish`], of a release that was read already.
///
/// # Errors
/// As there.
pub async fn publish_release(
    storage: &dyn Storage,
    org: &OrgId,
    release: Release,
    wish: &Wish,
    now: Stamp,
) -> Result<Report, PackError> {
    let trusted = storage.pack_key(org).await?;
    let latest = storage.pack(org).await?;
    let (signed, key) = release.signed.clone().ok_or(PackError::NotSigned)?;
    may_sign(org, key, trusted, wish)?;
    let held = latest.as_ref().map(held).transpose()?;
    if let Some(held) = &held {
        takes(org, &signed, &key, held, &release)?;
    }
    let report = report(&release, key, trusted, held.as_ref());
    if report.outcome == Outcome::AlreadyThere {
        return Ok(report);
    }
    let basis = Basis { key: trusted, version: latest.map(|latest| latest.version) };
    let pack = NewPack { version: release.manifest.version, key, signed, files: release.files };
    match storage.publish(org, &pack, basis, now).await? {
        Publishing::Published => Ok(report),
        Publishing::Overtaken => Err(PackError::Overtaken),
    }
}

/// What the pack that is published sets; nothing where there is none.
///
/// # Errors
/// The database failed, or what it holds is not what was published.
pub async fn published_rules(storage: &dyn Storage, org: &OrgId) -> Result<Rules, StorageError> {
    let Some(latest) = storage.pack(org).await? else { return Ok(Rules::default()) };
    let manifest = held(&latest)?;
    let mut files = vec![];
    for file in manifest.rule_files() {
        files.extend(storage.pack_file(org, &file.sha256).await?.map(|bytes| (file.sha256, bytes)));
    }
    let get = |sha256: &Digest| files.iter().find(|(own, _)| own == sha256).map(|(_, bytes)| bytes.clone());
    rules(&manifest, get).map_err(|_| StorageError::Unreadable("pack"))
}

/// Who signs is who was meant, and who is trusted; the first is trusted from then on.
fn may_sign(org: &OrgId, key: Key, trusted: Option<Key>, wish: &Wish) -> Result<(), PackError> {
    if let Some(given) = wish.given.filter(|given| *given != key) {
        return Err(PackError::NotTheGivenKey { offered: both(&key), given: both(&given) });
    }
    match trusted {
        Some(trusted) if trusted != key && !wish.new_key => {
            let (offered, trusted) = (both(&key), both(&trusted));
            Err(PackError::OtherKey { org: org.clone(), offered, trusted })
        }
        _ => Ok(()),
    }
}

/// What phones hold that have this version.
///
/// # Errors
/// What is stored cannot be read.
pub fn held(latest: &Published) -> Result<Manifest, StorageError> {
    accept(&latest.signed, &latest.key, None).map_err(|_| StorageError::Unreadable("pack"))
}

/// A version that is published, with its files.
///
/// # Errors
/// The database failed, or holds something else than was published.
pub async fn stored(
    storage: &dyn Storage,
    org: &OrgId,
    published: &Published,
) -> Result<Release, StorageError> {
    let manifest = held(published)?;
    let mut files = vec![];
    for entry in &manifest.files {
        files.extend(storage.pack_file(org, &entry.sha256).await?);
    }
    Release::of(published.signed.clone(), files).map_err(|_| StorageError::Unreadable("pack"))
}

/// Whether such a phone takes the release.
fn takes(org: &OrgId, signed: &str, key: &Key, held: &Manifest, release: &Release) -> Result<(), PackError> {
    let offered = &release.manifest;
    if accept(signed, key, Some(held)).is_ok() {
        return Ok(());
    }
    if held.pack != offered.pack {
        let (held, offered) = (held.pack.clone(), offered.pack.clone());
        return Err(PackError::OtherPack { org: org.clone(), held, offered });
    }
    Err(PackError::NotHigher { held: held.version, offered: offered.version })
}

fn report(release: &Release, key: Key, trusted: Option<Key>, held: Option<&Manifest>) -> Report {
    let manifest = release.manifest.clone();
    let outcome = match (trusted, held) {
        (Some(before), _) if before != key => Outcome::NewKey { before },
        (_, Some(held)) if held.version == manifest.version => Outcome::AlreadyThere,
        (_, Some(held)) => Outcome::Next { before: held.version },
        (_, None) => Outcome::First,
    };
    let here: BTreeSet<Digest> = held.iter().flat_map(|held| &held.files).map(|file| file.sha256).collect();
    let missing = manifest.missing(|sha256| here.contains(sha256));
    let fresh = (missing.len(), missing.iter().map(|file| file.bytes).sum());
    Report { manifest, key, outcome, fresh }
}
