//! What records refer to, and what follows from that for those that came before.

use waymark_core::event::Kind;

use super::ingest::Taking;
use crate::storage::StorageError;
use crate::storage::ingest::{self, Arriving, Doers, actions_asked_for};

/// Who has said that the actions are done that a batch verifies.
pub async fn doers(taking: &mut Taking<'_>) -> Result<Doers, StorageError> {
    let ids: Vec<_> = actions_asked_for(&taking.batch.events).iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Doers::new());
    }
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT m.target, r.author FROM mentions m
         JOIN records r ON r.org = m.org AND r.id = m.record AND r.subject = m.target
         WHERE m.org = $1 AND m.target = ANY($2::text[]) AND r.kind = $3",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(ids)
    .bind(Kind::ActionDone.event_type())
    .fetch_all(&mut *taking.tx)
    .await?;
    ingest::doers(rows)
}

/// Keeps what the stored records refer to, and protects whatever refers to them if they are protected.
pub async fn follow(taking: &mut Taking<'_>, accepted: &[Arriving<'_>]) -> Result<(), StorageError> {
    let pair = |arriving: &Arriving<'_>| {
        let record = arriving.event.id.to_string();
        let targets = arriving.references.iter().map(ToString::to_string);
        targets.map(|target| (target, record.clone())).collect::<Vec<_>>()
    };
    let (targets, records): (Vec<_>, Vec<_>) = accepted.iter().flat_map(pair).unzip();
    if !targets.is_empty() {
        sqlx::query(
            "INSERT INTO mentions (org, target, record)
             SELECT $1, target, record FROM unnest($2::text[], $3::text[]) AS new (target, record) ON CONFLICT DO NOTHING",
        )
        .bind(&taking.batch.caller.org.0)
        .bind(targets)
        .bind(records)
        .execute(&mut *taking.tx)
        .await?;
    }
    let protected = accepted.iter().filter(|arriving| arriving.protected);
    let ids: Vec<_> = protected.map(|arriving| arriving.event.id.to_string()).collect();
    if ids.is_empty() { Ok(()) } else { protect(taking, ids).await }
}

/// Protects what refers to these, what refers to that, and so on.
async fn protect(taking: &mut Taking<'_>, ids: Vec<String>) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE records SET protected = TRUE WHERE org = $1 AND NOT protected AND id IN (
             WITH RECURSIVE kept (id) AS (
                 SELECT unnest($2::text[]) COLLATE \"C\"
                 UNION
                 SELECT m.record FROM kept JOIN mentions m ON m.org = $1 AND m.target = kept.id)
             SELECT id FROM kept)",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(ids)
    .execute(&mut *taking.tx)
    .await?;
    Ok(())
}
