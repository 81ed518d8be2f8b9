use indexed_db_futures::database::Database;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::{About, Event, Record, Unsaved};
use waymark_core::sync::StoreError;

use super::migrations::{CHAIN, DRAFTS, EVENTS, META, OUTBOX, REFUSED};
use super::rows::{EventRow, OutboxRow, text};
use super::small::{DEVSEQ, read_meta};
use super::transaction::{commit, writing};
use super::{chain, error, movements, waiting};

/// See `LocalStore::save`. Saving the same id again, after a connection died while it was committed, changes nothing.
pub(super) async fn save(db: &Database, unsaved: &Unsaved, draft: Option<&str>) -> Result<Event, StoreError> {
    // Each store that takes part makes the browser's work longer, and somebody waits for it.
    let about = unsaved.body.about();
    let mut stores = vec![EVENTS, OUTBOX, META];
    stores.extend(draft.map(|_| DRAFTS));
    let in_movement = unsaved.body.movement(unsaved.id).is_some();
    stores.extend((about != About::Itself || in_movement).then_some(REFUSED));
    stores.extend(movements::STORES.iter().filter(|_| in_movement));
    let in_chain = chain::takes(&unsaved.body);
    stores.extend(in_chain.then_some(CHAIN));
    let transaction = writing(db, &stores)?;
    let (events, meta) = (store(&transaction, EVENTS)?, store(&transaction, META)?);
    // Both requests are on their way before the first is awaited.
    let held = events.get::<EventRow, _, _>(text(unsaved.id)).primitive().map_err(error::of)?;
    let last = meta.get::<f64, _, _>(DEVSEQ).primitive().map_err(error::of)?;
    let known = read_meta(&meta);
    if let Some(row) = held.await.map_err(error::of)? {
        return Ok(row.record()?.event);
    }
    let devseq = last.await.map_err(error::of)?.unwrap_or_default() + 1.0;
    meta.put(devseq).with_key(DEVSEQ).primitive().map_err(error::of)?;

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a counter
    let event = unsaved.clone().into_event(devseq as u64);
    let json = event.to_json().to_string();
    events.put(EventRow::own(&event, &json)).primitive().map_err(error::of)?;
    let outbox = store(&transaction, OUTBOX)?;
    for to in known.await?.all_to() {
        let row = OutboxRow::of(to, &event, unsaved.body.is_urgent(), json.len());
        outbox.put(row).primitive().map_err(error::of)?;
    }
    if let Some(name) = draft {
        store(&transaction, DRAFTS)?.delete(name.to_owned()).primitive().map_err(error::of)?;
    }
    if let About::Record(subject) = about {
        waiting::judge(&transaction, subject, Some(&unsaved.author)).await?;
    }
    if in_chain {
        chain::note(&transaction, &Record::own(event.clone()))?;
    }
    if in_movement {
        movements::note(&transaction, event.id, &unsaved.body).await?;
    }
    commit(transaction).await?;
    Ok(event)
}

pub(super) fn store<'a>(
    transaction: &'a Transaction<'_>,
    name: &str,
) -> Result<indexed_db_futures::object_store::ObjectStore<'a>, StoreError> {
    transaction.object_store(name).map_err(error::of)
}
