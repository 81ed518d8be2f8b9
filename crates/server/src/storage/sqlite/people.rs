use waymark_core::event::{OrgId, UserId};
use waymark_core::rules::visibility::Viewer;

use super::{SqliteStorage, areas_text};
use crate::storage::people::person;
use crate::storage::{OWN_ID, Person, StorageError};

/// Whether the areas of a user and those of `?2` have one in common; none stands for everywhere.
pub(super) const SHARES: &str = "(?2 = '[]' OR u.areas = '[]'
    OR EXISTS (SELECT 1 FROM json_each(u.areas) WHERE value IN (SELECT value FROM json_each(?2))))";

pub async fn directory(storage: &SqliteStorage, viewer: &Viewer) -> Result<Vec<Person>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!(
        "SELECT u.id, u.name, u.role,
           (SELECT MAX(d.seen) FROM devices d WHERE d.org = u.org AND d.user = u.id AND d.revoked IS NULL)
         FROM users u WHERE u.org = ?1 AND u.id <> ?3 AND {SHARES}
         AND EXISTS (SELECT 1 FROM devices d WHERE d.org = u.org AND d.user = u.id AND d.revoked IS NULL)
         ORDER BY u.name, u.id"
    ));
    let rows: Vec<(String, String, String, Option<i64>)> = sqlx::query_as(sql)
        .bind(&viewer.org.0)
        .bind(areas_text(&viewer.areas))
        .bind(OWN_ID)
        .fetch_all(&storage.readers)
        .await?;
    rows.into_iter().map(person).collect()
}

pub async fn outside(
    storage: &SqliteStorage,
    org: &OrgId,
    areas: &[String],
) -> Result<Vec<UserId>, StorageError> {
    let sql = sqlx::AssertSqlSafe(format!("SELECT u.id FROM users u WHERE u.org = ?1 AND NOT {SHARES}"));
    let rows: Vec<String> =
        sqlx::query_scalar(sql).bind(&org.0).bind(areas_text(areas)).fetch_all(&storage.readers).await?;
    Ok(rows.into_iter().map(UserId).collect())
}
