use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use waymark_core::event::{EventId, Record};
use waymark_core::rules::authority::may_answer;
use waymark_core::sync::{FeedPage, StoreError};

use super::error;
use super::migrations::{BY_SUBJECT, EVENTS, META};
use super::rows::{EventRow, answers, text, waits};
use super::save::{store, take_off_waiting};
use super::small::{change_meta, put_meta, read_meta};
use super::transaction::{commit, writing};

/// See `LocalStore::apply`. The cursor moves in the transaction that writes the page.
pub(super) async fn apply(db: &Database, page: &FeedPage) -> Result<u32, StoreError> {
    if page.records.is_empty() {
        // Not in the way of whatever else is going on.
        return change_meta(db, |meta| meta.read_to(page)).await.map(|()| 0);
    }
    let transaction = writing(db, &[EVENTS, META])?;
    let (events, all) = (store(&transaction, EVENTS)?, store(&transaction, META)?);
    let mut meta = read_meta(&all).await?;
    let me = meta.session.as_ref().map(|session| session.user.clone());
    let mut new = 0;
    for record in &page.records {
        let by_others = Some(&record.event.author) != me.as_ref();
        new += u32::from(take_in(&events, record, by_others).await?);
    }
    meta.read_to(page);
    put_meta(&all, &meta)?;
    drop((events, all));
    commit(transaction).await?;
    Ok(new)
}

async fn take_in(events: &ObjectStore<'_>, record: &Record, by_others: bool) -> Result<bool, StoreError> {
    let id = record.event.id;
    let held: Option<EventRow> = events.get(text(id)).serde().map_err(error::of)?.await.map_err(error::of)?;
    if held.as_ref().is_some_and(EventRow::is_own) {
        return Ok(false);
    }
    let waiting = by_others && waits(record) && !is_answered(events, record).await?;
    events.put(EventRow::from_feed(record, waiting)).serde().map_err(error::of)?;
    if let Some(answered) = answers(record) {
        answer(events, record, answered).await?;
    }
    Ok(held.is_none())
}

/// Takes the subject off the waiting list, unless the answer is its author's own.
async fn answer(events: &ObjectStore<'_>, answer: &Record, id: EventId) -> Result<(), StoreError> {
    let row: Option<EventRow> = events.get(text(id)).serde().map_err(error::of)?.await.map_err(error::of)?;
    match row.map(EventRow::record).transpose()? {
        Some(subject) if counts(answer, &subject) => take_off_waiting(events, id).await,
        _ => Ok(()),
    }
}

async fn is_answered(events: &ObjectStore<'_>, subject: &Record) -> Result<bool, StoreError> {
    let index = events.index(BY_SUBJECT).map_err(error::of)?;
    let about = index.get_all::<EventRow>().with_query(text(subject.event.id)).serde().map_err(error::of)?;
    for row in about.await.map_err(error::of)? {
        let record = row.map_err(error::of)?.record()?;
        if answers(&record).is_some() && counts(&record, subject) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Nobody answers their own record; see `rules::authority`.
fn counts(answer: &Record, subject: &Record) -> bool {
    may_answer(&answer.event.kind, &answer.event.author, &subject.event.author).is_ok()
}
