use waymark_core::event::{DeviceId, Stamp};

use super::PostgresStorage;
use crate::secret::SecretHash;
use crate::storage::people::DeviceRow;
use crate::storage::{Caller, Device, OWN_ID, StorageError};

const SELECT: &str = "SELECT d.org, d.id, d.\"user\", u.name, u.role, u.areas, d.enrolled, d.seen, d.revoked
    FROM devices d JOIN users u ON u.org = d.org AND u.id = d.\"user\"";

pub async fn caller(
    storage: &PostgresStorage,
    token: &SecretHash,
    now: Stamp,
) -> Result<Option<Caller>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE d.token = $1 AND d.revoked IS NULL"));
    let row: Option<DeviceRow> = sqlx::query_as(sql).bind(&token.0[..]).fetch_optional(&storage.pool).await?;
    let Some(row) = row else {
        return Ok(None);
    };
    // A database that is full can be read.
    if row.is_to_be_seen(now)
        && let Err(error) = see(storage, &row, now).await
    {
        tracing::warn!(%error, "it was not noted that a device was seen");
    }
    row.caller().map(Some)
}

async fn see(storage: &PostgresStorage, row: &DeviceRow, now: Stamp) -> Result<(), StorageError> {
    sqlx::query("UPDATE devices SET seen = $3 WHERE org = $1 AND id = $2")
        .bind(&row.org)
        .bind(&row.id)
        .bind(now.0)
        .execute(&storage.pool)
        .await?;
    Ok(())
}

pub async fn all(storage: &PostgresStorage) -> Result<Vec<Device>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE d.id <> $1 ORDER BY d.org, u.name, d.enrolled"));
    let rows: Vec<DeviceRow> = sqlx::query_as(sql).bind(OWN_ID).fetch_all(&storage.pool).await?;
    rows.into_iter().map(DeviceRow::device).collect()
}

/// What it took push messages under goes with it: whoever is let in again says anew where to.
pub async fn revoke(storage: &PostgresStorage, device: &DeviceId, now: Stamp) -> Result<bool, StorageError> {
    let mut tx = storage.write().await?;
    sqlx::query("DELETE FROM push WHERE device = $1").bind(&device.0).execute(&mut *tx).await?;
    let query = sqlx::query("UPDATE devices SET revoked = COALESCE(revoked, $2) WHERE id = $1 AND id <> $3");
    let done = query.bind(&device.0).bind(now.0).bind(OWN_ID).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(done.rows_affected() > 0)
}
