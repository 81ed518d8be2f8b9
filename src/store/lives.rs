//! The lives of the backends: another epoch, another home, mirrors that come and go.

use std::collections::BTreeSet;

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::sync::{Destination, Epoch, Meta, Reader, Redirected, Session, StoreError, To};

use super::migrations::{BLOBS, EVENTS, META, OUTBOX, RECEIPTS, REFUSED};
use super::outbox::all;
use super::rows::{EventRow, OutboxRow, ReceiptRow, RefusedRow, part_of, refusal_key, text};
use super::save::store;
use super::small::{put_meta, read_meta};
use super::transaction::{commit, writing};
use super::{blobs, error};

pub(super) async fn adopt_epoch(
    db: &Database,
    to: To,
    reader: Option<&Reader>,
    epoch: &Epoch,
) -> Result<Option<u32>, StoreError> {
    let transaction = writing(db, &[EVENTS, OUTBOX, REFUSED, RECEIPTS, META, BLOBS])?;
    let is_read_by = read_meta(&store(&transaction, META)?).await?.is_read_by(reader);
    let put_back = if is_read_by { Some(change_epoch(&transaction, to, epoch).await?) } else { None };
    commit(transaction).await?;
    Ok(put_back)
}

/// Takes up another epoch: whatever it has not acknowledged goes back into the outbox.
pub(super) async fn change_epoch(
    transaction: &Transaction<'_>,
    to: To,
    epoch: &Epoch,
) -> Result<u32, StoreError> {
    let all = store(transaction, META)?;
    let mut meta = read_meta(&all).await?;
    let Some(known_before) = meta.change_epoch(to, epoch) else { return Ok(0) };
    put_meta(&all, &meta)?;
    if to == To::HOME {
        blobs::put_back(transaction, epoch).await?;
    }
    if known_before { put_back(transaction, &meta, to).await } else { Ok(0) }
}

/// Own records that this backend has not acknowledged in its present life.
async fn put_back(transaction: &Transaction<'_>, meta: &Meta, to: To) -> Result<u32, StoreError> {
    let epoch = meta.epoch_of(to);
    let mut accounted = BTreeSet::new();
    for row in all::<ReceiptRow>(&store(transaction, RECEIPTS)?).await? {
        if row.to == to && epoch.is_some_and(|epoch| row.epoch == epoch.0) {
            accounted.extend(row.ids);
        }
    }
    for row in all::<RefusedRow>(&store(transaction, REFUSED)?).await? {
        let id = text(row.refused.entry.id);
        if row.key == refusal_key(&id, to) {
            accounted.insert(id);
        }
    }
    let outbox = store(transaction, OUTBOX)?;
    let part = outbox.get_all::<OutboxRow>().with_query(part_of(to)).primitive().map_err(error::of)?;
    for row in part.await.map_err(error::of)? {
        accounted.insert(row.map_err(error::of)?.id);
    }
    // What another device id or another organisation wrote was sent as that, and would only be refused.
    let source = meta.session.as_ref().map(Session::source);
    let mut count = 0;
    for row in all::<EventRow>(&store(transaction, EVENTS)?).await? {
        if row.is_own() && !accounted.contains(&row.id) {
            let (urgent, bytes) = (row.urgent, row.body.0.len());
            let event = row.record()?.event;
            if source.as_ref().is_some_and(|source| *source != event.source) {
                continue;
            }
            outbox.put(OutboxRow::of(to, &event, urgent, bytes)).primitive().map_err(error::of)?;
            count += 1;
        }
    }
    Ok(count)
}

/// See `LocalStore::direct` and, with a session, `LocalStore::join`.
pub(super) async fn direct(
    db: &Database,
    session: Option<&Session>,
    home: Option<&Destination>,
    mirrors: &[Destination],
) -> Result<(), StoreError> {
    let transaction = writing(db, &[EVENTS, OUTBOX, REFUSED, RECEIPTS, META])?;
    let meta_store = store(&transaction, META)?;
    let mut meta = read_meta(&meta_store).await?;
    if let Some(session) = session {
        meta.sign_in(session);
    }
    let Redirected { added, removed } = meta.direct(home, mirrors);
    put_meta(&meta_store, &meta)?;
    for to in &removed {
        let outbox = store(&transaction, OUTBOX)?;
        outbox.delete(part_of(*to)).primitive().map_err(error::of)?;
    }
    // A number that is given anew, and another home, begin with nothing.
    forget(&transaction, &removed.into_iter().chain(added.iter().copied()).collect::<Vec<_>>()).await?;
    for to in added {
        put_back(&transaction, &meta, to).await?;
    }
    drop(meta_store);
    commit(transaction).await
}

/// What these backends acknowledged and refused.
async fn forget(transaction: &Transaction<'_>, these: &[To]) -> Result<(), StoreError> {
    let receipts = store(transaction, RECEIPTS)?;
    let keys = receipts.get_all_keys::<f64>().primitive().map_err(error::of)?;
    let rows = receipts.get_all::<ReceiptRow>().primitive().map_err(error::of)?;
    for (key, row) in keys.await.map_err(error::of)?.zip(rows.await.map_err(error::of)?) {
        if these.contains(&row.map_err(error::of)?.to) {
            receipts.delete(key.map_err(error::of)?).primitive().map_err(error::of)?;
        }
    }
    let refused = store(transaction, REFUSED)?;
    for row in all::<RefusedRow>(&refused).await? {
        let id = text(row.refused.entry.id);
        // The home's refusals stay: they are the person's to deal with.
        if these.iter().any(|to| *to != To::HOME && refusal_key(&id, *to) == row.key) {
            refused.delete(row.key).primitive().map_err(error::of)?;
        }
    }
    Ok(())
}
