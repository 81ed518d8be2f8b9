use std::fs;
use std::io;

use waymark_core::event::{Digest, OrgId};

use super::{Blobs, found};

/// Whether a blob is what its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    Missing,
    Damaged,
    Good { bytes: u64 },
}

impl Blobs {
    /// Reads the whole blob.
    pub fn condition(&self, org: &OrgId, digest: &Digest) -> io::Result<Condition> {
        let bytes = found(fs::read(self.place_of(org, digest)?))?;
        Ok(match bytes {
            None => Condition::Missing,
            Some(bytes) if Digest::of_bytes(&bytes) != *digest => Condition::Damaged,
            Some(bytes) => Condition::Good { bytes: bytes.len() as u64 },
        })
    }
}
