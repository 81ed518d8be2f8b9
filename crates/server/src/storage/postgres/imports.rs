use std::collections::HashSet;

use waymark_core::event::{Event, Kind, OrgId, Payload};
use waymark_core::rules::ingest::subject_record;

use super::{PostgresStorage, parsed};
use crate::storage::{OWN_ID, StorageError};

/// Found by their author; the server has no other device. The text of an item names its source, and whether it does so in
/// the right place is seen when it is read.
pub async fn brought_in(
    storage: &PostgresStorage,
    org: &OrgId,
    source: &str,
) -> Result<Vec<Event>, StorageError> {
    let rows: Vec<(String, bool)> = sqlx::query_as(
        "WITH own AS (SELECT id, seq, subject, kind, event FROM records WHERE org = $1 AND author = $2 AND device = $2),
              items AS (SELECT id, seq, event FROM own WHERE strpos(event, $3) > 0)
         SELECT event, update FROM (
             SELECT seq, event, FALSE AS update FROM items
             UNION ALL
             SELECT seq, event, TRUE FROM own WHERE subject IN (SELECT id FROM items) AND kind = $4) AS found
         ORDER BY seq, update",
    )
    .bind(&org.0)
    .bind(OWN_ID)
    .bind(serde_json::Value::from(source).to_string())
    .bind(Kind::ReportUpdated.event_type())
    .fetch_all(&storage.pool)
    .await?;
    let mut items = HashSet::new();
    let mut all = vec![];
    for (row, update) in rows {
        let event = read(&row)?;
        let wanted = if update {
            subject_record(&event).is_some_and(|item| items.contains(&item))
        } else {
            is_of(&event, source)
        };
        if wanted && items.insert(event.id) {
            all.push(event);
        }
    }
    Ok(all)
}

fn is_of(event: &Event, source: &str) -> bool {
    matches!(&event.payload, Payload::Open(data) if data["external"]["source"] == source)
}

fn read(row: &str) -> Result<Event, StorageError> {
    let json = parsed(row, "record")?;
    Event::from_json(json).map_err(|_| StorageError::Unreadable("record"))
}
