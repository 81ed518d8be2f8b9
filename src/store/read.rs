use futures::future::try_join_all;
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use wasm_bindgen::JsValue;
use waymark_core::event::{EventId, Record, Stamp};
use waymark_core::sync::{Counts, Held, Page, Placement, StoreError, Waiting};

use super::error;
use super::migrations::{BY_ID, BY_NEWEST, BY_SUBJECT, BY_WAITING, EVENTS, OUTBOX, RECEIPTS, REFUSED};
use super::rows::{EventRow, OutboxRow, ReceiptRow, RefusedRow, key_of, lane, text};
use super::save::store;
use super::transaction::reading;
use super::waiting::{ALARMS, DRILLS, is_refused};

const ALL: [&str; 4] = [EVENTS, OUTBOX, REFUSED, RECEIPTS];

pub(super) async fn counts(db: &Database) -> Result<Counts, StoreError> {
    let transaction = reading(db, &ALL)?;
    let outbox = store(&transaction, OUTBOX)?;
    let queued = count(&outbox).await?;
    let first = |lane: u8| {
        let range = key_of((lane, 0))..=key_of((lane, u64::MAX >> 11));
        let rows = outbox.get_all::<OutboxRow>().with_query(range).with_limit(1).primitive();
        async {
            let rows = rows.map_err(error::of)?.await.map_err(error::of)?;
            let row = rows.into_iter().next().transpose().map_err(error::of)?;
            Ok::<_, StoreError>(row.map(|row| row.recorded))
        }
    };
    let oldest = [first(0).await?, first(1).await?];
    #[allow(clippy::cast_possible_truncation)] // milliseconds
    let oldest = oldest.into_iter().flatten().reduce(f64::min).map(|ms| Stamp(ms as i64));
    Ok(Counts {
        queued,
        refused: count(&store(&transaction, REFUSED)?).await?,
        records: count(&store(&transaction, EVENTS)?).await?,
        oldest_queued: oldest,
    })
}

async fn count(of: &ObjectStore<'_>) -> Result<u32, StoreError> {
    of.count().primitive().map_err(error::of)?.await.map_err(error::of)
}

pub(super) async fn unsent(db: &Database) -> Result<Vec<EventId>, StoreError> {
    let transaction = reading(db, &[OUTBOX, REFUSED])?;
    let mut all = vec![];
    let queued = store(&transaction, OUTBOX)?;
    for row in queued.get_all::<OutboxRow>().primitive().map_err(error::of)?.await.map_err(error::of)? {
        let entry = row.map_err(error::of)?.entry()?;
        all.push((entry.devseq, entry.id));
    }
    let refused = store(&transaction, REFUSED)?;
    for row in refused.get_all::<RefusedRow>().primitive().map_err(error::of)?.await.map_err(error::of)? {
        let entry = row.map_err(error::of)?.refused.entry;
        all.push((entry.devseq, entry.id));
    }
    waymark_core::order::sort(&mut all);
    Ok(all.into_iter().map(|(_, id)| id).collect())
}

