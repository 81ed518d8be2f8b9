use serde_json::{Value, json};
use sqlx::{Sqlite, Transaction};
use waymark_core::event::{Event, Kind};

use super::blobs;
use super::movements::{follow, standings};
use super::references::{self, doers};
use super::{SqliteStorage, areas_from, areas_text, from_row, to_row};
use crate::storage::ingest::{
    Arriving, HeldRow, HeldRows, Plan, Taken, addressees, asked_for, held_rows, plan, unite,
};
use crate::storage::{Batch, StorageError};

pub type Tx = Transaction<'static, Sqlite>;

pub async fn ingest(storage: &SqliteStorage, batch: &Batch) -> Result<Vec<Taken>, StorageError> {
    let mut tx = storage.write().await?;
    let held = held(&mut tx, batch).await?;
    let (standings, doers) = (standings(&mut tx, batch).await?, doers(&mut tx, batch).await?);
    let plan = plan(batch, &held, standings, doers);
    let first = if plan.accepted.is_empty() { 0 } else { store(&mut tx, batch, &plan).await? };
    if !plan.conflicts.is_empty() {
        keep_conflicts(&mut tx, batch, &plan.conflicts).await?;
    }
    tx.commit().await?;
    Ok(plan.taken(first))
}

async fn held(tx: &mut Tx, batch: &Batch) -> Result<HeldRows, StorageError> {
    let ids: Vec<_> = asked_for(&batch.events).iter().map(ToString::to_string).collect();
    let rows: Vec<HeldRow> = sqlx::query_as(
        "SELECT id, digest, device, author, seq, received, areas, protected, addressee FROM records
         WHERE org = ?1 AND id IN (SELECT value FROM json_each(?2))",
    )
    .bind(&batch.caller.org.0)
    .bind(Value::from(ids).to_string())
    .fetch_all(&mut **tx)
    .await?;
    held_rows(rows)
}

/// Stores what was accepted; gives the place of the first.
async fn store(tx: &mut Tx, batch: &Batch, plan: &Plan<'_>) -> Result<u64, StorageError> {
    let count = plan.accepted.len() as u64;
    let first = raise(tx, batch, count).await? - count + 1;
    let rows: Vec<Value> = plan.accepted.iter().map(row).collect();
    sqlx::query(
        "INSERT INTO records (org, seq, id, digest, device, author, subject, subject_author, protected, areas,
                              received, happened, event, movement, alarm, addressee, for_all_staff)
         SELECT ?1, ?2 + key, value ->> 0, value ->> 1, ?3, ?4, value ->> 2, value ->> 3, value ->> 4, value ->> 9,
                ?5, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 10,
                value ->> 11
         FROM json_each(?6)",
    )
    .bind(&batch.caller.org.0)
    .bind(to_row(first))
    .bind(&batch.caller.device.0)
    .bind(&batch.caller.user.0)
    .bind(batch.received.0)
    .bind(Value::from(rows).to_string())
    .execute(&mut **tx)
    .await?;
    references::follow(tx, batch, &plan.accepted).await?;
    blobs::follow(tx, batch, &plan.accepted).await?;
    announce_again(tx, batch, plan).await?;
    follow(tx, batch, &plan.accepted, first).await?;
    Ok(first)
}

/// Takes `count` more places at the end of the feed; gives the last of them.
pub async fn raise(tx: &mut Tx, batch: &Batch, count: u64) -> Result<u64, StorageError> {
    let newest: i64 = sqlx::query_scalar("UPDATE orgs SET seq = seq + ?2 WHERE slug = ?1 RETURNING seq")
        .bind(&batch.caller.org.0)
        .bind(to_row(count))
        .fetch_one(&mut **tx)
        .await?;
    Ok(from_row(newest))
}

fn row(arriving: &Arriving<'_>) -> Value {
    let event = arriving.event;
    json!([
        event.id.to_string(),
        event.digest.to_string(),
        arriving.subject.map(|id| id.to_string()),
        arriving.subject_author.as_ref().map(|author| &author.0),
        i64::from(arriving.protected),
        arriving.happened.0,
        event.to_json().to_string(),
        arriving.movement.map(|id| id.to_string()),
        arriving.alarm.map(|id| id.to_string()),
        areas_text(&arriving.areas),
        arriving.addressee.as_ref().map(|addressee| &addressee.0),
        i64::from(arriving.for_all_staff),
    ])
}

/// Answers to records that are not here. The ids come first in the join: left to itself, SQLite reads all records of the organisation in
/// their order, which is the one that is asked for.
pub(super) const WAITING: &str = "SELECT r.rowid, r.subject, r.areas, json_extract(r.event, '$.type') = ?3
    FROM json_each(?2) new CROSS JOIN records r ON r.org = ?1 AND r.subject = new.value
    WHERE r.subject IS NOT NULL AND r.subject_author IS NULL ORDER BY r.seq";

/// An answer may come before the record it answers, as when phones send again after a restored backup. Only now is it
/// known whose record it is about, where that is seen and who has to act on it, so it moves to the end of the feed,
/// where these people will still come by.
async fn announce_again(tx: &mut Tx, batch: &Batch, plan: &Plan<'_>) -> Result<(), StorageError> {
    let ids: Vec<_> = plan.accepted.iter().map(|arriving| arriving.event.id.to_string()).collect();
    let addressees = addressees(&plan.accepted);
    let waiting: Vec<(i64, String, String, bool)> = sqlx::query_as(WAITING)
        .bind(&batch.caller.org.0)
        .bind(Value::from(ids).to_string())
        .bind(Kind::ReportUpdated.event_type())
        .fetch_all(&mut **tx)
        .await?;
    for (row, subject, areas, adds) in waiting {
        let seq = raise(tx, batch, 1).await?;
        // What is added to what is for some is for those.
        let staff =
            plan.accepted.iter().find(|own| adds && own.for_all_staff && own.event.id.to_string() == subject);
        let areas = match staff {
            Some(own) => own.areas.clone(),
            None => unite(&areas_from(&areas)?, &batch.caller.areas),
        };
        sqlx::query(
            "UPDATE records SET seq = ?2, subject_author = ?3, areas = ?4, addressee = coalesce(addressee, ?5),
                 for_all_staff = ?6 WHERE rowid = ?1",
        )
        .bind(row)
        .bind(to_row(seq))
        .bind(&batch.caller.user.0)
        .bind(areas_text(&areas))
        .bind(addressees.get(&subject).map(|addressee| &addressee.0))
        .bind(staff.is_some())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn keep_conflicts(tx: &mut Tx, batch: &Batch, conflicts: &[&Event]) -> Result<(), StorageError> {
    for event in conflicts {
        sqlx::query(
            "INSERT INTO conflicts (org, id, digest, device, received, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO NOTHING",
        )
        .bind(&batch.caller.org.0)
        .bind(event.id.to_string())
        .bind(event.digest.to_string())
        .bind(&batch.caller.device.0)
        .bind(batch.received.0)
        .bind(event.to_json().to_string())
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}
