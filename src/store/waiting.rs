//! The waiting list: a mark on the rows of others' records that nobody has answered yet.

use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::{EventId, Record, UserId};
use waymark_core::rules::answers::answers;
use waymark_core::sync::StoreError;

use super::error;
use super::migrations::{BY_SUBJECT, EVENTS, REFUSED};
use super::rows::{EventRow, RefusedRow, text, waits};
use super::save::store;

/// Puts a record on the list or takes it off, by all that is on this phone. To be called whenever it, or what is said
/// about it, has come, gone or been refused.
pub(super) async fn judge(
    transaction: &Transaction<'_>,
    id: EventId,
    me: Option<&UserId>,
) -> Result<(), StoreError> {
    let events = store(transaction, EVENTS)?;
    let row: Option<EventRow> =
        events.get(text(id)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row.filter(|row| !row.is_own()) else { return Ok(()) };
    let record = row.clone().record()?;
    let waiting = waits(&record)
        && Some(&record.event.author) != me
        && !is_answered(transaction, &record.event).await?;
    #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
    let mark = waiting.then_some([f64::from(lane(&record)), record.happened().0 as f64]);
    if row.waiting.is_some() != mark.is_some() {
        events.put(EventRow { waiting: mark, ..row }).primitive().map_err(error::of)?;
    }
    Ok(())
}

/// Emergencies, which are never left out; what else is urgent; the rest; and check-ins of exercises.
fn lane(record: &Record) -> u8 {
    match record.event.body() {
        Ok(body) if body.is_alarm() => ALARMS,
        _ if record.event.exercise => DRILLS,
        Ok(body) if body.is_urgent() => ALARMS + 1,
        _ => ALARMS + 2,
    }
}

/// The first lane.
pub(super) const ALARMS: u8 = 0;
/// The last.
pub(super) const DRILLS: u8 = ALARMS + 3;

async fn is_answered(
    transaction: &Transaction<'_>,
    subject: &waymark_core::event::Event,
) -> Result<bool, StoreError> {
    let events = store(transaction, EVENTS)?;
    let index = events.index(BY_SUBJECT).map_err(error::of)?;
    let about = index.get_all::<EventRow>().with_query(text(subject.id)).primitive().map_err(error::of)?;
    for row in about.await.map_err(error::of)? {
        let row = row.map_err(error::of)?;
        if !is_refused(transaction, &row).await? && answers(&row.record()?.event, subject) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the backend would not take this record of our own: then nobody else knows of it.
pub(super) async fn is_refused(transaction: &Transaction<'_>, row: &EventRow) -> Result<bool, StoreError> {
    if !row.is_own() {
        return Ok(false);
    }
    let refused = store(transaction, REFUSED)?;
    let row: Option<RefusedRow> =
        refused.get(row.id.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    Ok(row.is_some())
}
