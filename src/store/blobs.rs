//! Photos: their bytes, how they stand, and which of them is next.

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::{Digest, EventId, Photo, Stamp};
use waymark_core::sync::{Blob, BlobNote, Delivery, Epoch, Standing, StoreError, To};

use super::blob_rows::{BlobRow, BlobState};
use super::js::Bytes;
use super::migrations::{
    BLOB_BYTES, BLOBS, BY_UNSENT, CHAIN, DRAFTS, EVENTS, META, OUTBOX, RECEIPTS, REFUSED,
};
use super::outbox::all;
use super::rows::{EventRow, text};
use super::save::store;
use super::transaction::{commit, reading, writing};
use super::{chain, deliveries, error, vault};

/// Keeps a photo; one that is here already stays as it is. `own` goes into a form, others are only looked at.
pub(super) async fn add(
    db: &Database,
    photo: &Photo,
    bytes: &[u8],
    now: Stamp,
    own: bool,
) -> Result<(), StoreError> {
    let transaction = writing(db, &[BLOBS, BLOB_BYTES])?;
    let blobs = store(&transaction, BLOBS)?;
    let id = photo.sha256.to_string();
    let here = get(&blobs, &id).await?;
    if here.is_none() {
        let sealed = Bytes(vault::seal_bytes(bytes));
        store(&transaction, BLOB_BYTES)?.put(sealed).with_key(id.clone()).primitive().map_err(error::of)?;
    }
    let row = here.unwrap_or(BlobRow {
        id,
        media_type: photo.media_type.clone(),
        bytes: photo.bytes,
        created: 0.0,
        records: vec![],
        state: BlobState::Fetched,
    });
    // From now on a form needs it, whatever it was.
    let row = match row.state {
        BlobState::Draft | BlobState::Fetched if own => {
            BlobRow { state: BlobState::Draft, created: ms(now), ..row }
        }
        _ => row,
    };
    blobs.put(row).primitive().map_err(error::of)?;
    drop(blobs);
    commit(transaction).await
}

/// A record that names these photos is saved: they wait to be sent after it.
pub(super) async fn claim(db: &Database, record: EventId, photos: &[Digest]) -> Result<(), StoreError> {
    let transaction = writing(db, &[BLOBS])?;
    let blobs = store(&transaction, BLOBS)?;
    for photo in photos {
        if let Some(row) = get(&blobs, &photo.to_string()).await? {
            blobs.put(claimed(row, text(record))).primitive().map_err(error::of)?;
        }
    }
    drop(blobs);
    commit(transaction).await
}

fn claimed(mut row: BlobRow, record: String) -> BlobRow {
    if !row.records.contains(&record) {
        row.records.push(record);
    }
    if matches!(row.state, BlobState::Draft | BlobState::Fetched) {
        row.state = BlobState::Waiting(0);
    }
    row
}

/// The first that waits and whose record the backend has acknowledged.
pub(super) async fn next(db: &Database, passing_over: &[Digest]) -> Result<Option<Blob>, StoreError> {
    let transaction = reading(db, &[BLOBS, EVENTS, OUTBOX, REFUSED, RECEIPTS, META])?;
    let blobs = store(&transaction, BLOBS)?;
    let index = blobs.index(BY_UNSENT).map_err(error::of)?;
    let rows = index.get_all::<BlobRow>().primitive().map_err(error::of)?.await.map_err(error::of)?;
    for row in rows {
        let row = row.map_err(error::of)?;
        let BlobState::Waiting(held) = row.state else { continue };
        let blob = row.to_send(held)?;
        if passing_over.contains(&blob.sha256) {
            continue;
        }
        for record in &row.records {
            if has_arrived(&transaction, record).await? {
                return Ok(Some(blob));
            }
        }
    }
    Ok(None)
}

