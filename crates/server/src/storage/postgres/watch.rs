//! What the watcher reads and keeps.

use waymark_core::event::{EventId, OrgId, Record, Stamp};

use super::{PostgresStorage, areas_from, areas_text, from_row, to_row};
use crate::storage::rows;
use crate::storage::watch::{ALARM_MS, CLOSED_MS, nobodys, own_caller};
use crate::storage::{Caller, OWN_ID, OWN_NAME, StorageError};

const COLUMNS: &str = "SELECT r.seq, r.received, r.happened, r.event, u.name
    FROM records r JOIN users u ON u.org = r.org AND u.id = r.author";

pub async fn heads(storage: &PostgresStorage) -> Result<Vec<(OrgId, u64)>, StorageError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT slug, seq FROM orgs ORDER BY slug").fetch_all(&storage.pool).await?;
    Ok(rows.into_iter().map(|(slug, seq)| (OrgId(slug), from_row(seq))).collect())
}

pub async fn open(storage: &PostgresStorage, org: &OrgId, now: Stamp) -> Result<Vec<Record>, StorageError> {
    // By indexes alone: what is over is not read.
    let sql = sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.org = $1 AND r.seq IN (
             SELECT own.seq FROM movements m JOIN records own ON own.org = $1 AND own.movement = m.id
             WHERE m.org = $1 AND m.closed IS NULL
             UNION ALL
             SELECT own.seq FROM movements m JOIN records own ON own.org = $1 AND own.movement = m.id
             WHERE m.org = $1 AND m.closed > $2
             UNION ALL
             SELECT seq FROM records WHERE org = $1 AND movement IS NOT NULL AND received > $2
             UNION ALL
             SELECT seq FROM records WHERE org = $1 AND alarm IS NOT NULL AND received > $3)
         ORDER BY r.seq"
    ));
    let query = sqlx::query_as(sql);
    let query = query.bind(&org.0).bind(now.plus_ms(-CLOSED_MS).0).bind(now.plus_ms(-ALARM_MS).0);
    rows::watched(query.fetch_all(&storage.pool).await?).await
}

pub async fn since(
    storage: &PostgresStorage,
    org: &OrgId,
    (after, newest): (u64, u64),
) -> Result<Vec<Record>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "{COLUMNS} WHERE r.org = $1 AND r.seq > $2 AND r.seq <= $3
         AND (r.movement IS NOT NULL OR r.alarm IS NOT NULL) ORDER BY r.seq"
    ));
    let query = sqlx::query_as(sql).bind(&org.0).bind(to_row(after)).bind(to_row(newest));
    rows::watched(query.fetch_all(&storage.pool).await?).await
}

pub async fn areas(
    storage: &PostgresStorage,
    org: &OrgId,
    matter: EventId,
) -> Result<Vec<String>, StorageError> {
    let areas: Option<String> = sqlx::query_scalar(
        "SELECT COALESCE((SELECT areas FROM movements WHERE org = $1 AND id = $2),
                         (SELECT areas FROM records WHERE org = $1 AND id = $2))",
    )
    .bind(&org.0)
    .bind(matter.to_string())
    .fetch_one(&storage.pool)
    .await?;
    areas.map_or_else(|| Ok(Vec::new()), |areas| areas_from(&areas))
}

pub async fn own(storage: &PostgresStorage, org: &OrgId, now: Stamp) -> Result<Caller, StorageError> {
    let own = own_caller(org);
    let mut tx = storage.write().await?;
    sqlx::query(
        "INSERT INTO users (org, id, name, role, areas) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
    )
    .bind(&org.0)
    .bind(OWN_ID)
    .bind(OWN_NAME)
    .bind(own.role.code())
    .bind(areas_text(&own.areas))
    .execute(&mut *tx)
    .await?;
    sqlx::query(
        "INSERT INTO devices (org, id, \"user\", token, enrolled) VALUES ($1, $2, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(&org.0)
    .bind(OWN_ID)
    .bind(&nobodys()?.0[..])
    .bind(now.0)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(own)
}
