use super::PostgresStorage;
use crate::storage::StorageError;

pub async fn get(storage: &PostgresStorage, name: &str) -> Result<Option<String>, StorageError> {
    let query = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1").bind(name);
    Ok(query.fetch_optional(&storage.pool).await?)
}

pub async fn put(storage: &PostgresStorage, name: &str, value: &str) -> Result<(), StorageError> {
    let query = sqlx::query(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
    query.bind(name).bind(value).execute(&storage.pool).await?;
    Ok(())
}

/// An update that changes nothing, so that the row is given back whoever wrote it.
pub async fn first(storage: &PostgresStorage, name: &str, value: &str) -> Result<String, StorageError> {
    let sql = "INSERT INTO settings (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = settings.value RETURNING value";
    Ok(sqlx::query_scalar(sql).bind(name).bind(value).fetch_one(&storage.pool).await?)
}
