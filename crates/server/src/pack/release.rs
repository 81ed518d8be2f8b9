use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use waymark_core::event::{Digest, Stamp};
use waymark_core::guidance::author::sign as sign_manifest;
use waymark_core::guidance::{
    Key, MAX_FILE, MAX_MANIFEST, Manifest, Pack, Refusal, Signed, accept, assemble, entries, files,
};
use waymark_core::json::Json as _;

use super::folder::{ABOUT, Checked, check};
use super::{PackError, count};

const MANIFEST: &str = "manifest.json";
const FILES: &str = "files";

/// A version of a pack, as phones get it or as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub manifest: Manifest,
    pub pack: Pack,
    /// The signed manifest to the letter, and its key; none where it is not signed yet.
    pub signed: Option<(String, Key)>,
    pub files: BTreeMap<Digest, Vec<u8>>,
}

impl Release {
    /// A signed manifest and its files, looked over as by a phone that trusts its key and has no pack yet. Files that it does
    /// not name are left out.
    ///
    /// # Errors
    /// What such a phone would refuse it for.
    pub fn of(signed: String, files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, Refusal> {
        let key = own_key(&signed).ok_or(Refusal::Unreadable)?;
        let mut files: BTreeMap<Digest, Vec<u8>> =
            files.into_iter().map(|bytes| (Digest::of_bytes(&bytes), bytes)).collect();
        let manifest = accept(&signed, &key, None)?;
        files.retain(|sha256, _| manifest.files.iter().any(|entry| entry.sha256 == *sha256));
        looked_over(signed, &key, files)
    }
}

/// Signs a folder that people write. The same folder and key give the same bytes.
///
/// # Errors
/// The folder cannot be read or has faults, or is more than phones take.
pub fn sign(folder: &Path, seed: &[u8; 32], now: Stamp) -> Result<Release, PackError> {
    let unsigned = read_written(folder, check(folder, now)?)?;
    let signed = sign_manifest(&unsigned.manifest, seed);
    let text = signed.to_value().to_string();
    looked_over(text, &signed.key, unsigned.files).map_err(PackError::refused(folder))
}

/// Reads what [`write_signed`] wrote, and looks it over as a phone does that trusts its key and has no pack yet.
///
/// # Errors
/// A file cannot be read, or a phone would refuse the release.
pub fn read_signed(folder: &Path) -> Result<Release, PackError> {
    let text = read_text(&folder.join(MANIFEST), MAX_MANIFEST as u64)?;
    let refused = PackError::refused(folder);
    let key = own_key(&text).ok_or(Refusal::Unreadable).map_err(&refused)?;
    let manifest = accept(&text, &key, None).map_err(&refused)?;
    let mut files = BTreeMap::new();
    for entry in &manifest.files {
        let path = folder.join(FILES).join(format!("{}.json", entry.sha256));
        let bytes = match read_bytes(&path, MAX_FILE) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused(Refusal::Missing(entry.path.clone())));
            }
            read => read.map_err(PackError::cannot_read(&path))?,
        };
        Manifest::check(entry, &bytes).map_err(&refused)?;
        files.insert(entry.sha256, bytes);
    }
    looked_over(text, &key, files).map_err(refused)
}

/// Reads a signed folder, or one that people write.
///
/// # Errors
/// It is neither, or has faults.
pub fn read_any(folder: &Path, now: Stamp) -> Result<Release, PackError> {
    if folder.join(MANIFEST).is_file() {
        return read_signed(folder);
    }
    if folder.join(ABOUT).is_file() {
        return read_written(folder, check(folder, now)?);
    }
    Err(PackError::NoPack(folder.to_owned()))
}

/// Writes a signed release to a folder that is new or empty: `manifest.json`, and `files/` by their hashes.
///
/// # Errors
/// The folder holds something or cannot be written to, or the release is not signed.
pub fn write_signed(release: &Release, folder: &Path) -> Result<(), PackError> {
    let Some((signed, _)) = &release.signed else {
        return Err(PackError::refused(folder)(Refusal::WrongSignature));
    };
    empty(folder)?;
    let inner = folder.join(FILES);
    fs::create_dir_all(&inner).map_err(PackError::cannot_write(&inner))?;
    let write = |path: PathBuf, bytes: &[u8]| fs::write(&path, bytes).map_err(PackError::cannot_write(&path));
    for (sha256, bytes) in &release.files {
        write(inner.join(format!("{sha256}.json")), bytes)?;
    }
    // Last: a folder with a manifest is whole.
    write(folder.join(MANIFEST), signed.as_bytes())
}

/// Makes sure that the folder is there or can be made, with nothing in it.
pub(super) fn empty(folder: &Path) -> Result<(), PackError> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(PackError::NotEmpty(folder.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(PackError::CannotWrite { path: folder.to_owned(), source }),
    }
}

fn read_written(folder: &Path, checked: Checked) -> Result<Release, PackError> {
    let faults = checked.faults();
    let Some(about) = checked.about.filter(|_| faults == 0) else {
        let faults = format!("{}, which `pack check` names", count(faults, "error"));
        return Err(PackError::Faults { folder: folder.to_owned(), faults });
    };
    let files = files(&checked.pack);
    let manifest = Manifest { files: entries(&files), ..about.manifest() };
    let files = files.into_values().map(|bytes| (Digest::of_bytes(&bytes), bytes)).collect();
    Ok(Release { manifest, pack: checked.pack, signed: None, files })
}

/// All that a phone looks at.
fn looked_over(text: String, key: &Key, files: BTreeMap<Digest, Vec<u8>>) -> Result<Release, Refusal> {
    let manifest = accept(&text, key, None)?;
    let pack = assemble(&manifest, |sha256| files.get(sha256).cloned())?;
    Ok(Release { manifest, pack, signed: Some((text, *key)), files })
}

fn own_key(text: &str) -> Option<Key> {
    let json = serde_json::from_str(text).ok()?;
    Signed::from_value(&json).ok().map(|signed| signed.key)
}

fn read_text(path: &Path, most: u64) -> Result<String, PackError> {
    let bytes = read_bytes(path, most).map_err(PackError::cannot_read(path))?;
    String::from_utf8(bytes)
        .map_err(|_| io::Error::other("it is no text"))
        .map_err(PackError::cannot_read(path))
}

/// A file itself, and one byte more than is taken: enough to refuse it.
fn read_bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if !fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file but leads to one"));
    }
    let mut bytes = vec![];
    File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
