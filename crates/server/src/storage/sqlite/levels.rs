use sqlx::FromRow;
use waymark_core::event::{AreaLevel, OrgId, WatchRules};

use super::SqliteStorage;
use crate::storage::{OwnLevels, StorageError};

#[derive(FromRow)]
struct Row {
    level: String,
    interval: u32,
    grace: u32,
    prompt: u32,
    step: u32,
    hold: u32,
}

pub async fn own(storage: &SqliteStorage, org: &OrgId) -> Result<OwnLevels, StorageError> {
    let sql = "SELECT level, interval, grace, prompt, step, hold FROM levels WHERE org = ?1";
    let rows: Vec<Row> = sqlx::query_as(sql).bind(&org.0).fetch_all(&storage.readers).await?;
    let rules = |Row { level, interval, grace, prompt, step, hold }| {
        (AreaLevel::from_code(&level), WatchRules { interval, grace, prompt, step, hold })
    };
    Ok(rows.into_iter().map(rules).collect())
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
