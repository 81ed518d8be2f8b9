use waymark_core::event::{AreaLevel, OrgId, WatchRules};

use super::SqliteStorage;
use crate::storage::people::LevelRow;
use crate::storage::{OwnLevels, StorageError};

pub async fn own(storage: &SqliteStorage, org: &OrgId) -> Result<OwnLevels, StorageError> {
    let sql = "SELECT level, interval, grace, prompt, step, hold FROM levels WHERE org = ?1";
    LevelRow::all(sqlx::query_as(sql).bind(&org.0).fetch_all(&storage.readers).await?)
}

pub async fn set(
    storage: &SqliteStorage,
    org: &OrgId,
    level: &AreaLevel,
    rules: &WatchRules,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT OR REPLACE INTO levels (org, level, interval, grace, prompt, step, hold)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(&org.0)
    .bind(level.code())
    .bind(rules.interval)
    .bind(rules.grace)
    .bind(rules.prompt)
    .bind(rules.step)
    .bind(rules.hold)
    .execute(&storage.writer)
    .await?;
    Ok(())
}