pub(super) async fn held(db: &Database, id: EventId) -> Result<Option<Held>, StoreError> {
    let transaction = reading(db, &ALL)?;
    let row: Option<EventRow> = store(&transaction, EVENTS)?
        .get(text(id))
        .primitive()
        .map_err(error::of)?
        .await
        .map_err(error::of)?;
    match row {
        Some(row) => place(&transaction, row).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn page(db: &Database, page: Page) -> Result<Vec<Held>, StoreError> {
    let transaction = reading(db, &ALL)?;
    let events = store(&transaction, EVENTS)?;
    let index = events.index(BY_NEWEST).map_err(error::of)?;
    let limit = u32::try_from(page.limit).unwrap_or(u32::MAX);
    let rows = match page.before {
        None => index.get_all::<EventRow>().with_limit(limit).primitive().map_err(error::of)?.await,
        Some((happened, id)) => {
            #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
            let after = KeyRange::LowerBound([JsValue::from(-(happened.0 as f64)), text(id).into()], true);
            index
                .get_all::<EventRow>()
                .with_query::<[JsValue; 2], _>(after)
                .with_limit(limit)
                .primitive()
                .map_err(error::of)?
                .await
        }
    };
    place_all(&transaction, rows.map_err(error::of)?.collect::<Result<_, _>>().map_err(error::of)?).await
}

pub(super) async fn about(db: &Database, ids: &[EventId]) -> Result<Vec<Vec<Record>>, StoreError> {
    let transaction = reading(db, &[EVENTS, REFUSED])?;
    try_join_all(ids.iter().map(|id| about_one(&transaction, *id))).await
}

async fn about_one(transaction: &Transaction<'_>, id: EventId) -> Result<Vec<Record>, StoreError> {
    let events = store(transaction, EVENTS)?;
    let index = events.index(BY_SUBJECT).map_err(error::of)?;
    let rows = index.get_all::<EventRow>().with_query(text(id)).primitive().map_err(error::of)?;
    let mut records = vec![];
    for row in rows.await.map_err(error::of)? {
        let row = row.map_err(error::of)?;
        if !is_refused(transaction, &row).await? {
            records.push(row.record()?);
        }
    }
    waymark_core::order::sort_by_key(&mut records, |record| (record.happened(), record.event.id));
    Ok(records)
}

pub(super) async fn waiting(db: &Database, limit: usize) -> Result<Waiting, StoreError> {
    let transaction = reading(db, &ALL)?;
    let events = store(&transaction, EVENTS)?;
    let index = events.index(BY_WAITING).map_err(error::of)?;
    let count = index.count().primitive().map_err(error::of)?;
    let ends = |lane: u8| [f64::from(lane), f64::INFINITY];
    let alarms: KeyRange<[f64; 2]> = ([f64::from(ALARMS), 0.0]..=ends(ALARMS)).into();
    let others = KeyRange::LowerBound(ends(ALARMS), true);
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let alarms =
        index.get_all::<EventRow>().with_query::<[f64; 2], _>(alarms).primitive().map_err(error::of)?;
    let others = index
        .get_all::<EventRow>()
        .with_query::<[f64; 2], _>(others)
        .with_limit(limit)
        .primitive()
        .map_err(error::of)?;
    let from_drills = KeyRange::LowerBound([f64::from(DRILLS), 0.0], false);
    let drills = index.count().with_query::<[f64; 2], _>(from_drills).primitive().map_err(error::of)?;
    let count = count.await.map_err(error::of)?;
    let alarms = alarms.await.map_err(error::of)?;
    let rows = alarms.chain(others.await.map_err(error::of)?);
    let rows = rows.collect::<Result<_, _>>().map_err(error::of)?;
    let drills = drills.await.map_err(error::of)?;
    Ok(Waiting { first: place_all(&transaction, rows).await?, count, drills })
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
    let placement = match row.devseq {
        None => Placement::Backend { acknowledged: None },
        Some(devseq) => place_own(transaction, &row, devseq).await?,
    };
    Ok(Held { mine: row.is_own(), placement, record: row.record()? })
}

async fn place_own(
    transaction: &Transaction<'_>,
    row: &EventRow,
    devseq: u64,
) -> Result<Placement, StoreError> {
    let outbox = store(transaction, OUTBOX)?;
    let key = (lane(row.urgent), devseq);
    let queued = outbox.get::<OutboxRow, _, _>(key_of(key)).primitive().map_err(error::of)?;
    if queued.await.map_err(error::of)?.is_some() {
        return Ok(Placement::Outbox);
    }
    let refused = store(transaction, REFUSED)?;
    let refused: Option<RefusedRow> =
        refused.get(row.id.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    if let Some(row) = refused {
        return Ok(Placement::Refused(row.refused));
    }
    let receipts = store(transaction, RECEIPTS)?;
    let index = receipts.index(BY_ID).map_err(error::of)?;
    let receipt: Option<ReceiptRow> =
        index.get(row.id.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    #[allow(clippy::cast_possible_truncation)] // milliseconds
    let acknowledged = receipt.map(|receipt| Stamp(receipt.at as i64));
    Ok(Placement::Backend { acknowledged })
}
