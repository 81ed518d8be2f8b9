use waymark_core::event::{OrgId, Stamp};

use super::PostgresStorage;
use crate::storage::{Created, Org, StorageError};

pub async fn create(storage: &PostgresStorage, org: &Org, now: Stamp) -> Result<Created, StorageError> {
    let sql = "INSERT INTO orgs (slug, name, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(&org.slug.0).bind(&org.name).bind(now.0);
    match query.execute(&storage.pool).await?.rows_affected() {
        0 => Ok(Created::AlreadyThere),
        _ => Ok(Created::Created),
    }
}

pub async fn all(storage: &PostgresStorage) -> Result<Vec<Org>, StorageError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT slug, name FROM orgs ORDER BY slug").fetch_all(&storage.pool).await?;
    Ok(rows.into_iter().map(|(slug, name)| Org { slug: OrgId(slug), name }).collect())
}
