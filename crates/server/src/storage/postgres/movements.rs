//! Who travels in what, kept up to date by the plans that arrive.

use waymark_core::event::{EventId, Kind, UserId};

use super::ingest::Taking;
use super::{areas_text, to_row};
use crate::storage::StorageError;
use crate::storage::ingest::{self, Arriving, Change, StandingRow, Standings, movements_asked_for};

/// How the sender of a batch stands to the movements that matter to it.
pub async fn standings(taking: &mut Taking<'_>) -> Result<Standings, StorageError> {
    let ids: Vec<_> = movements_asked_for(&taking.batch.events).iter().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Standings::new());
    }
    let rows: Vec<StandingRow> = sqlx::query_as(
        "SELECT m.id, c.aboard, m.planner = $2 OR c.\"user\" IS NOT NULL
         FROM movements m LEFT JOIN crews c ON c.org = m.org AND c.\"user\" = $2 AND c.movement = m.id
         WHERE m.org = $1 AND m.planner IS NOT NULL AND m.id = ANY($3::text[])",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(&taking.batch.caller.user.0)
    .bind(ids)
    .fetch_all(&mut *taking.tx)
    .await?;
    ingest::standings(rows)
}

/// Follows what was stored from place `first` on.
pub async fn follow(
    taking: &mut Taking<'_>,
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
    sqlx::query("INSERT INTO movements (org, id) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING")
        .bind(&taking.batch.caller.org.0)
        .bind(ids)
        .execute(&mut *taking.tx)
        .await?;
    for arriving in accepted {
        match (arriving.movement, &arriving.change) {
            (Some(movement), Some(Change::Plan { first: is_first, crew })) => {
                let known = *is_first && know(taking, movement).await?;
                if !is_first {
                    judge_end(taking, movement).await?;
                }
                if board(taking, movement, crew).await? || known {
                    announce_all_again(taking, movement, first).await?;
                }
            }
            (Some(movement), Some(Change::Closed)) => judge_end(taking, movement).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Keeps who planned it; whether that is new.
async fn know(taking: &mut Taking<'_>, movement: EventId) -> Result<bool, StorageError> {
    let query = sqlx::query(
        "UPDATE movements SET planner = $3, areas = $4 WHERE org = $1 AND id = $2 AND planner IS NULL",
    );
    let done = query
        .bind(&taking.batch.caller.org.0)
        .bind(movement.to_string())
        .bind(&taking.batch.caller.user.0)
        .bind(areas_text(&taking.batch.caller.areas))
        .execute(&mut *taking.tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps who travels by this plan; whether somebody is new.
async fn board(taking: &mut Taking<'_>, movement: EventId, crew: &[UserId]) -> Result<bool, StorageError> {
    let (org, movement) = (&taking.batch.caller.org.0, movement.to_string());
    let users: Vec<_> = crew.iter().map(|user| user.0.as_str()).collect();
    let new = sqlx::query(
        "INSERT INTO crews (org, movement, \"user\", aboard) SELECT $1, $2, unnest($3::text[]), TRUE ON CONFLICT DO NOTHING",
    )
    .bind(org)
    .bind(&movement)
    .bind(&users)
    .execute(&mut *taking.tx)
    .await?;
    sqlx::query("UPDATE crews SET aboard = \"user\" = ANY($3::text[]) WHERE org = $1 AND movement = $2")
        .bind(org)
        .bind(&movement)
        .bind(&users)
        .execute(&mut *taking.tx)
        .await?;
    Ok(new.rows_affected() > 0)
}

/// Keeps when it was closed, as core has it: by a closing after which nobody has changed the plan.
async fn judge_end(taking: &mut Taking<'_>, movement: EventId) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE movements SET closed = (
             SELECT CASE WHEN max(r.at) FILTER (WHERE r.kind = $3) >= coalesce(max(r.at) FILTER (WHERE r.kind = $4), 0)
                    THEN max(r.received) FILTER (WHERE r.kind = $3) END
             FROM (SELECT least(happened, received) AS at, received, kind FROM records WHERE org = $1 AND movement = $2) AS r)
         WHERE org = $1 AND id = $2",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(movement.to_string())
    .bind(Kind::MovementClosed.event_type())
    .bind(Kind::MovementRevised.event_type())
    .execute(&mut *taking.tx)
    .await?;
    Ok(())
}

/// Somebody may now see what they could not see: what came before place `first` moves to the end of the feed, in its
/// order, where their phone still comes by.
async fn announce_all_again(
    taking: &mut Taking<'_>,
    movement: EventId,
    first: u64,
) -> Result<(), StorageError> {
    let (org, movement) = (&taking.batch.caller.org.0, movement.to_string());
    let count: i64 =
        sqlx::query_scalar("SELECT count(*) FROM records WHERE org = $1 AND movement = $2 AND seq < $3")
            .bind(org)
            .bind(&movement)
            .bind(to_row(first))
            .fetch_one(&mut *taking.tx)
            .await?;
    let count = u64::try_from(count).unwrap_or_default();
    if count == 0 {
        return Ok(());
    }
    let newest = taking.raise(count);
    sqlx::query(
        "UPDATE records SET seq = $4 + moved.place FROM (
             SELECT id, row_number() OVER (ORDER BY seq) AS place FROM records
             WHERE org = $1 AND movement = $2 AND seq < $3) AS moved
         WHERE records.org = $1 AND records.id = moved.id",
    )
    .bind(org)
    .bind(&movement)
    .bind(to_row(first))
    .bind(to_row(newest - count))
    .execute(&mut *taking.tx)
    .await?;
    Ok(())
}
