use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::str::FromStr as _;

use waymark_core::event::{Digest, OrgId};

use super::{Blobs, entries, make_dir, private};

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    pub copied: usize,
    /// Left out, since it is no longer what its name says.
    pub damaged: usize,
}

impl Blobs {
    /// Copies what `to` does not have; each is there whole or not at all.
    pub fn copy_missing(&self, to: &Self) -> io::Result<Copied> {
        let mut copied = Copied::default();
        for org_dir in entries(&self.root)? {
            let org = OrgId(name(&org_dir).to_owned());
            for shard in entries(&org_dir)? {
                for file in entries(&shard)? {
                    // What is only begun has a longer name.
                    let Ok(digest) = Digest::from_str(&format!("{}{}", name(&shard), name(&file))) else {
                        continue;
                    };
                    match copy(&file, &org, &digest, to)? {
                        Some(true) => copied.copied += 1,
                        Some(false) => copied.damaged += 1,
                        None => {}
                    }
                }
            }
        }
        Ok(copied)
    }
}

/// Whether it was good and is copied; `None` if it was there.
fn copy(file: &Path, org: &OrgId, digest: &Digest, to: &Blobs) -> io::Result<Option<bool>> {
    if to.place_of(org, digest)?.exists() {
        return Ok(None);
    }
    let bytes = fs::read(file)?;
    if Digest::of_bytes(&bytes) != *digest {
        return Ok(Some(false));
    }
    let fresh = to.partial(org, "copy", digest)?;
    make_dir(fresh.parent())?;
    private().write(true).create(true).truncate(true).open(&fresh)?.write_all(&bytes)?;
    to.place(&fresh, org, digest)?;
    Ok(Some(true))
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
