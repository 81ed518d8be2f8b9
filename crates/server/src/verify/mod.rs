//! Looks over what is stored: whether it is what was sent, and whether everything that follows from it is there. Nothing
//! is written, and a server may be running.
//!
//! Of each record no more is kept than the others need of it, some hundred bytes; its words are read again, a few movements
//! at a time, to make up what screens show.
//!
//! What follows from a record is asked of the same functions that stored it.

mod findings;
mod folds;
mod movements;
mod packs;
mod photos;
mod places;
mod record;
mod references;

use waymark_core::event::OrgId;

use crate::blobs::Blobs;
use crate::storage::StorageError;
use crate::storage::snapshot::Snapshot;

pub use findings::{Fault, Findings, Looked};
use folds::Folds;
use record::{Kept, Records};

/// Looks over the organisations that `wanted` says, or all of them.
///
/// # Errors
/// The database cannot be read at all.
pub async fn verify(
    snapshot: &mut dyn Snapshot,
    blobs: &Blobs,
    wanted: Option<&OrgId>,
) -> Result<Findings, StorageError> {
    let mut findings = Findings::default();
    for line in snapshot.damage().await? {
        findings.fault("damaged", "", line);
    }
    for (table, partner) in snapshot.dangling().await? {
        let detail = format!("rows whose partners in {partner} are missing");
        findings.fault("partner", format!("table {table}"), detail);
    }
    if !snapshot.has_epoch().await? {
        findings.fault("epoch", "", "it has no epoch: phones cannot tell it from a restored one");
    }
    let removed = snapshot.removed().await?;
    if removed > 0 {
        findings.fault("removed", "table records", format!("rows that are no longer there: {removed}"));
    }
    for (org, newest) in snapshot.orgs().await? {
        if wanted.is_none_or(|wanted| *wanted == org) {
            findings.begin(&org);
            let looked = organisation(snapshot, blobs, (&org, newest), &mut findings).await?;
            findings.organisations.push(looked);
        }
    }
    Ok(findings)
}

async fn organisation(
    snapshot: &mut dyn Snapshot,
    blobs: &Blobs,
    (org, newest): (&OrgId, i64),
    findings: &mut Findings,
) -> Result<Looked, StorageError> {
    record::users(&snapshot.users(org).await?, findings);
    let (mut records, mut folds) = (Records::default(), Folds::default());
    let mut look = |row| record::look(org, row, &mut records, &mut folds, findings);
    snapshot.records(org, &mut look).await?;
    records.sort();
    let mut conflicts = 0;
    let mut look = |row| {
        conflicts += 1;
        record::conflict(row, findings);
    };
    snapshot.conflicts(org, &mut look).await?;
    places::look(&records, newest, findings);
    let mut mentions = references::mentions(&records);
    snapshot.mentions(org, &mut |row| mentions.stored(row)).await?;
    mentions.compare(&records, "mentions", findings);
    references::look(&records, findings);
    let mut rows = photos::names(&records);
    snapshot.photos(org, &mut |row| rows.stored(row)).await?;
    rows.compare(&records, "photos", findings);
    let named = photos::named(&records);
    let sent = photos::look_at_files(org, blobs, snapshot.blobs(org).await?, findings);
    movements::look(&records, snapshot.movements(org).await?, &snapshot.crews(org).await?, findings);
    let packs = packs::look(snapshot, org, findings).await?;
    let (movements, chain) = folds.make(snapshot, org, findings).await?;
    Ok(Looked {
        org: org.0.clone(),
        records: records.all.len() + records.unreadable.len(),
        newest,
        conflicts,
        movements,
        chain,
        photos: sent.len(),
        photos_awaited: named.difference(&sent).count(),
        packs,
    })
}
