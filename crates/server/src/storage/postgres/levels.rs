use waymark_core::event::{AreaLevel, OrgId, WatchRules};

use super::PostgresStorage;
use crate::storage::people::LevelRow;
use crate::storage::{OwnLevels, StorageError};

pub async fn own(storage: &PostgresStorage, org: &OrgId) -> Result<OwnLevels, StorageError> {
    let sql = "SELECT level, \"interval\", grace, prompt, step, hold FROM levels WHERE org = $1";
    LevelRow::all(sqlx::query_as(sql).bind(&org.0).fetch_all(&storage.pool).await?)
}

pub async fn set(
    storage: &PostgresStorage,
    org: &OrgId,
    level: &AreaLevel,
    rules: &WatchRules,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO levels (org, level, \"interval\", grace, prompt, step, hold) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org, level) DO UPDATE SET \"interval\" = excluded.\"interval\", grace = excluded.grace,
             prompt = excluded.prompt, step = excluded.step, hold = excluded.hold",
    )
    .bind(&org.0)
    .bind(level.code())
    .bind(i64::from(rules.interval))
    .bind(i64::from(rules.grace))
    .bind(i64::from(rules.prompt))
    .bind(i64::from(rules.step))
    .bind(i64::from(rules.hold))
    .execute(&storage.pool)
    .await?;
    Ok(())
}
