use sqlx::FromRow;
use waymark_core::event::{Event, Kind};

use super::movements::{follow, standings};
use super::references::{self, doers};
use super::{PostgresStorage, Tx, areas_from, areas_text, blobs, kind_text, lock, to_row};
use crate::storage::ingest::{
    Arriving, HeldRow, HeldRows, Taken, addressees, asked_for, held_rows, plan, unite,
};
use crate::storage::{Batch, StorageError};

/// A batch being taken in, and how far the feed is by now.
pub struct Taking<'a> {
    pub tx: Tx,
    pub batch: &'a Batch,
    newest: u64,
}

pub async fn ingest(storage: &PostgresStorage, batch: &Batch) -> Result<Vec<Taken>, StorageError> {
    let mut tx = storage.write().await?;
    // Before anything is looked at: what is read from here on is what the batches before this one left.
    let (before, arrived) = lock(&mut tx, &batch.caller.org).await?;
    let mut taking = Taking { tx, batch, newest: before };
    let held = held(&mut taking).await?;
    let (standings, doers) = (standings(&mut taking).await?, doers(&mut taking).await?);
    let plan = plan(batch, &held, standings, doers);
    if !plan.accepted.is_empty() {
        store(&mut taking, &plan.accepted, arrived).await?;
    }
    keep_conflicts(&mut taking, &plan.conflicts).await?;
    taking.tx.commit().await?;
    if taking.newest > before {
        storage.news.tell(&batch.caller.org, taking.newest);
        storage.statistics.grown(arrived, arrived + plan.accepted.len() as u64);
    }
    Ok(plan.taken(before + 1))
}

impl Taking<'_> {
    /// Takes `count` more places at the end of the feed; gives the last of them.
    pub fn raise(&mut self, count: u64) -> u64 {
        self.newest += count;
        self.newest
    }
}

async fn held(taking: &mut Taking<'_>) -> Result<HeldRows, StorageError> {
    let ids: Vec<_> = asked_for(&taking.batch.events).iter().map(ToString::to_string).collect();
    let rows: Vec<HeldRow> = sqlx::query_as(
        "SELECT id, digest, device, author, seq, received, areas, protected, addressee FROM records
         WHERE org = $1 AND id = ANY($2::text[])",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(ids)
    .fetch_all(&mut *taking.tx)
    .await?;
    held_rows(rows)
}

/// Stores what was accepted from the next place on.
async fn store(taking: &mut Taking<'_>, accepted: &[Arriving<'_>], arrived: u64) -> Result<(), StorageError> {
    let (first, count) = (taking.newest + 1, accepted.len() as u64);
    taking.raise(count);
    insert(taking, accepted, first, arrived).await?;
    references::follow(taking, accepted).await?;
    blobs::follow(taking, accepted).await?;
    announce_again(taking, accepted).await?;
    follow(taking, accepted, first).await?;
    sqlx::query("UPDATE orgs SET seq = $2, arrived = $3 WHERE slug = $1")
        .bind(&taking.batch.caller.org.0)
        .bind(to_row(taking.newest))
        .bind(to_row(arrived + count))
        .execute(&mut *taking.tx)
        .await?;
    Ok(())
}

