//! Photos as files under the data directory, named by their content: `{org}/{first two digits}/{the rest}`, and what
//! phones have begun to send: `{org}/partial/{digest}.{device}`. Calls block.

mod condition;
mod copy;
mod media_type;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use waymark_core::event::{DeviceId, Digest, OrgId, Stamp};

use crate::disk;
pub use condition::Condition;
pub use copy::Copied;
pub use media_type::{HEAD, MediaType};
pub use waymark_core::backend::blobs::MAX_BLOB;

/// What was begun is dropped when nothing came for a week.
pub const PARTIAL_MS: i64 = 7 * 86_400_000;

const PARTIAL: &str = "partial";
/// No organisation has a name with a dot.
const LOCKED: &str = ".locks";
/// Uploads that share a lock wait for each other's writes, no more.
const LOCKS: usize = 16;

/// The blobs of one server, or of several on one database that share the folder.
#[derive(Debug)]
pub struct Blobs {
    root: PathBuf,
    locks: [Mutex<()>; LOCKS],
}

/// The only one that writes to a beginning, until it is dropped.
struct One<'a> {
    _everywhere: File,
    _here: MutexGuard<'a, ()>,
}

/// What a device is sending. Each device has its own beginning: nobody can spoil another's, or learn from it that
/// somebody has such a photo.
#[derive(Debug, Clone)]
pub struct Upload {
    pub org: OrgId,
    pub device: DeviceId,
    pub digest: Digest,
    pub media_type: MediaType,
}

/// A blob that is there to its last byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    pub path: PathBuf,
    pub bytes: u64,
    pub media_type: MediaType,
}

/// What became of more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// So many are held now.
    Held(u64),
    /// They do not follow what is held, which is this much.
    Elsewhere(u64),
    /// It begins like something else; what was held is dropped.
    NotAnImage,
}

/// What became of an upload that has all its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// It is on the disk; `new` unless it was there before.
    Whole {
        bytes: u64,
        new: bool,
    },
    /// It is another content than its name says; what was held is dropped.
    WrongDigest,
    NotAnImage,
    /// Somebody else has finished it, or dropped it.
    Nothing,
}

