use waymark_core::event::{Event, Kind, OrgId};

use super::{SqliteStorage, parsed};
use crate::storage::{OWN_ID, StorageError};

/// Found by their author; the server has no other device.
pub async fn brought_in(
    storage: &SqliteStorage,
    org: &OrgId,
    source: &str,
) -> Result<Vec<Event>, StorageError> {
    let rows: Vec<String> = sqlx::query_scalar(
        "WITH own AS (SELECT id, seq, subject, event FROM records WHERE org = ?1 AND author = ?2 AND device = ?2),
              items AS (SELECT id, seq, event FROM own WHERE event ->> '$.data.external.source' = ?3)
         SELECT event FROM (
             SELECT seq, event FROM items
             UNION ALL
             SELECT seq, event FROM own
             WHERE subject IN (SELECT id FROM items) AND event ->> '$.type' = ?4)
         ORDER BY seq",
    )
    .bind(&org.0)
    .bind(OWN_ID)
    .bind(source)
    .bind(Kind::ReportUpdated.event_type())
    .fetch_all(&storage.readers)
    .await?;
    rows.iter().map(|row| read(row)).collect()
}

fn read(row: &str) -> Result<Event, StorageError> {
    let json = parsed(row, "record")?;
    Event::from_json(json).map_err(|_| StorageError::Unreadable("record"))
}
