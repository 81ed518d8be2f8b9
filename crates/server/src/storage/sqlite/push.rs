use waymark_core::event::{DeviceId, OrgId, Stamp};
use waymark_core::rules::Role;

use super::SqliteStorage;
use crate::storage::people::PushRow;
use crate::storage::{Caller, PushAddress, StorageError, Subscription};

pub async fn subscribe(
    storage: &SqliteStorage,
    caller: &Caller,
    address: &PushAddress,
    now: Stamp,
) -> Result<(), StorageError> {
    let sql = "INSERT OR REPLACE INTO push (org, device, endpoint, p256dh, auth, since)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    sqlx::query(sql)
        .bind(&caller.org.0)
        .bind(&caller.device.0)
        .bind(&address.endpoint)
        .bind(&address.p256dh)
        .bind(&address.auth)
        .bind(now.0)
        .execute(&storage.writer)
        .await?;
    Ok(())
}

pub async fn unsubscribe(
    storage: &SqliteStorage,
    org: &OrgId,
    device: &DeviceId,
    endpoint: Option<&str>,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM push WHERE org = ?1 AND device = ?2 AND endpoint = COALESCE(?3, endpoint)";
    sqlx::query(sql).bind(&org.0).bind(&device.0).bind(endpoint).execute(&storage.writer).await?;
    Ok(())
}

pub async fn subscriptions(
    storage: &SqliteStorage,
    org: &OrgId,
    roles: &[Role],
) -> Result<Vec<Subscription>, StorageError> {
    let sql = "SELECT p.device, d.user, p.endpoint, p.p256dh, p.auth FROM push p
        JOIN devices d ON d.org = p.org AND d.id = p.device AND d.revoked IS NULL
        JOIN users u ON u.org = d.org AND u.id = d.user
        WHERE p.org = ?1 AND u.role IN (SELECT value FROM json_each(?2)) ORDER BY p.device";
    let codes: Vec<_> = roles.iter().map(|role| role.code()).collect();
    let query = sqlx::query_as(sql).bind(&org.0).bind(serde_json::Value::from(codes).to_string());
    let rows: Vec<PushRow> = query.fetch_all(&storage.readers).await?;
    Ok(rows.into_iter().map(PushRow::subscription).collect())
}
