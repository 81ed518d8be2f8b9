//! What records refer to, and what follows from that for those that came before.

use serde_json::{Value, json};
use waymark_core::event::Kind;

use super::ingest::Tx;
use crate::storage::ingest::{self, Arriving, Doers, actions_asked_for};
use crate::storage::{Batch, StorageError};

/// Who has said that the actions are done that a batch verifies.
pub async fn doers(tx: &mut Tx, batch: &Batch) -> Result<Doers, StorageError> {
    let ids: Vec<_> = actions_asked_for(&batch.events).iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Doers::new());
    }
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT m.target, r.author FROM mentions m
         JOIN records r ON r.org = m.org AND r.id = m.record AND r.subject = m.target
         WHERE m.org = ?1 AND m.target IN (SELECT value FROM json_each(?2)) AND r.event ->> '$.type' = ?3",
    )
    .bind(&batch.caller.org.0)
    .bind(Value::from(ids).to_string())
    .bind(Kind::ActionDone.event_type())
    .fetch_all(&mut **tx)
    .await?;
    ingest::doers(rows)
}

/// Keeps what the stored records refer to, and protects whatever refers to them if they are protected.
pub async fn follow(tx: &mut Tx, batch: &Batch, accepted: &[Arriving<'_>]) -> Result<(), StorageError> {
    let pair = |arriving: &Arriving<'_>| {
        let record = arriving.event.id.to_string();
        let targets = arriving.references.iter().map(ToString::to_string);
        targets.map(|target| json!([target, record])).collect::<Vec<_>>()
    };
    let pairs: Vec<Value> = accepted.iter().flat_map(pair).collect();
    if !pairs.is_empty() {
        sqlx::query(
            "INSERT OR IGNORE INTO mentions (org, target, record)
             SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2)",
        )
        .bind(&batch.caller.org.0)
        .bind(Value::from(pairs).to_string())
        .execute(&mut **tx)
        .await?;
    }
    let protected = accepted.iter().filter(|arriving| arriving.protected);
    let ids: Vec<_> = protected.map(|arriving| arriving.event.id.to_string()).collect();
    if ids.is_empty() { Ok(()) } else { protect(tx, batch, ids).await }
}

/// Protects what refers to these, what refers to that, and so on.
async fn protect(tx: &mut Tx, batch: &Batch, ids: Vec<String>) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE records SET protected = 1 WHERE org = ?1 AND NOT protected AND id IN (
             WITH RECURSIVE kept (id) AS (
                 SELECT value FROM json_each(?2)
                 UNION
                 SELECT m.record FROM kept CROSS JOIN mentions m ON m.org = ?1 AND m.target = kept.id)
             SELECT id FROM kept)",
    )
    .bind(&batch.caller.org.0)
    .bind(Value::from(ids).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
