use std::cell::Cell;

use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::{Record, UserId};
use waymark_core::sync::{FeedPage, Meta, Reader, StoreError};

use super::migrations::{CHAIN, EVENTS, META, REFUSED};
use super::rows::{EventRow, text, waits};
use super::save::store;
use super::small::{change_meta, put_meta, read_meta};
use super::transaction::{commit, writing};
use super::{chain, error, movements, waiting};

/// See `LocalStore::apply`. The cursor moves in the transaction that writes the page.
pub(super) async fn apply(
    db: &Database,
    reader: Option<&Reader>,
    page: &FeedPage,
) -> Result<Option<u32>, StoreError> {
    if page.records.is_empty() {
        // Not in the way of whatever else is going on.
        let asked = Cell::new(false);
        let read = |meta: &mut Meta| {
            asked.set(meta.is_read_by(reader));
            if asked.get() {
                meta.read_to(page);
            }
        };
        change_meta(db, read).await?;
        return Ok(asked.get().then_some(0));
    }
    let [movements, members] = movements::STORES;
    let transaction = writing(db, &[EVENTS, META, REFUSED, CHAIN, movements, members])?;
    let all = store(&transaction, META)?;
    let mut meta = read_meta(&all).await?;
    if !meta.is_read_by(reader) {
        return Ok(None);
    }
    let me = meta.session.as_ref().map(|session| session.user.clone());
    let present = meta.read_to(page);
    let mut new = 0;
    for record in &page.records {
        new += u32::from(take_in(&transaction, record, present, me.as_ref()).await?);
    }
    put_meta(&all, &meta)?;
    drop(all);
    commit(transaction).await?;
    Ok(Some(new))
}

/// `present` says whether the page is of the backend's present life.
async fn take_in(
    transaction: &Transaction<'_>,
    record: &Record,
    present: bool,
    me: Option<&UserId>,
) -> Result<bool, StoreError> {
    let id = record.event.id;
    let events = store(transaction, EVENTS)?;
    let held: Option<EventRow> =
        events.get(text(id)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    if held.as_ref().is_some_and(|row| row.is_own() || !present) {
        return Ok(false);
    }
    events.put(EventRow::from_feed(record)).primitive().map_err(error::of)?;
    if let Ok(body) = record.event.body() {
        movements::note(transaction, id, &body).await?;
        if chain::takes(&body) {
            chain::note(transaction, record)?;
        }
    }
    if waits(record) {
        waiting::judge(transaction, id, me).await?;
    }
    if let Some(subject) = super::rows::subject(record) {
        waiting::judge(transaction, subject, me).await?;
    }
    Ok(held.is_none())
}
