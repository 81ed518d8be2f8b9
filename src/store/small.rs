//! The few small things beside records: meta and drafts.

use indexed_db_futures::database::Database;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use waymark_core::json::Json;
use waymark_core::sync::{Meta, Session, StoreError};

use super::js::{Bytes, counter, of_counter};
use super::migrations::{BIRTH, DRAFTS, META};
use super::save::store;
use super::transaction::{commit, reading, writing};
use super::{error, vault};

/// The device's counter: the number given last.
pub(super) const DEVSEQ: &str = "devseq";
const META_KEY: &str = "meta";

pub(super) async fn meta(db: &Database) -> Result<Meta, StoreError> {
    let transaction = reading(db, &[META])?;
    read_meta(&store(&transaction, META)?).await
}

pub(super) async fn change_meta(db: &Database, change: impl Fn(&mut Meta)) -> Result<(), StoreError> {
    let transaction = writing(db, &[META])?;
    let all = store(&transaction, META)?;
    let before = read_meta(&all).await?;
    let mut meta = before.clone();
    change(&mut meta);
    // The app starts on a phone whose storage is full, too.
    if meta != before {
        put_meta(&all, &meta)?;
    }
    commit(transaction).await
}

pub(super) async fn read_meta(all: &ObjectStore<'_>) -> Result<Meta, StoreError> {
    let row: Option<Bytes> =
        all.get(META_KEY.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    let Some(row) = row else { return Ok(Meta::default()) };
    let json = serde_json::from_str(&vault::open(row.0)?);
    json.ok().and_then(|json| Meta::from_value(&json).ok()).ok_or_else(unreadable)
}

fn unreadable() -> StoreError {
    StoreError::Failed("what the phone remembers cannot be read".to_owned())
}

pub(super) fn put_meta(all: &ObjectStore<'_>, meta: &Meta) -> Result<(), StoreError> {
    let text = meta.to_value().to_string();
    all.put(Bytes(vault::seal(&text))).with_key(META_KEY.to_owned()).primitive().map_err(error::of)?;
    Ok(())
}

/// What tells a database from its successor of the same name: its birth mark and the device's counter.
pub(super) async fn marks(db: &Database) -> Result<(f64, u64), StoreError> {
    let transaction = reading(db, &[META])?;
    let all = store(&transaction, META)?;
    let birth = all.get::<f64, _, _>(BIRTH).primitive().map_err(error::of)?;
    let devseq = all.get::<f64, _, _>(DEVSEQ).primitive().map_err(error::of)?;
    let birth = birth.await.map_err(error::of)?.unwrap_or_default();
    Ok((birth, counter(devseq.await.map_err(error::of)?.unwrap_or_default())))
}

/// Gives a database that was emptied under the app what the app still knows. Does nothing to one that knows itself.
pub(super) async fn put_back(db: &Database, session: &Session, devseq: u64) -> Result<(), StoreError> {
    let transaction = writing(db, &[META])?;
    let all = store(&transaction, META)?;
    let mut meta = read_meta(&all).await?;
    if meta.session.is_some() {
        return Ok(());
    }
    meta.session = Some(session.clone());
    put_meta(&all, &meta)?;
    let highest = all.get::<f64, _, _>(DEVSEQ).primitive().map_err(error::of)?;
    let highest = highest.await.map_err(error::of)?.unwrap_or_default().max(of_counter(devseq));
    all.put(highest).with_key(DEVSEQ).primitive().map_err(error::of)?;
    drop(all);
    commit(transaction).await
}

pub(super) async fn draft(db: &Database, name: &str) -> Result<Option<String>, StoreError> {
    let transaction = reading(db, &[DRAFTS])?;
    let drafts = store(&transaction, DRAFTS)?;
    let row: Option<Bytes> =
        drafts.get(name.to_owned()).primitive().map_err(error::of)?.await.map_err(error::of)?;
    row.map(|row| vault::open(row.0)).transpose()
}

pub(super) async fn put_draft(db: &Database, name: &str, text: &str) -> Result<(), StoreError> {
    let transaction = writing(db, &[DRAFTS])?;
    let drafts = store(&transaction, DRAFTS)?;
    drafts.put(Bytes(vault::seal(text))).with_key(name.to_owned()).primitive().map_err(error::of)?;
    drop(drafts);
    commit(transaction).await
}

pub(super) async fn drop_draft(db: &Database, name: &str) -> Result<(), StoreError> {
    let transaction = writing(db, &[DRAFTS])?;
    store(&transaction, DRAFTS)?.delete(name.to_owned()).primitive().map_err(error::of)?;
    commit(transaction).await
}
