use waymark_core::event::{DeviceId, Digest, OrgId};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;

use super::{PostgresStorage, from_row, to_row};
use crate::storage::rows::{self, FeedRow};
use crate::storage::{Page, StorageError};

/// `$1` is the organisation and `$2` who is looking.
const COLUMNS: &str =
    "SELECT r.seq, r.author, r.subject_author, r.protected, r.areas, m.areas AS planner_areas, r.received,
    r.happened, r.event, u.name, own.addressed, r.for_all_staff, own.crew,
    r.protected AND r.subject_author IS NOT DISTINCT FROM $2 AND EXISTS (
        SELECT 1 FROM mentions n JOIN records p ON p.org = n.org AND p.id = n.target
        WHERE n.org = r.org AND n.record = r.id AND p.protected AND p.author <> $2) AS tells_of_others";
const JOINS: &str = "JOIN users u ON u.org = r.org AND u.id = r.author
    LEFT JOIN movements m ON m.org = r.org AND m.id = r.movement
    CROSS JOIN LATERAL (SELECT r.addressee IS NOT DISTINCT FROM $2 AS addressed,
        EXISTS (SELECT 1 FROM crews c WHERE c.org = r.org AND c.\"user\" = $2 AND c.movement = r.movement) AS crew) own";
/// By the five indexes: a traveller's page must not read through what everybody else wrote. The page first and then what
/// belongs to it: a planner that has no statistics yet takes everybody's records for few, and joins them all.
const OWN: &str = "(SELECT * FROM records WHERE org = $1 AND device <> $5 AND seq IN (
    SELECT seq FROM records WHERE org = $1 AND author = $2 AND seq > $3 AND seq <= $4
    UNION
    SELECT seq FROM records WHERE org = $1 AND subject_author = $2 AND seq > $3 AND seq <= $4
    UNION
    SELECT seq FROM records WHERE org = $1 AND addressee = $2 AND seq > $3 AND seq <= $4
    UNION
    SELECT seq FROM records WHERE org = $1 AND for_all_staff AND seq > $3 AND seq <= $4
    UNION
    SELECT own.seq FROM crews c JOIN records own ON own.org = $1 AND own.movement = c.movement
    WHERE c.org = $1 AND c.\"user\" = $2 AND own.seq > $3 AND own.seq <= $4)
    ORDER BY seq LIMIT $6)";
/// What a manager, security or central may see at most; [`may_see`] decides.
///
/// [`may_see`]: waymark_core::rules::visibility::may_see
const WATCHED: &str = "WHERE r.org = $1 AND r.seq > $3 AND r.seq <= $4 AND r.device <> $5
    AND (r.author = $2 OR r.subject_author = $2 OR (($7 OR NOT r.protected)
         AND (cardinality($8::text[]) = 0 OR r.areas = '[]' OR m.areas = '[]' OR own.crew OR own.addressed
              OR r.areas::jsonb ?| $8::text[] OR m.areas::jsonb ?| $8::text[])))
    ORDER BY r.seq LIMIT $6";
/// The records that name a photo and whose authors have sent it.
const NAMING: &str = "JOIN blobs b ON b.org = r.org AND b.sha256 = $3 AND b.\"user\" = r.author
    WHERE r.org = $1 AND r.id IN (SELECT record FROM photos WHERE org = $1 AND sha256 = $3)";

pub async fn newest(storage: &PostgresStorage, org: &OrgId) -> Result<u64, StorageError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT seq FROM orgs WHERE slug = $1")
        .bind(&org.0)
        .fetch_optional(&storage.pool)
        .await?;
    Ok(from_row(newest.unwrap_or_default()))
}

pub async fn page(
    storage: &PostgresStorage,
    viewer: &Viewer,
    device: &DeviceId,
    after: u64,
    limit: u32,
) -> Result<Page, StorageError> {
    // The counter first: whatever is committed later has a higher place.
    let newest = newest(storage, &viewer.org).await?;
    let rows = rows(storage, viewer, device, (after, newest), limit).await?;
    rows::page(rows, viewer, newest.max(after), limit).await
}

fn select(records: &str, filter: &str) -> String {
    format!("{COLUMNS} FROM {records} r {JOINS} {filter}")
}

/// Up to one more row than asked for, so that it is known whether there are more.
async fn rows(
    storage: &PostgresStorage,
    viewer: &Viewer,
    device: &DeviceId,
    (after, newest): (u64, u64),
    limit: u32,
) -> Result<Vec<FeedRow>, StorageError> {
    let watches = matches!(viewer.role, Role::Manager | Role::Security | Role::Central);
    let sql = if watches { select("records", WATCHED) } else { select(OWN, "ORDER BY r.seq") };
    let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(&viewer.org.0)
        .bind(&viewer.user.0)
        .bind(to_row(after))
        .bind(to_row(newest))
        .bind(&device.0)
        .bind(i64::from(limit) + 1);
    if watches {
        let sees_protected = matches!(viewer.role, Role::Security | Role::Central);
        query = query.bind(sees_protected).bind(&viewer.areas);
    }
    Ok(query.fetch_all(&storage.pool).await?)
}

/// Whether the viewer may see a record that names this photo and whose author has sent it.
pub async fn named_by(
    storage: &PostgresStorage,
    viewer: &Viewer,
    photo: &Digest,
) -> Result<bool, StorageError> {
    let query = sqlx::query_as(sqlx::AssertSqlSafe(select("records", NAMING)));
    let query = query.bind(&viewer.org.0).bind(&viewer.user.0).bind(photo.to_string());
    Ok(!rows::seen(query.fetch_all(&storage.pool).await?, viewer).await?.is_empty())
}
