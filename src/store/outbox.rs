use std::collections::{BTreeMap, BTreeSet};

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::primitive::TryFromJs;
use indexed_db_futures::transaction::Transaction;
use waymark_core::event::EventId;
use waymark_core::sync::{BatchLimit, Destination, Head, Refusal, Refused, Settlement, StoreError, To};

use super::js::of_counter;
use super::lives::change_epoch;
use super::migrations::{BLOBS, BY_DEVSEQ, EVENTS, META, OUTBOX, RECEIPTS, REFUSED};
use super::rows::{
    EventRow, OutboxKey, OutboxRow, ReceiptRow, RefusedRow, key_of, part_of, refusal_key, subject, text,
};
use super::save::store;
use super::small::read_meta;
use super::transaction::{commit, reading, writing};
use super::{error, movements, waiting};

pub(super) async fn head(
    db: &Database,
    to: To,
    limit: BatchLimit,
    passing_over: &BTreeSet<EventId>,
) -> Result<Head, StoreError> {
    let transaction = reading(db, &[OUTBOX, EVENTS, META])?;
    let meta = read_meta(&store(&transaction, META)?).await?;
    let outbox = store(&transaction, OUTBOX)?;
    let wanted = u32::try_from(limit.records + passing_over.len()).unwrap_or(u32::MAX);
    let rows = outbox.get_all::<OutboxRow>().with_query(part_of(to)).with_limit(wanted);
    let rows = rows.primitive().map_err(error::of)?;
    let rows = rows.await.map_err(error::of)?;
    let passing_over: Vec<String> = passing_over.iter().copied().map(text).collect();
    let mut chosen: Vec<OutboxRow> = vec![];
    let mut bytes = 0;
    for row in rows {
        let row = row.map_err(error::of)?;
        if passing_over.contains(&row.id) {
            continue;
        }
        bytes += row.bytes as usize;
        if chosen.len() == limit.records || (!chosen.is_empty() && bytes > limit.bytes) {
            break;
        }
        chosen.push(row);
    }
    let mut bodies = bodies(&store(&transaction, EVENTS)?, &chosen).await?;
    let mut body_of = |row: &OutboxRow| {
        let at = bodies.iter().position(|(id, _)| *id == row.id)?;
        Some(bodies.swap_remove(at).1)
    };
    let queued = chosen.iter().filter_map(|row| body_of(row).map(|json| row.queued(json)));
    Ok(Head { queued: queued.collect::<Result<_, _>>()?, meta })
}

