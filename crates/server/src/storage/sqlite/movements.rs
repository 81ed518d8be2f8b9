//! Who travels in what, kept up to date by the plans that arrive.

use serde_json::Value;
use waymark_core::event::{EventId, Kind, UserId};

use super::ingest::{Tx, raise};
use super::{areas_text, to_row};
use crate::storage::ingest::{self, Arriving, Change, StandingRow, Standings, movements_asked_for};
use crate::storage::{Batch, StorageError};

/// How the sender of a batch stands to the movements that matter to it.
pub async fn standings(tx: &mut Tx, batch: &Batch) -> Result<Standings, StorageError> {
    let ids: Vec<_> = movements_asked_for(&batch.events).iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Standings::new());
    }
    let rows: Vec<StandingRow> = sqlx::query_as(
        "SELECT m.id, c.aboard, m.planner = ?2 OR c.user IS NOT NULL
         FROM movements m LEFT JOIN crews c ON c.org = m.org AND c.user = ?2 AND c.movement = m.id
         WHERE m.org = ?1 AND m.planner IS NOT NULL AND m.id IN (SELECT value FROM json_each(?3))",
    )
    .bind(&batch.caller.org.0)
    .bind(&batch.caller.user.0)
    .bind(Value::from(ids).to_string())
    .fetch_all(&mut **tx)
    .await?;
    ingest::standings(rows)
}

/// Follows what was stored from place `first` on.
pub async fn follow(
    tx: &mut Tx,
    batch: &Batch,
    accepted: &[Arriving<'_>],
    first: u64,
) -> Result<(), StorageError> {
    let mut named: Vec<_> = accepted.iter().filter_map(|arriving| arriving.movement).collect();
    if named.is_empty() {
        return Ok(());
    }
    named.sort_unstable();
    named.dedup();
    let ids: Vec<_> = named.iter().map(ToString::to_string).collect();
    sqlx::query("INSERT OR IGNORE INTO movements (org, id) SELECT ?1, value FROM json_each(?2)")
        .bind(&batch.caller.org.0)
        .bind(Value::from(ids).to_string())
        .execute(&mut **tx)
        .await?;
    for arriving in accepted {
        match (arriving.movement, &arriving.change) {
            (Some(movement), Some(Change::Plan { first: is_first, crew })) => {
                let known = *is_first && know(tx, batch, movement).await?;
                if !is_first {
                    judge_end(tx, batch, movement).await?;
                }
                if board(tx, batch, movement, crew).await? || known {
                    announce_all_again(tx, batch, movement, first).await?;
                }
            }
            (Some(movement), Some(Change::Closed)) => judge_end(tx, batch, movement).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Keeps who planned it; whether that is new.
async fn know(tx: &mut Tx, batch: &Batch, movement: EventId) -> Result<bool, StorageError> {
    let query = sqlx::query(
        "UPDATE movements SET planner = ?3, areas = ?4 WHERE org = ?1 AND id = ?2 AND planner IS NULL",
    );
    let done = query
        .bind(&batch.caller.org.0)
        .bind(movement.to_string())
        .bind(&batch.caller.user.0)
        .bind(areas_text(&batch.caller.areas))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps who travels by this plan; whether somebody is new.
async fn board(tx: &mut Tx, batch: &Batch, movement: EventId, crew: &[UserId]) -> Result<bool, StorageError> {
    let (org, movement) = (&batch.caller.org.0, movement.to_string());
    let users = Value::from(crew.iter().map(|user| user.0.clone()).collect::<Vec<_>>()).to_string();
    let new = sqlx::query(
        "INSERT OR IGNORE INTO crews (org, movement, user, aboard) SELECT ?1, ?2, value, 1 FROM json_each(?3)",
    )
    .bind(org)
    .bind(&movement)
    .bind(&users)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE crews SET aboard = user IN (SELECT value FROM json_each(?3)) WHERE org = ?1 AND movement = ?2",
    )
    .bind(org)
    .bind(&movement)
    .bind(&users)
    .execute(&mut **tx)
    .await?;
    Ok(new.rows_affected() > 0)
}

/// Keeps when it was closed, as core has it: by a closing after which nobody has changed the plan.
async fn judge_end(tx: &mut Tx, batch: &Batch, movement: EventId) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE movements SET closed = (
             SELECT CASE WHEN max(r.at) FILTER (WHERE r.type = ?3) >= coalesce(max(r.at) FILTER (WHERE r.type = ?4), 0)
                    THEN max(r.received) FILTER (WHERE r.type = ?3) END
             FROM (SELECT min(happened, received) AS at, received, event ->> '$.type' AS type
                   FROM records WHERE org = ?1 AND movement = ?2) AS r)
         WHERE org = ?1 AND id = ?2",
    )
    .bind(&batch.caller.org.0)
    .bind(movement.to_string())
    .bind(Kind::MovementClosed.event_type())
    .bind(Kind::MovementRevised.event_type())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Somebody may now see what they could not see: what came before place `first` moves to the end of the feed, in its
/// order, where their phone still comes by.
async fn announce_all_again(
    tx: &mut Tx,
    batch: &Batch,
    movement: EventId,
    first: u64,
) -> Result<(), StorageError> {
    let (org, movement) = (&batch.caller.org.0, movement.to_string());
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM records WHERE org = ?1 AND movement = ?2 AND seq < ?3")
            .bind(org)
            .bind(&movement)
            .bind(to_row(first))
            .fetch_one(&mut **tx)
            .await?;
    let count = u64::try_from(count).unwrap_or_default();
    if count == 0 {
        return Ok(());
    }
    let newest = raise(tx, batch, count).await?;
    sqlx::query(
        "UPDATE records SET seq = ?4 + moved.place FROM (
             SELECT rowid AS row, row_number() OVER (ORDER BY seq) AS place FROM records
             WHERE org = ?1 AND movement = ?2 AND seq < ?3) AS moved
         WHERE records.rowid = moved.row",
    )
    .bind(org)
    .bind(&movement)
    .bind(to_row(first))
    .bind(to_row(newest - count))
    .execute(&mut **tx)
    .await?;
    Ok(())
}