impl Blobs {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), locks: Default::default() }
    }

    /// Free bytes on the disk that holds them; `None` where that cannot be found out.
    pub fn free(&self) -> Option<u64> {
        disk::free(&self.root)
    }

    /// The whole blob, if it is here.
    pub fn whole(&self, org: &OrgId, digest: &Digest) -> io::Result<Option<Whole>> {
        let path = self.place_of(org, digest)?;
        let Some(mut file) = found(File::open(&path))? else {
            return Ok(None);
        };
        let bytes = file.metadata()?.len();
        Ok(head(&mut file)?.map(|media_type| Whole { path, bytes, media_type }))
    }

    /// How many bytes are held of what a device has begun to send.
    pub fn held(&self, org: &OrgId, device: &DeviceId, digest: &Digest) -> io::Result<u64> {
        let partial = self.partial(org, &device.0, digest)?;
        Ok(found(fs::metadata(partial))?.map_or(0, |file| file.len()))
    }

    /// Drops what is held.
    pub fn begin_anew(&self, upload: &Upload) -> io::Result<()> {
        let _one = self.lock(&upload.digest)?;
        let partial = self.partial(&upload.org, &upload.device.0, &upload.digest)?;
        found(fs::remove_file(partial)).map(drop)
    }

    /// Appends to what is held, if that is exactly `at` bytes.
    pub fn append(&self, upload: &Upload, at: u64, bytes: &[u8]) -> io::Result<Appended> {
        let partial = self.partial(&upload.org, &upload.device.0, &upload.digest)?;
        let _one = self.lock(&upload.digest)?;
        let held = self.held(&upload.org, &upload.device, &upload.digest)?;
        if held != at {
            return Ok(Appended::Elsewhere(held));
        }
        if held == 0 {
            make_dir(partial.parent())?;
        }
        let mut file = private().read(true).write(true).create(true).truncate(false).open(&partial)?;
        file.seek(SeekFrom::End(0))?;
        file.write_all(bytes)?;
        let now = file.stream_position()?;
        let threshold = HEAD as u64;
        if at < threshold && now >= threshold {
            file.rewind()?;
            if head(&mut file)? != Some(upload.media_type) {
                fs::remove_file(partial)?;
                return Ok(Appended::NotAnImage);
            }
        }
        Ok(Appended::Held(now))
    }

    /// Checks what is held and puts it in its place, whole or not at all.
    pub fn finish(&self, upload: &Upload) -> io::Result<Finished> {
        let _one = self.lock(&upload.digest)?;
        let partial = self.partial(&upload.org, &upload.device.0, &upload.digest)?;
        let Some(bytes) = found(fs::read(&partial))? else {
            return Ok(Finished::Nothing);
        };
        let wrong = if MediaType::of_bytes(&bytes) != Some(upload.media_type) {
            Some(Finished::NotAnImage)
        } else if Digest::of_bytes(&bytes) != upload.digest {
            Some(Finished::WrongDigest)
        } else {
            None
        };
        if let Some(wrong) = wrong {
            fs::remove_file(partial)?;
            return Ok(wrong);
        }
        let new = self.place(&partial, &upload.org, &upload.digest)?;
        Ok(Finished::Whole { bytes: bytes.len() as u64, new })
    }

    /// Drops what was begun and got nothing since `before`; how many.
    pub fn sweep(&self, before: Stamp) -> io::Result<usize> {
        let before = UNIX_EPOCH + Duration::from_millis(u64::try_from(before.0).unwrap_or_default());
        let mut dropped = 0;
        for org in entries(&self.root)? {
            for partial in entries(&org.join(PARTIAL))? {
                if fs::metadata(&partial)?.modified()? < before {
                    fs::remove_file(&partial)?;
                    dropped += 1;
                }
            }
        }
        Ok(dropped)
    }

    /// Moves a file of good content to where its name says, so that it is there after a power failure; whether it was
    /// not there before.
    fn place(&self, from: &Path, org: &OrgId, digest: &Digest) -> io::Result<bool> {
        let place = self.place_of(org, digest)?;
        let new = !place.exists();
        make_dir(place.parent())?;
        File::open(from)?.sync_all()?;
        fs::rename(from, &place)?;
        let made = place.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.root));
        made.chain(self.root.parent()).try_for_each(sync_dir)?;
        Ok(new)
    }

    fn place_of(&self, org: &OrgId, digest: &Digest) -> io::Result<PathBuf> {
        let digits = digest.to_string();
        let (first, rest) = digits.split_at(2);
        Ok(self.root.join(plain(&org.0)?).join(first).join(rest))
    }

    fn partial(&self, org: &OrgId, of: &str, digest: &Digest) -> io::Result<PathBuf> {
        let name = format!("{digest}.{}", plain(of)?);
        Ok(self.root.join(plain(&org.0)?).join(PARTIAL).join(name))
    }

    /// For this process and others on the same folder: of two that write to one beginning, one could put it in its place
    /// while the other still adds to it.
    fn lock(&self, digest: &Digest) -> io::Result<One<'_>> {
        let digit = digest.to_string().bytes().next().unwrap_or_default();
        let at = usize::from(digit) % LOCKS;
        let here = self.locks[at].lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.root.join(LOCKED);
        make_dir(Some(&folder))?;
        let everywhere =
            private().write(true).create(true).truncate(false).open(folder.join(at.to_string()))?;
        everywhere.lock()?;
        Ok(One { _everywhere: everywhere, _here: here })
    }
}

/// What is there, if it is.
fn found<T>(looked: io::Result<T>) -> io::Result<Option<T>> {
    match looked {
        Ok(it) => Ok(Some(it)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a file is that is read from its beginning.
fn head(file: &mut File) -> io::Result<Option<MediaType>> {
    let mut head = Vec::with_capacity(HEAD);
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(MediaType::of_bytes(&head))
}

/// The paths in a directory; none if it is not there.
fn entries(dir: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(dir) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(vec![]),
        Err(error) => Err(error),
    }
}

/// A name that leads nowhere else.
fn plain(name: &str) -> io::Result<&str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !name.is_empty() && name.bytes().all(known) {
        Ok(name)
    } else {
        Err(ErrorKind::InvalidFilename.into())
    }
}

/// A new file is for nobody else on the machine.
fn private() -> OpenOptions {
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn make_dir(dir: Option<&Path>) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    dir.map_or(Ok(()), |dir| builder.create(dir))
}

/// Keeps the names in a directory; elsewhere than on Unix directories cannot be opened.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    let here = dir.as_os_str().is_empty();
    File::open(if here { Path::new(".") } else { dir })?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
