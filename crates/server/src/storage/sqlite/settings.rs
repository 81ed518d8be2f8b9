use super::SqliteStorage;
use crate::storage::StorageError;

pub async fn get(storage: &SqliteStorage, name: &str) -> Result<Option<String>, StorageError> {
    let query = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?1").bind(name);
    Ok(query.fetch_optional(&storage.readers).await?)
}

pub async fn put(storage: &SqliteStorage, name: &str, value: &str) -> Result<(), StorageError> {
    let query = sqlx::query("INSERT OR REPLACE INTO settings (name, value) VALUES (?1, ?2)");
    query.bind(name).bind(value).execute(&storage.writer).await?;
    Ok(())
}

/// An update that changes nothing, so that the row is given back whoever wrote it.
pub async fn first(storage: &SqliteStorage, name: &str, value: &str) -> Result<String, StorageError> {
    let sql = "INSERT INTO settings (name, value) VALUES (?1, ?2)
        ON CONFLICT (name) DO UPDATE SET value = value RETURNING value";
    Ok(sqlx::query_scalar(sql).bind(name).bind(value).fetch_one(&storage.writer).await?)
}