async fn has_arrived(transaction: &Transaction<'_>, record: &str) -> Result<bool, StoreError> {
    let events = store(transaction, EVENTS)?;
    let row: Option<EventRow> =
        events.get(record.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row else { return Ok(false) };
    let there = deliveries::delivery(transaction, &row, To::HOME).await?;
    Ok(matches!(there, Some(Delivery::Stored(_)) | None))
}

pub(super) async fn bytes(db: &Database, photo: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
    let transaction = reading(db, &[BLOB_BYTES])?;
    let all = store(&transaction, BLOB_BYTES)?;
    let row: Option<Bytes> =
        all.get(photo.to_string()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    row.map(|row| vault::open_bytes(row.0)).transpose()
}

pub(super) async fn standing(db: &Database, photo: &Digest) -> Result<Option<Standing>, StoreError> {
    let transaction = reading(db, &[BLOBS])?;
    Ok(get(&store(&transaction, BLOBS)?, &photo.to_string()).await?.map(BlobRow::standing))
}

/// How many wait to be sent.
pub(super) async fn count(db: &Database) -> Result<u32, StoreError> {
    let transaction = reading(db, &[BLOBS])?;
    let blobs = store(&transaction, BLOBS)?;
    let index = blobs.index(BY_UNSENT).map_err(error::of)?;
    index.count().primitive().map_err(error::of)?.await.map_err(error::of)
}

/// Notes what came of sending it. What does not wait any more stays as it is.
pub(super) async fn note(db: &Database, photo: &Digest, note: &BlobNote) -> Result<(), StoreError> {
    let state = match note {
        BlobNote::Sent(epoch) => BlobState::Sent(epoch.0.clone()),
        BlobNote::Held(held) => BlobState::Waiting(*held),
        BlobNote::Refused(refusal) => BlobState::Refused(refusal.clone()),
    };
    change(db, photo, |now| matches!(now, BlobState::Waiting(_)), state).await
}

/// One that was refused waits again.
pub(super) async fn retry(db: &Database, photo: &Digest) -> Result<(), StoreError> {
    change(db, photo, |now| matches!(now, BlobState::Refused(_)), BlobState::Waiting(0)).await
}

async fn change(
    db: &Database,
    photo: &Digest,
    if_it: fn(&BlobState) -> bool,
    state: BlobState,
) -> Result<(), StoreError> {
    let transaction = writing(db, &[BLOBS])?;
    let blobs = store(&transaction, BLOBS)?;
    if let Some(row) = get(&blobs, &photo.to_string()).await?.filter(|row| if_it(&row.state)) {
        blobs.put(BlobRow { state, ..row }).primitive().map_err(error::of)?;
    }
    drop(blobs);
    commit(transaction).await
}

/// Another life of the backend knows nothing of what an earlier one has acknowledged.
pub(super) async fn put_back(transaction: &Transaction<'_>, epoch: &Epoch) -> Result<(), StoreError> {
    let blobs = store(transaction, BLOBS)?;
    for row in all::<BlobRow>(&blobs).await? {
        if matches!(&row.state, BlobState::Sent(sent) if *sent != epoch.0) {
            blobs.put(BlobRow { state: BlobState::Waiting(0), ..row }).primitive().map_err(error::of)?;
        }
    }
    Ok(())
}

/// Removes photos that no form and no record names. One that a saved record names, since the app died before it was
/// noted, waits to be sent. What was added after `before` may be on its way into a form.
pub(super) async fn sweep(db: &Database, before: Stamp) -> Result<(), StoreError> {
    let transaction = writing(db, &[BLOBS, BLOB_BYTES, DRAFTS, CHAIN, EVENTS])?;
    let blobs = store(&transaction, BLOBS)?;
    let mut rows = all::<BlobRow>(&blobs).await?;
    rows.retain(|row| row.state == BlobState::Draft && row.created <= ms(before));
    if rows.is_empty() {
        return Ok(());
    }
    for draft in all::<Bytes>(&store(&transaction, DRAFTS)?).await? {
        let draft = vault::open(draft.0)?;
        rows.retain(|row| !draft.contains(&row.id));
    }
    let events = if rows.is_empty() { vec![] } else { chain::events(&transaction).await? };
    let mut claims = vec![];
    for event in events.into_iter().filter(EventRow::is_own) {
        let id = event.id.clone();
        let json = event.json()?;
        claims.extend(rows.iter().filter(|row| json.contains(&row.id)).map(|row| (row.clone(), id.clone())));
    }
    for row in rows {
        let mut named = claims.iter().filter(|(named, _)| named.id == row.id).peekable();
        if named.peek().is_some() {
            let row = named.fold(row.clone(), |row, (_, record)| claimed(row, record.clone()));
            blobs.put(row).primitive().map_err(error::of)?;
        } else {
            blobs.delete(row.id.clone()).primitive().map_err(error::of)?;
            store(&transaction, BLOB_BYTES)?.delete(row.id).primitive().map_err(error::of)?;
        }
    }
    drop(blobs);
    commit(transaction).await
}

async fn get(blobs: &ObjectStore<'_>, id: &str) -> Result<Option<BlobRow>, StoreError> {
    blobs.get(id.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)
}

#[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
fn ms(at: Stamp) -> f64 {
    at.0 as f64
}
