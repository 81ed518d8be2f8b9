//! Which backend has which record: where a record is, and what is owed to whom.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::{EventId, Stamp};
use waymark_core::sync::{Counts, Delivery, Held, Placement, StoreError, Tally, To};

use super::error;
use super::migrations::{BY_ID, EVENTS, META, OUTBOX, RECEIPTS, REFUSED};
use super::outbox::all;
use super::rows::{EventRow, OutboxRow, ReceiptRow, RefusedRow, key_of, part_of, refusal_key, text};
use super::save::store;
use super::small::read_meta;
use super::transaction::reading;

/// What has to be open to say where a record is.
pub(super) const PLACES: [&str; 5] = [EVENTS, OUTBOX, REFUSED, RECEIPTS, META];

pub(super) async fn counts(db: &Database) -> Result<Counts, StoreError> {
    let transaction = reading(db, &PLACES)?;
    let must = read_meta(&store(&transaction, META)?).await?.must();
    let (queued, refused) = if must.len() == 1 {
        let outbox = store(&transaction, OUTBOX)?;
        let count = outbox.count().with_query(part_of(To::HOME)).primitive().map_err(error::of)?;
        (count.await.map_err(error::of)?, refused_by(&transaction, &must).await?.len())
    } else {
        let mut owed = BTreeSet::new();
        for to in &must {
            owed.extend(part(&transaction, *to).await?.into_iter().map(|row| row.devseq));
        }
        // What one place refused and another has not got yet waits.
        let refused = refused_by(&transaction, &must).await?;
        (number(owed.len()), refused.iter().filter(|(devseq, _)| !owed.contains(devseq)).count())
    };
    let mut oldest = None;
    for lane in must.iter().flat_map(|to| [to.lane(true), to.lane(false)]) {
        let first = first_of(&transaction, lane).await?;
        oldest = oldest.into_iter().chain(first).reduce(f64::min);
    }
    #[allow(clippy::cast_possible_truncation)] // milliseconds
    let oldest_queued = oldest.map(|ms| Stamp(ms as i64));
    let records = count(&store(&transaction, EVENTS)?).await?;
    Ok(Counts { queued, refused: number(refused), records, oldest_queued })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

async fn count(of: &ObjectStore<'_>) -> Result<u32, StoreError> {
    of.count().primitive().map_err(error::of)?.await.map_err(error::of)
}

/// When the first of a lane was written down.
async fn first_of(transaction: &Transaction<'_>, lane: u8) -> Result<Option<f64>, StoreError> {
    let outbox = store(transaction, OUTBOX)?;
    let range = key_of((lane, 0))..=key_of((lane, u64::MAX >> 11));
    let rows = outbox.get_all::<OutboxRow>().with_query(range).with_limit(1).primitive();
    let rows = rows.map_err(error::of)?.await.map_err(error::of)?;
    let row = rows.into_iter().next().transpose().map_err(error::of)?;
    Ok(row.map(|row| row.recorded))
}

/// All that one backend is owed.
async fn part(transaction: &Transaction<'_>, to: To) -> Result<Vec<OutboxRow>, StoreError> {
    let outbox = store(transaction, OUTBOX)?;
    let rows = outbox.get_all::<OutboxRow>().with_query(part_of(to)).primitive().map_err(error::of)?;
    rows.await.map_err(error::of)?.map(|row| row.map_err(error::of)).collect()
}

/// What one of these would not take: the device's counter and the id, each once.
async fn refused_by(
    transaction: &Transaction<'_>,
    these: &[To],
) -> Result<BTreeSet<(u64, EventId)>, StoreError> {
    let mut refused = BTreeSet::new();
    for row in all::<RefusedRow>(&store(transaction, REFUSED)?).await? {
        let entry = &row.refused.entry;
        let id = text(entry.id);
        if these.iter().any(|to| refusal_key(&id, *to) == row.key) {
            refused.insert((entry.devseq, entry.id));
        }
    }
    Ok(refused)
}

pub(super) async fn unsent(db: &Database) -> Result<Vec<EventId>, StoreError> {
    let transaction = reading(db, &[OUTBOX, REFUSED, META])?;
    let must = read_meta(&store(&transaction, META)?).await?.must();
    let mut unsent = refused_by(&transaction, &must).await?;
    for to in must {
        for row in part(&transaction, to).await? {
            let entry = row.entry()?;
            unsent.insert((entry.devseq, entry.id));
        }
    }
    Ok(unsent.into_iter().map(|(_, id)| id).collect())
}

pub(super) async fn tallies(db: &Database) -> Result<Vec<Tally>, StoreError> {
    let transaction = reading(db, &[OUTBOX, REFUSED, META])?;
    let mut tallies = vec![];
    let meta = read_meta(&store(&transaction, META)?).await?;
    for to in meta.all_to() {
        let outbox = store(&transaction, OUTBOX)?;
        let queued = outbox.count().with_query(part_of(to)).primitive().map_err(error::of)?;
        let queued = queued.await.map_err(error::of)?;
        let refused = number(refused_by(&transaction, &[to]).await?.len());
        tallies.push(Tally { to, queued, refused, known: meta.epoch_of(to).is_some() });
    }
    Ok(tallies)
}

pub(super) async fn deliveries(db: &Database, id: EventId) -> Result<Vec<(To, Delivery)>, StoreError> {
    let transaction = reading(db, &PLACES)?;
    let events = store(&transaction, EVENTS)?;
    let row: Option<EventRow> =
        events.get(text(id)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row else { return Ok(vec![]) };
    let mut deliveries = vec![];
    for to in read_meta(&store(&transaction, META)?).await?.all_to() {
        if let Some(delivery) = delivery(&transaction, &row, to).await? {
            deliveries.push((to, delivery));
        }
    }
    Ok(deliveries)
}

/// How a record stands with one backend; `None` where nothing is known.
pub(super) async fn delivery(
    transaction: &Transaction<'_>,
    row: &EventRow,
    to: To,
) -> Result<Option<Delivery>, StoreError> {
    let Some(devseq) = row.devseq else { return Ok(None) };
    let outbox = store(transaction, OUTBOX)?;
    let key = (to.lane(row.urgent), devseq);
    let queued = outbox.get::<OutboxRow, _, _>(key_of(key)).primitive().map_err(error::of)?;
    if queued.await.map_err(error::of)?.is_some() {
        return Ok(Some(Delivery::Waiting));
    }
    let refused = store(transaction, REFUSED)?;
    let refused: Option<RefusedRow> =
        refused.get(refusal_key(&row.id, to)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    if let Some(row) = refused {
        return Ok(Some(Delivery::Refused(row.refused)));
    }
    let receipts = store(transaction, RECEIPTS)?;
    let index = receipts.index(BY_ID).map_err(error::of)?;
    let receipts = index.get_all::<ReceiptRow>().with_query(row.id.clone()).primitive().map_err(error::of)?;
    for receipt in receipts.await.map_err(error::of)? {
        let receipt = receipt.map_err(error::of)?;
        if receipt.to == to {
            #[allow(clippy::cast_possible_truncation)] // milliseconds
            return Ok(Some(Delivery::Stored(Stamp(receipt.at as i64))));
        }
    }
    Ok(None)
}

/// All are asked for before the first is awaited.
pub(super) async fn place_all(
    transaction: &Transaction<'_>,
    rows: Vec<EventRow>,
) -> Result<Vec<Held>, StoreError> {
    try_join_all(rows.into_iter().map(|row| place(transaction, row))).await
}

/// Says in which of the three places a record is.
pub(super) async fn place(transaction: &Transaction<'_>, row: EventRow) -> Result<Held, StoreError> {
    let home = if row.is_own() { delivery(transaction, &row, To::HOME).await? } else { None };
    let placement = match home {
        Some(Delivery::Waiting) => Placement::Outbox,
        Some(Delivery::Refused(refused)) => Placement::Refused(refused),
        Some(Delivery::Stored(at)) => Placement::Backend { acknowledged: Some(at) },
        None => Placement::Backend { acknowledged: None },
    };
    Ok(Held { mine: row.is_own(), placement, record: row.record()? })
}
