//! Standards packs (docs/PACKS.md): from the folder that people write to what phones are offered. What a pack is, and what
//! phones refuse, is decided in `waymark-core`.

pub mod diff;
mod folder;
mod key;
mod publish;
mod release;
mod sample;

use std::io;
use std::path::{Path, PathBuf};

use waymark_core::event::OrgId;
use waymark_core::guidance::{Key, Refusal};

use crate::secret::NoRandomness;
use crate::storage::StorageError;
pub use folder::{Checked, check};
pub use key::{make_key, read_key};
pub use publish::{Outcome, Report, Wish, held, publish, publish_release, published_rules, stored};
pub use release::{Release, read_any, read_signed, sign, write_signed};
pub use sample::{Sample, write_sample};

/// The cards that every phone has, which links may lead to.
pub const BUILT_IN_CARDS: &[&str] = include!(concat!(env!("OUT_DIR"), "/built_in_cards.rs"));

/// Why a pack was not made, signed, compared or published; one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    #[error("cannot read {}: {source}", path.display())]
    CannotRead { path: PathBuf, source: io::Error },
    #[error("cannot write {}: {source}", path.display())]
    CannotWrite { path: PathBuf, source: io::Error },
    #[error("{} is not empty: name a new folder", .0.display())]
    NotEmpty(PathBuf),
    #[error("{} is there already, and a key is never written over", .0.display())]
    KeyExists(PathBuf),
    #[error("there is no secret key in {}: 64 hex digits, as `pack key` writes them", .0.display())]
    NoKey(PathBuf),
    #[error("nothing was written: {0}")]
    BadSample(String),
    #[error("{} has {faults}: it cannot be signed as it is", folder.display())]
    Faults { folder: PathBuf, faults: String },
    #[error("{} is no pack: it has neither a pack.md nor a manifest.json", .0.display())]
    NoPack(PathBuf),
    #[error("{} would be refused by phones: {refusal}", folder.display())]
    Refused { folder: PathBuf, refusal: Refusal },
    #[error("it is signed with the key {offered}, and not with {given}, which was given with --key-hex")]
    NotTheGivenKey { offered: String, given: String },
    #[error(
        "it is signed with the key {offered}, and the phones of {org} trust {trusted}: \
         --new-key changes that, and every phone must be enrolled again"
    )]
    OtherKey { org: OrgId, offered: String, trusted: String },
    #[error(
        "version {offered} is not above version {held}, which is published: \
         raise `version` in pack.md and sign it again"
    )]
    NotHigher { held: u32, offered: u32 },
    #[error("it is the pack {offered}; phones of {org} have {held} and take no other")]
    OtherPack { org: OrgId, held: String, offered: String },
    #[error("it is not signed")]
    NotSigned,
    #[error("another version was published at the same moment: try again")]
    Overtaken,
    #[error("the database failed: {0}")]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl PackError {
    pub(crate) fn cannot_read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::CannotRead { path: path.to_owned(), source }
    }

    pub(crate) fn cannot_write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::CannotWrite { path: path.to_owned(), source }
    }

    pub(crate) fn refused(folder: &Path) -> impl Fn(Refusal) -> Self {
        move |refusal| Self::Refused { folder: folder.to_owned(), refusal }
    }
}

/// A key as two people compare it, and in full.
pub(crate) fn both(key: &Key) -> String {
    format!("{} ({key})", key.short())
}

/// `1 error`, `3 errors`.
pub(crate) fn count(number: usize, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {one}{s}")
}

/// The day of a moment, in UTC.
pub(crate) fn day(stamp: waymark_core::event::Stamp) -> String {
    stamp.to_string().chars().take(10).collect()
}
