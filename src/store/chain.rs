//! Which records are forms, newest first: what the chain is folded from.

use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use indexed_db_futures::transaction::Transaction;
use wasm_bindgen::JsValue;
use waymark_core::event::{Body, Record};
use waymark_core::sync::{Held, Page, StoreError};

use super::deliveries::place_all;
use super::error;
use super::js::{self, Row};
use super::migrations::{CHAIN, EVENTS, META, OUTBOX, RECEIPTS, REFUSED};
use super::outbox::all;
use super::rows::{EventRow, text};
use super::save::store;
use super::transaction::reading;

struct ChainRow {
    /// Minus the moment at which it was written: ascending order is newest first.
    newest: f64,
    id: String,
}

impl TryFromJs for ChainRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self { newest: js::number(&row, "newest")?, id: js::text(&row, "id")? })
    }
}

impl TryToJs for ChainRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        Ok(Row::new().number("newest", self.newest).text("id", &self.id).done())
    }
}

/// Whether records of this body have a row here.
pub(super) fn takes(body: &Body) -> bool {
    matches!(body, Body::Filled(_))
}

/// Notes a record whose row is written already.
pub(super) fn note(transaction: &Transaction<'_>, record: &Record) -> Result<(), StoreError> {
    let row = ChainRow { newest: newest(record.happened().0), id: text(record.event.id) };
    store(transaction, CHAIN)?.put(row).primitive().map_err(error::of)?;
    Ok(())
}

#[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
fn newest(at: i64) -> f64 {
    -(at as f64)
}

/// All of them, whoever wrote them.
pub(super) async fn events(transaction: &Transaction<'_>) -> Result<Vec<EventRow>, StoreError> {
    let rows = all::<ChainRow>(&store(transaction, CHAIN)?).await?;
    of_rows(transaction, rows).await
}

/// See `LocalStore::chain`.
pub(super) async fn page(db: &Database, page: Page) -> Result<Vec<Held>, StoreError> {
    let transaction = reading(db, &[CHAIN, EVENTS, OUTBOX, REFUSED, RECEIPTS, META])?;
    let all = store(&transaction, CHAIN)?;
    let limit = u32::try_from(page.limit).unwrap_or(u32::MAX);
    let rows = match page.before {
        None => all.get_all::<ChainRow>().with_limit(limit).primitive().map_err(error::of)?.await,
        Some((at, id)) => {
            let after = KeyRange::LowerBound([JsValue::from(newest(at.0)), text(id).into()], true);
            let query = all.get_all::<ChainRow>().with_query::<[JsValue; 2], _>(after).with_limit(limit);
            query.primitive().map_err(error::of)?.await
        }
    };
    let rows = rows.map_err(error::of)?.collect::<Result<_, _>>().map_err(error::of)?;
    let found = of_rows(&transaction, rows).await?;
    place_all(&transaction, found).await
}

async fn of_rows(transaction: &Transaction<'_>, rows: Vec<ChainRow>) -> Result<Vec<EventRow>, StoreError> {
    let events = store(transaction, EVENTS)?;
    // All are asked for before the first is awaited.
    let mut asked = vec![];
    for row in rows {
        asked.push(events.get::<EventRow, _, _>(row.id).primitive().map_err(error::of)?);
    }
    let mut found = Vec::with_capacity(asked.len());
    for row in asked {
        found.extend(row.await.map_err(error::of)?);
    }
    Ok(found)
}
