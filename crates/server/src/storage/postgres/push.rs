use waymark_core::event::{DeviceId, OrgId, Stamp};
use waymark_core::rules::Role;

use super::PostgresStorage;
use crate::storage::people::PushRow;
use crate::storage::{Caller, PushAddress, StorageError, Subscription};

pub async fn subscribe(
    storage: &PostgresStorage,
    caller: &Caller,
    address: &PushAddress,
    now: Stamp,
) -> Result<(), StorageError> {
    let mut tx = storage.write().await?;
    sqlx::query("DELETE FROM push WHERE endpoint = $1").bind(&address.endpoint).execute(&mut *tx).await?;
    let sql = "INSERT INTO push (org, device, endpoint, p256dh, auth, since) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (org, device) DO UPDATE SET endpoint = excluded.endpoint, p256dh = excluded.p256dh,
            auth = excluded.auth, since = excluded.since";
    sqlx::query(sql)
        .bind(&caller.org.0)
        .bind(&caller.device.0)
        .bind(&address.endpoint)
        .bind(&address.p256dh)
        .bind(&address.auth)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub async fn unsubscribe(
    storage: &PostgresStorage,
    org: &OrgId,
    device: &DeviceId,
    endpoint: Option<&str>,
) -> Result<(), StorageError> {
    let sql = "DELETE FROM push WHERE org = $1 AND device = $2 AND endpoint = COALESCE($3, endpoint)";
    sqlx::query(sql).bind(&org.0).bind(&device.0).bind(endpoint).execute(&storage.pool).await?;
    Ok(())
}

pub async fn subscriptions(
    storage: &PostgresStorage,
    org: &OrgId,
    roles: &[Role],
) -> Result<Vec<Subscription>, StorageError> {
    let sql = "SELECT p.device, d.\"user\", p.endpoint, p.p256dh, p.auth FROM push p
        JOIN devices d ON d.org = p.org AND d.id = p.device AND d.revoked IS NULL
        JOIN users u ON u.org = d.org AND u.id = d.\"user\"
        WHERE p.org = $1 AND u.role = ANY($2::text[]) ORDER BY p.device";
    let codes: Vec<_> = roles.iter().map(|role| role.code()).collect();
    let query = sqlx::query_as(sql).bind(&org.0).bind(codes);
    let rows: Vec<PushRow> = query.fetch_all(&storage.pool).await?;
    Ok(rows.into_iter().map(PushRow::subscription).collect())
}