async fn insert(
    taking: &mut Taking<'_>,
    accepted: &[Arriving<'_>],
    first: u64,
    arrived: u64,
) -> Result<(), StorageError> {
    let texts = |of: fn(&Arriving<'_>) -> String| accepted.iter().map(of).collect::<Vec<_>>();
    let maybe = |of: fn(&Arriving<'_>) -> Option<String>| accepted.iter().map(of).collect::<Vec<_>>();
    let flags = |of: fn(&Arriving<'_>) -> bool| accepted.iter().map(of).collect::<Vec<_>>();
    sqlx::query(
        "INSERT INTO records (org, device, author, received, seq, arrival, id, digest, kind, event, happened, areas,
                              protected, for_all_staff, subject, subject_author, movement, alarm, addressee)
         SELECT $1, $2, $3, $4, $5 + place, $6 + place, id, digest, kind, event, happened, areas,
                protected, for_all_staff, subject, subject_author, movement, alarm, addressee
         FROM unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::boolean[],
                     $14::boolean[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[])
              WITH ORDINALITY AS new (id, digest, kind, event, happened, areas, protected, for_all_staff,
                                      subject, subject_author, movement, alarm, addressee, place)",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(&taking.batch.caller.device.0)
    .bind(&taking.batch.caller.user.0)
    .bind(taking.batch.received.0)
    .bind(to_row(first - 1))
    .bind(to_row(arrived))
    .bind(texts(|new| new.event.id.to_string()))
    .bind(texts(|new| new.event.digest.to_string()))
    .bind(texts(|new| kind_text(new.event)))
    .bind(texts(|new| new.event.to_json().to_string()))
    .bind(accepted.iter().map(|new| new.happened.0).collect::<Vec<_>>())
    .bind(texts(|new| areas_text(&new.areas)))
    .bind(flags(|new| new.protected))
    .bind(flags(|new| new.for_all_staff))
    .bind(maybe(|new| new.subject.map(|id| id.to_string())))
    .bind(maybe(|new| new.subject_author.as_ref().map(|author| author.0.clone())))
    .bind(maybe(|new| new.movement.map(|id| id.to_string())))
    .bind(maybe(|new| new.alarm.map(|id| id.to_string())))
    .bind(maybe(|new| new.addressee.as_ref().map(|addressee| addressee.0.clone())))
    .execute(&mut *taking.tx)
    .await?;
    Ok(())
}

/// A record that waits for the one it answers.
#[derive(FromRow)]
struct Waiting {
    id: String,
    subject: String,
    areas: String,
    adds: bool,
}

/// An answer may come before the record it answers, as when phones send again after a restored backup. Only now is it
/// known whose record it is about, where that is seen and who has to act on it, so it moves to the end of the feed,
/// where these people will still come by.
async fn announce_again(taking: &mut Taking<'_>, accepted: &[Arriving<'_>]) -> Result<(), StorageError> {
    let ids: Vec<_> = accepted.iter().map(|arriving| arriving.event.id.to_string()).collect();
    let addressees = addressees(accepted);
    let waiting: Vec<Waiting> = sqlx::query_as(
        "SELECT id, subject, areas, kind = $3 AS adds FROM records
         WHERE org = $1 AND subject_author IS NULL AND subject IS NOT NULL AND subject = ANY($2::text[]) ORDER BY seq",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(ids)
    .bind(Kind::ReportUpdated.event_type())
    .fetch_all(&mut *taking.tx)
    .await?;
    for Waiting { id, subject, areas, adds } in waiting {
        let seq = taking.raise(1);
        // What is added to what is for some is for those.
        let staff =
            accepted.iter().find(|own| adds && own.for_all_staff && own.event.id.to_string() == subject);
        let areas = match staff {
            Some(own) => own.areas.clone(),
            None => unite(&areas_from(&areas)?, &taking.batch.caller.areas),
        };
        sqlx::query(
            "UPDATE records SET seq = $3, subject_author = $4, areas = $5, addressee = coalesce(addressee, $6),
                 for_all_staff = $7 WHERE org = $1 AND id = $2",
        )
        .bind(&taking.batch.caller.org.0)
        .bind(id)
        .bind(to_row(seq))
        .bind(&taking.batch.caller.user.0)
        .bind(areas_text(&areas))
        .bind(addressees.get(&subject).map(|addressee| &addressee.0))
        .bind(staff.is_some())
        .execute(&mut *taking.tx)
        .await?;
    }
    Ok(())
}

async fn keep_conflicts(taking: &mut Taking<'_>, conflicts: &[&Event]) -> Result<(), StorageError> {
    for event in conflicts {
        sqlx::query(
            "INSERT INTO conflicts (org, id, digest, device, received, event) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT DO NOTHING",
        )
        .bind(&taking.batch.caller.org.0)
        .bind(event.id.to_string())
        .bind(event.digest.to_string())
        .bind(&taking.batch.caller.device.0)
        .bind(taking.batch.received.0)
        .bind(event.to_json().to_string())
        .execute(&mut *taking.tx)
        .await?;
    }
    Ok(())
}
