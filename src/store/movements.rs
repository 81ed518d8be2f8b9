//! Which records belong to which movement, and which movements are open.

use futures::future::try_join_all;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, SimpleValueError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::{TryFromJs, TryToJs};
use indexed_db_futures::transaction::Transaction;
use wasm_bindgen::JsValue;
use waymark_core::event::{Body, EventId, Record};
use waymark_core::sync::{Held, StoreError};
use waymark_core::view::Movement;
use waymark_core::view::movement::Report;

use super::deliveries::place_all;
use super::error;
use super::js::{self, Row};
use super::migrations::{BY_DEPARTURE, BY_OPEN, EVENTS, MEMBERS, META, MOVEMENTS, OUTBOX, RECEIPTS, REFUSED};
use super::rows::{EventRow, text};
use super::save::store;
use super::transaction::reading;
use super::waiting::is_refused;

/// The stores that [`note`] writes to or reads, beside `events` and `refused`.
pub(super) const STORES: [&str; 2] = [MOVEMENTS, MEMBERS];

struct MovementRow {
    id: String,
    /// Minus the moment of departure: ascending order is latest first.
    departure: f64,
    /// The same as long as nobody has closed it.
    open: Option<f64>,
}

struct MemberRow {
    movement: String,
    record: String,
}

impl TryFromJs for MovementRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        let (id, departure) = (js::text(&row, "id")?, js::number(&row, "departure")?);
        Ok(Self { id, departure, open: js::optional(&row, "open") })
    }
}

impl TryToJs for MovementRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        let row = Row::new().text("id", &self.id).number("departure", self.departure);
        Ok(row.optional("open", self.open).done())
    }
}

impl TryFromJs for MemberRow {
    fn from_js(row: JsValue) -> Result<Self, SimpleValueError> {
        Ok(Self { movement: js::text(&row, "movement")?, record: js::text(&row, "record")? })
    }
}

impl TryToJs for MemberRow {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        Ok(Row::new().text("movement", &self.movement).text("record", &self.record).done())
    }
}

/// Notes that a record, whose row is written already, belongs to a movement.
pub(super) async fn note(transaction: &Transaction<'_>, id: EventId, body: &Body) -> Result<(), StoreError> {
    let Some(movement) = body.movement(id) else { return Ok(()) };
    let member = MemberRow { movement: text(movement), record: text(id) };
    store(transaction, MEMBERS)?.put(member).primitive().map_err(error::of)?;
    match body {
        Body::MovementPlanned(body) => {
            #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
            let departure = -(body.plan.depart.0 as f64);
            let row = MovementRow { id: text(movement), departure, open: None };
            store(transaction, MOVEMENTS)?.put(row).primitive().map_err(error::of)?;
            judge(transaction, movement).await
        }
        _ if bears_on_its_end(body) => judge(transaction, movement).await,
        _ => Ok(()),
    }
}

fn bears_on_its_end(body: &Body) -> bool {
    match body {
        Body::MovementClosed(_)
        | Body::MovementRevised(_)
        | Body::EmergencyRaised(_)
        | Body::EmergencyAcknowledged(_)
        | Body::EmergencyResolved(_) => true,
        Body::CheckinMade(made) => made.duress,
        _ => false,
    }
}

/// As [`judge`], if the record bears on whether its movement is over: it was refused, or is tried again.
pub(super) async fn judge_closing(transaction: &Transaction<'_>, record: &Record) -> Result<(), StoreError> {
    let Ok(body) = record.event.body() else { return Ok(()) };
    match body.movement(record.event.id).filter(|_| bears_on_its_end(&body)) {
        Some(movement) => judge(transaction, movement).await,
        None => Ok(()),
    }
}

/// Marks a movement as open or closed, by all that is on this phone.
async fn judge(transaction: &Transaction<'_>, id: EventId) -> Result<(), StoreError> {
    let movements = store(transaction, MOVEMENTS)?;
    let row: Option<MovementRow> =
        movements.get(text(id)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row else { return Ok(()) };
    let mut reports = vec![];
    for row in rows(transaction, id).await? {
        if !is_refused(transaction, &row).await? {
            reports.extend(Report::of(&row.record()?));
        }
    }
    let over = Movement::fold(id, &reports).is_some_and(|movement| movement.is_over());
    let open = (!over).then_some(row.departure);
    movements.put(MovementRow { open, ..row }).primitive().map_err(error::of)?;
    Ok(())
}

async fn rows(transaction: &Transaction<'_>, id: EventId) -> Result<Vec<EventRow>, StoreError> {
    // Ids are of one length, in small letters and figures.
    let range = [text(id), String::new()]..=[text(id), "~".to_owned()];
    let members = store(transaction, MEMBERS)?;
    let members = members.get_all::<MemberRow>().with_query(range).primitive().map_err(error::of)?;
    let events = store(transaction, EVENTS)?;
    // All are asked for before the first is awaited.
    let mut asked = vec![];
    for member in members.await.map_err(error::of)? {
        let record = member.map_err(error::of)?.record;
        asked.push(events.get::<EventRow, _, _>(record).primitive().map_err(error::of)?);
    }
    let mut rows = Vec::with_capacity(asked.len());
    for row in asked {
        rows.extend(row.await.map_err(error::of)?);
    }
    Ok(rows)
}

/// See `LocalStore::movements`.
pub(super) async fn movements(db: &Database, open: bool, limit: usize) -> Result<Vec<EventId>, StoreError> {
    let transaction = reading(db, &[MOVEMENTS])?;
    let movements = store(&transaction, MOVEMENTS)?;
    let index = movements.index(if open { BY_OPEN } else { BY_DEPARTURE }).map_err(error::of)?;
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let rows = index.get_all::<MovementRow>().with_limit(limit).primitive().map_err(error::of)?;
    let mut ids = vec![];
    for row in rows.await.map_err(error::of)? {
        let id = row.map_err(error::of)?.id.parse();
        ids.push(id.map_err(|_| StoreError::Failed("a movement cannot be read".to_owned()))?);
    }
    Ok(ids)
}

/// See `LocalStore::of_movements`.
pub(super) async fn of_movements(db: &Database, ids: &[EventId]) -> Result<Vec<Vec<Held>>, StoreError> {
    let transaction = reading(db, &[EVENTS, MEMBERS, OUTBOX, REFUSED, RECEIPTS, META])?;
    let of_one = async |id: &EventId| place_all(&transaction, rows(&transaction, *id).await?).await;
    try_join_all(ids.iter().map(of_one)).await
}
