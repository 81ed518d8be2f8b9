use waymark_core::event::{OrgId, Stamp};

use super::SqliteStorage;
use crate::storage::{Created, Org, StorageError};

pub async fn create(storage: &SqliteStorage, org: &Org, now: Stamp) -> Result<Created, StorageError> {
    let sql = "INSERT INTO orgs (slug, name, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(&org.slug.0).bind(&org.name).bind(now.0);
    match query.execute(&storage.writer).await?.rows_affected() {
        0 => Ok(Created::AlreadyThere),
        _ => Ok(Created::Created),
    }
}

pub async fn all(storage: &SqliteStorage) -> Result<Vec<Org>, StorageError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT slug, name FROM orgs ORDER BY slug").fetch_all(&storage.readers).await?;
    Ok(rows.into_iter().map(|(slug, name)| Org { slug: OrgId(slug), name }).collect())
}
