//! Which records name photos, and whether those that were sent are on the disk as they were sent.

use std::collections::HashSet;
use std::str::FromStr as _;

use waymark_core::event::{Digest, OrgId};

use super::references::Pairs;
use super::{Findings, Records};
use crate::blobs::{Blobs, Condition};
use crate::storage::snapshot::StoredBlob;

/// The rows that should be: each photo with each record that names it.
pub fn names(records: &Records) -> Pairs<Digest> {
    Pairs::of(records.all.iter().flat_map(|kept| kept.photos.iter().map(|photo| (*photo, kept.id))))
}

/// All photos that records name.
pub fn named(records: &Records) -> HashSet<String> {
    records.all.iter().flat_map(|kept| kept.photos.iter().map(Digest::to_string)).collect()
}

/// All photos that were sent. Each file is read once, however many people have sent it.
pub fn look_at_files(
    org: &OrgId,
    blobs: &Blobs,
    rows: Vec<StoredBlob>,
    findings: &mut Findings,
) -> HashSet<String> {
    let mut sent = HashSet::new();
    for StoredBlob { sha256, user, bytes } in rows {
        if sent.contains(&sha256) {
            continue;
        }
        let at = format!("photo {sha256}");
        match Digest::from_str(&sha256).map(|digest| blobs.condition(org, &digest)) {
            Err(_) => findings.fault("columns", at, "the name of a photo is 64 hex digits"),
            Ok(Err(error)) => findings.fault("photo_unreadable", at, error.to_string()),
            Ok(Ok(Condition::Missing)) => {
                findings.fault("photo_missing", at, format!("user {user} has sent it, and there is no file"));
            }
            Ok(Ok(Condition::Damaged)) => findings.fault("photo_damaged", at, "the file is another content"),
            Ok(Ok(Condition::Good { bytes: held })) if i64::try_from(held) != Ok(bytes) => {
                findings.fault("columns", at, format!("the file has {held} bytes, `bytes` says {bytes}"));
            }
            Ok(Ok(Condition::Good { .. })) => {}
        }
        sent.insert(sha256);
    }
    sent
}
