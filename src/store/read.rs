use futures::future::try_join_all;
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use wasm_bindgen::JsValue;
use waymark_core::event::{EventId, Record};
use waymark_core::sync::{Held, Page, StoreError, Waiting};

use super::deliveries::{self, PLACES};
use super::error;
use super::migrations::{BY_NEWEST, BY_SUBJECT, BY_WAITING, EVENTS, REFUSED};
use super::rows::{EventRow, text};
use super::save::store;
use super::transaction::reading;
use super::waiting::{ALARMS, DRILLS, is_refused};

pub(super) async fn held(db: &Database, id: EventId) -> Result<Option<Held>, StoreError> {
    let transaction = reading(db, &PLACES)?;
    let row: Option<EventRow> = store(&transaction, EVENTS)?
        .get(text(id))
        .primitive()
        .map_err(error::of)?
        .await
        .map_err(error::of)?;
    match row {
        Some(row) => deliveries::place(&transaction, row).await.map(Some),
        None => Ok(None),
    }
}

pub(super) async fn page(db: &Database, page: Page) -> Result<Vec<Held>, StoreError> {
    let transaction = reading(db, &PLACES)?;
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
    deliveries::place_all(
        &transaction,
        rows.map_err(error::of)?.collect::<Result<_, _>>().map_err(error::of)?,
    )
    .await
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
    let transaction = reading(db, &PLACES)?;
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
    Ok(Waiting { first: deliveries::place_all(&transaction, rows).await?, count, drills })
}
