//! Transactions of the two kinds there are: reading, and writing with strict durability.

use indexed_db_futures::Build;
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr as _;
use indexed_db_futures::transaction::{
    Transaction, TransactionDurability, TransactionMode, TransactionOptions,
};
use waymark_core::sync::StoreError;

use super::error;

pub(super) fn reading<'a>(db: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
    db.transaction(names(stores)).with_mode(TransactionMode::Readonly).build().map_err(error::of)
}

/// Writes reach the disk before `commit` returns.
pub(super) fn writing<'a>(db: &'a Database, stores: &[&str]) -> Result<Transaction<'a>, StoreError> {
    db.transaction(names(stores))
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(TransactionDurability::Strict))
        .build()
        .map_err(error::of)
}

pub(super) async fn commit(transaction: Transaction<'_>) -> Result<(), StoreError> {
    let handle = transaction.as_sys().clone();
    // Full storage shows only now, and as an abort: why, the transaction itself knows.
    let why = |error| handle.error().map_or_else(|| error::of(error), |why| error::of_exception(&why));
    transaction.commit().await.map_err(why)
}

fn names(stores: &[&str]) -> Vec<String> {
    stores.iter().map(|name| (*name).to_owned()).collect()
}
