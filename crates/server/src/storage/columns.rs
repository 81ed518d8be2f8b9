//! How values stand in the columns of every database.

use std::str::FromStr;

use waymark_core::event::Event;
use waymark_core::rules::Role;

use super::StorageError;

/// `SQLITE_FULL` of <https://sqlite.org/rescode.html>, and `disk_full` of PostgreSQL's appendix "Error Codes".
const FULL: [&str; 2] = ["13", "53100"];

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        if code.is_some_and(|code| FULL.contains(&code.as_ref())) {
            Self::Full(error.into())
        } else {
            Self::Database(error.into())
        }
    }
}

/// A place in the feed, or a count, as databases keep it.
pub fn to_row(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub fn from_row(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// A small number of a column that holds no other.
pub fn small(number: i64, what: &'static str) -> Result<u32, StorageError> {
    u32::try_from(number).map_err(|_| StorageError::Unreadable(what))
}

pub fn areas_text(areas: &[String]) -> String {
    serde_json::Value::from(areas).to_string()
}

pub fn areas_from(text: &str) -> Result<Vec<String>, StorageError> {
    serde_json::from_str(text).map_err(|_| StorageError::Unreadable("list of areas"))
}

pub fn role_from(code: &str) -> Result<Role, StorageError> {
    Role::from_code(code).ok_or(StorageError::Unreadable("role"))
}

/// The type of an event for a column; types of other makers may hold a NUL, which PostgreSQL does not keep.
pub fn kind_text(event: &Event) -> String {
    event.kind.event_type().replace('\0', "\u{fffd}")
}

pub fn parsed<T: FromStr>(text: &str, what: &'static str) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::Unreadable(what))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;
    use crate::problem::Problem;

    #[tokio::test]
    async fn a_database_that_may_not_grow_says_that_it_is_full() {
        let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        for statement in ["CREATE TABLE rows (text TEXT)", "PRAGMA max_page_count = 3"] {
            sqlx::raw_sql(statement).execute(&mut database).await.unwrap();
        }
        let insert = sqlx::query("INSERT INTO rows VALUES (hex(randomblob(100000)))");
        let error: StorageError = insert.execute(&mut database).await.unwrap_err().into();
        assert!(matches!(error, StorageError::Full(_)), "{error}");
        let told = Problem::from(error).into_response();
        let body = axum::body::to_bytes(told.into_body(), 1 << 16).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("storage_full"));
        let wrong = sqlx::query("INSERT INTO no_such_table VALUES (1)").execute(&mut database).await;
        assert!(matches!(StorageError::from(wrong.unwrap_err()), StorageError::Database(_)));
    }
}
