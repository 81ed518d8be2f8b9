//! Rows of records, and what is made of them: the same for every database.

use serde_json::Value;
use sqlx::FromRow;
use waymark_core::event::{Arrival, Event, Record, Stamp, UserId};
use waymark_core::rules::ingest::is_kept_from_crew;
use waymark_core::rules::visibility::{Facts, Viewer, may_see};

use super::columns::{areas_from, from_row};
use super::{Page, StorageError};

/// A record with what decides who may see it.
#[derive(FromRow)]
#[allow(clippy::struct_excessive_bools)] // as the facts they become
pub struct FeedRow {
    pub seq: i64,
    pub author: String,
    pub subject_author: Option<String>,
    pub protected: bool,
    pub areas: String,
    pub planner_areas: Option<String>,
    pub addressed: bool,
    pub for_all_staff: bool,
    pub crew: bool,
    pub tells_of_others: bool,
    pub received: i64,
    pub happened: i64,
    pub event: String,
    pub name: String,
}

/// A record for the watch.
#[derive(FromRow)]
pub struct WatchRow {
    pub seq: i64,
    pub received: i64,
    pub happened: i64,
    pub event: String,
    pub name: String,
}

/// A page out of up to one more row than asked for; `newest` is the highest place looked at.
pub async fn page(
    mut rows: Vec<FeedRow>,
    viewer: &Viewer,
    newest: u64,
    limit: u32,
) -> Result<Page, StorageError> {
    let fits = fitting(&rows, limit as usize);
    let more = rows.len() > fits;
    rows.truncate(fits);
    let next = match rows.last() {
        Some(last) if more => from_row(last.seq),
        _ => newest,
    };
    Ok(Page { records: seen(rows, viewer).await?, next, more })
}

/// Bytes of records on one page: what a phone on a thin link gets within its time limit, unless one alone is more.
const PAGE_BYTES: usize = 512 << 10;

fn fitting(rows: &[FeedRow], limit: usize) -> usize {
    let mut bytes = 0;
    let fits = rows.iter().take(limit).take_while(|row| {
        bytes += row.event.len();
        bytes <= PAGE_BYTES
    });
    fits.count().max(1)
}

/// Those that the viewer may see.
pub async fn seen(rows: Vec<FeedRow>, viewer: &Viewer) -> Result<Vec<Record>, StorageError> {
    let viewer = viewer.clone();
    let read = move || rows.into_iter().filter_map(|row| visible(row, &viewer)).collect();
    tokio::task::spawn_blocking(read).await.map_err(|error| StorageError::Database(error.into()))
}

/// All of them, for the watch.
pub async fn watched(rows: Vec<WatchRow>) -> Result<Vec<Record>, StorageError> {
    let read = move || {
        let one = |row: WatchRow| {
            let (received, happened) = (Stamp(row.received), Stamp(row.happened));
            record(&row.event, Arrival { seq: from_row(row.seq), received, happened, author_name: row.name })
        };
        rows.into_iter().filter_map(one).collect()
    };
    tokio::task::spawn_blocking(read).await.map_err(|error| StorageError::Database(error.into()))
}

/// The areas of the author and of who planned the movement; none if one of them works everywhere.
fn areas(author: &str, planner: Option<&str>) -> Option<Vec<String>> {
    let mut areas = areas_from(author).ok()?;
    if let Some(planner) = planner {
        let more = areas_from(planner).ok()?;
        if areas.is_empty() || more.is_empty() {
            return Some(Vec::new());
        }
        areas.extend(more);
    }
    Some(areas)
}

fn visible(row: FeedRow, viewer: &Viewer) -> Option<Record> {
    let subject_author = row.subject_author.map(UserId);
    let areas = areas(&row.areas, row.planner_areas.as_deref())?;
    let (received, happened) = (Stamp(row.received), Stamp(row.happened));
    let arrival = Arrival { seq: from_row(row.seq), received, happened, author_name: row.name };
    let record = record(&row.event, arrival)?;
    let facts = Facts {
        org: &viewer.org,
        author: &UserId(row.author),
        protected: row.protected,
        subject_author: subject_author.as_ref(),
        tells_of_others: row.tells_of_others,
        addressed: row.addressed,
        for_all_staff: row.for_all_staff,
        crew: row.crew,
        kept_from_crew: is_kept_from_crew(&record.event),
        areas: &areas,
    };
    may_see(viewer, &facts).then_some(record)
}

/// A stored record; `None` if it cannot be read.
fn record(event: &str, arrival: Arrival) -> Option<Record> {
    let read = serde_json::from_str::<Value>(event).ok().map(Event::from_json);
    let Some(Ok(event)) = read else {
        tracing::error!(seq = arrival.seq, "a stored record cannot be read; it is left out");
        return None;
    };
    Some(Record { event, arrival: Some(arrival) })
}