/// The JSON of the rows' events. Neighbours in the outbox are neighbours in the device's order, so one request
/// fetches them all unless they lie far apart.
async fn bodies(events: &ObjectStore<'_>, rows: &[OutboxRow]) -> Result<Vec<(String, String)>, StoreError> {
    let mut bodies = Vec::with_capacity(rows.len());
    let (first, last) = (rows.iter().map(|row| row.devseq).min(), rows.iter().map(|row| row.devseq).max());
    let (Some(first), Some(last)) = (first, last) else { return Ok(bodies) };
    if last - first < 2 * rows.len() as u64 {
        let index = events.index(BY_DEVSEQ).map_err(error::of)?;
        let range = index
            .get_all::<EventRow>()
            .with_query(of_counter(first)..=of_counter(last))
            .primitive()
            .map_err(error::of)?;
        for row in range.await.map_err(error::of)? {
            let row = row.map_err(error::of)?;
            bodies.push((row.id.clone(), row.json()?));
        }
        return Ok(bodies);
    }
    for row in rows {
        let row: Option<EventRow> =
            events.get(row.id.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
        if let Some(row) = row {
            bodies.push((row.id.clone(), row.json()?));
        }
    }
    Ok(bodies)
}

pub(super) async fn settle(
    db: &Database,
    to: To,
    place: Option<&Destination>,
    settlement: &Settlement,
) -> Result<bool, StoreError> {
    let mut taking_part = vec![EVENTS, OUTBOX, REFUSED, RECEIPTS, META, BLOBS];
    taking_part.extend(movements::STORES.iter().filter(|_| !settlement.refused.is_empty()));
    let transaction = writing(db, &taking_part)?;
    if let Some(place) = place
        && !read_meta(&store(&transaction, META)?).await?.has(to, place)
    {
        return Ok(false);
    }
    let (there, alone) = still_queued(&store(&transaction, OUTBOX)?, to, settlement).await?;
    let refused: Vec<(String, &Refusal)> =
        settlement.refused.iter().map(|(entry, refusal)| (text(entry.id), refusal)).collect();
    for row in there.values() {
        if let Some((_, refusal)) = refused.iter().find(|(id, _)| *id == row.id) {
            let refused = Refused { entry: row.entry()?, refusal: (*refusal).clone(), at: settlement.at };
            let row = RefusedRow { key: refusal_key(&row.id, to), recorded: row.recorded, refused };
            store(&transaction, REFUSED)?.put(row).primitive().map_err(error::of)?;
        }
    }
    let stored = there.values().filter(|row| refused.iter().all(|(id, _)| *id != row.id));
    note_receipts(&transaction, to, settlement, stored)?;
    for (entry, _) in &settlement.refused {
        judge_subject(&transaction, entry.id).await?;
    }
    take_out(&store(&transaction, OUTBOX)?, &there, alone)?;
    if let Some(epoch) = &settlement.epoch {
        change_epoch(&transaction, to, epoch).await?;
    }
    commit(transaction).await?;
    Ok(true)
}

/// An answer was refused, or is tried again: what it is about waits again, or no longer.
async fn judge_subject(transaction: &Transaction<'_>, answer: EventId) -> Result<(), StoreError> {
    let events = store(transaction, EVENTS)?;
    let row: Option<EventRow> =
        events.get(text(answer)).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(record) = row.map(EventRow::record).transpose()? else { return Ok(()) };
    movements::judge_closing(transaction, &record).await?;
    let Some(subject) = subject(&record) else { return Ok(()) };
    let meta = read_meta(&store(transaction, META)?).await?;
    waiting::judge(transaction, subject, meta.session.as_ref().map(|session| &session.user)).await
}

/// The settlement's entries that are in the outbox with the digest it names, by key; and whether they are all there is
/// between the first and the last of them.
async fn still_queued(
    outbox: &ObjectStore<'_>,
    to: To,
    settlement: &Settlement,
) -> Result<(BTreeMap<OutboxKey, OutboxRow>, bool), StoreError> {
    let entries = settlement.stored.iter().map(|(entry, _)| entry);
    let entries = entries.chain(settlement.refused.iter().map(|(entry, _)| entry));
    let named: Vec<(OutboxKey, String)> =
        entries.map(|entry| ((to.lane(entry.urgent), entry.devseq), entry.digest.to_string())).collect();
    let (Some(first), Some(last)) =
        (named.iter().map(|(key, _)| *key).min(), named.iter().map(|(key, _)| *key).max())
    else {
        return Ok((BTreeMap::new(), true));
    };
    let rows = outbox
        .get_all::<OutboxRow>()
        .with_query(key_of(first)..=key_of(last))
        .primitive()
        .map_err(error::of)?;
    let (mut there, mut alone) = (BTreeMap::new(), true);
    for row in rows.await.map_err(error::of)? {
        let row = row.map_err(error::of)?;
        if named.iter().any(|(key, digest)| *key == row.key() && *digest == row.digest) {
            there.insert(row.key(), row);
        } else {
            alone = false;
        }
    }
    Ok((there, alone))
}

/// Deletes rows: in one request where they are all there is between the first and the last, else one by one.
fn take_out(
    outbox: &ObjectStore<'_>,
    there: &BTreeMap<OutboxKey, OutboxRow>,
    alone: bool,
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (there.keys().next().copied(), there.keys().next_back().copied()) else {
        return Ok(());
    };
    if alone {
        outbox.delete(key_of(first)..=key_of(last)).primitive().map_err(error::of)?;
        return Ok(());
    }
    for key in there.keys() {
        outbox.delete(key_of(*key)..=key_of(*key)).primitive().map_err(error::of)?;
    }
    Ok(())
}

fn note_receipts<'a>(
    transaction: &Transaction<'_>,
    to: To,
    settlement: &Settlement,
    stored: impl Iterator<Item = &'a OutboxRow>,
) -> Result<(), StoreError> {
    let Some(epoch) = &settlement.epoch else { return Ok(()) };
    // What was sent twice was received before; all else at one moment, and in one row.
    let (mut ids, mut earlier) = (vec![], vec![]);
    let before = settlement.stored.iter().filter(|(_, received)| *received != settlement.at);
    let before: Vec<_> = before.map(|(entry, received)| (text(entry.id), *received)).collect();
    for row in stored {
        match before.iter().find(|(id, _)| *id == row.id) {
            Some((_, received)) => earlier.push((*received, vec![row.id.clone()])),
            None => ids.push(row.id.clone()),
        }
    }
    let now = Some((settlement.at, ids)).filter(|(_, ids)| !ids.is_empty());
    for (at, ids) in now.into_iter().chain(earlier) {
        #[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
        let row = ReceiptRow { to, epoch: epoch.0.clone(), at: at.0 as f64, ids };
        store(transaction, RECEIPTS)?.put(row).primitive().map_err(error::of)?;
    }
    Ok(())
}

pub(super) async fn all<T: TryFromJs>(from: &ObjectStore<'_>) -> Result<Vec<T>, StoreError> {
    let rows = from.get_all::<T>().primitive().map_err(error::of)?.await.map_err(error::of)?;
    rows.map(|row| row.map_err(error::of)).collect()
}

pub(super) async fn retry(db: &Database, id: EventId) -> Result<bool, StoreError> {
    let [movements, members] = movements::STORES;
    let transaction = writing(db, &[OUTBOX, REFUSED, EVENTS, META, movements, members])?;
    let event: Option<EventRow> = store(&transaction, EVENTS)?
        .get(text(id))
        .primitive()
        .map_err(error::of)?
        .await
        .map_err(error::of)?;
    let Some(event) = event.map(EventRow::record).transpose()?.map(|record| record.event) else {
        return Ok(false);
    };
    let mut found = false;
    for to in read_meta(&store(&transaction, META)?).await?.all_to() {
        let refused = store(&transaction, REFUSED)?;
        let key = refusal_key(&text(id), to);
        let row: Option<RefusedRow> =
            refused.get(key.clone()).primitive().map_err(error::of)?.await.map_err(error::of)?;
        let Some(RefusedRow { refused: Refused { entry, .. }, .. }) = row else { continue };
        let queued = OutboxRow::of(to, &event, entry.urgent, entry.bytes);
        store(&transaction, OUTBOX)?.put(queued).primitive().map_err(error::of)?;
        refused.delete(key).primitive().map_err(error::of)?;
        found = true;
    }
    if !found {
        return Ok(false);
    }
    judge_subject(&transaction, id).await?;
    commit(transaction).await?;
    Ok(true)
}
