use waymark_core::event::{DeviceId, Digest, OrgId};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;

use super::{SqliteStorage, areas_text, from_row, to_row};
use crate::storage::rows::{self, FeedRow};
use crate::storage::{Page, StorageError};

/// `?1` is the organisation and `?2` who is looking.
const COLUMNS: &str =
    "SELECT r.seq, r.author, r.subject_author, r.protected, r.areas, m.areas AS planner_areas, r.received,
    r.happened, r.event, u.name, r.addressee IS ?2 AS addressed, r.for_all_staff,
    EXISTS (SELECT 1 FROM crews c WHERE c.org = r.org AND c.user = ?2 AND c.movement = r.movement) AS crew,
    r.protected AND r.subject_author IS ?2 AND EXISTS (
        SELECT 1 FROM mentions n JOIN records p ON p.org = n.org AND p.id = n.target
        WHERE n.org = r.org AND n.record = r.id AND p.protected AND p.author <> ?2) AS tells_of_others
    FROM records r JOIN users u ON u.org = r.org AND u.id = r.author
    LEFT JOIN movements m ON m.org = r.org AND m.id = r.movement";
/// By the five indexes: a traveller's page must not read through what everybody else wrote.
pub const OWN: &str = "WHERE r.device <> ?5 AND r.rowid IN (
    SELECT rowid FROM records WHERE org = ?1 AND author = ?2 AND seq > ?3 AND seq <= ?4
    UNION
    SELECT rowid FROM records WHERE org = ?1 AND subject_author = ?2 AND seq > ?3 AND seq <= ?4
    UNION
    SELECT rowid FROM records WHERE org = ?1 AND addressee = ?2 AND seq > ?3 AND seq <= ?4
    UNION
    SELECT rowid FROM records WHERE org = ?1 AND for_all_staff = 1 AND seq > ?3 AND seq <= ?4
    UNION
    SELECT own.rowid FROM crews c CROSS JOIN records own ON own.org = ?1 AND own.movement = c.movement
    WHERE c.org = ?1 AND c.user = ?2 AND own.seq > ?3 AND own.seq <= ?4)";
/// What a manager, security or central may see at most; [`may_see`] decides.
pub const WATCHED: &str = "WHERE r.org = ?1 AND r.seq > ?3 AND r.seq <= ?4 AND r.device <> ?5
    AND (r.author = ?2 OR r.subject_author = ?2 OR ((?6 OR NOT r.protected)
         AND (?7 = '[]' OR r.areas = '[]' OR m.areas = '[]' OR crew OR addressed
              OR EXISTS (SELECT 1 FROM json_each(r.areas) WHERE value IN (SELECT value FROM json_each(?7)))
              OR EXISTS (SELECT 1 FROM json_each(m.areas) WHERE value IN (SELECT value FROM json_each(?7))))))";
/// The records that name a photo and whose authors have sent it.
pub const NAMING: &str = "JOIN blobs b ON b.org = r.org AND b.sha256 = ?3 AND b.user = r.author
    WHERE r.org = ?1 AND r.id IN (SELECT record FROM photos WHERE org = ?1 AND sha256 = ?3)";
const ORDER: &str = "ORDER BY r.seq LIMIT ?8";

pub async fn newest(storage: &SqliteStorage, org: &OrgId) -> Result<u64, StorageError> {
    let newest: Option<i64> = sqlx::query_scalar("SELECT seq FROM orgs WHERE slug = ?1")
        .bind(&org.0)
        .fetch_optional(&storage.readers)
        .await?;
    Ok(from_row(newest.unwrap_or_default()))
}

pub async fn page(
    storage: &SqliteStorage,
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

pub fn select(filter: &str) -> String {
    format!("{COLUMNS} {filter} {ORDER}")
}

/// Up to one more row than asked for, so that it is known whether there are more.
async fn rows(
    storage: &SqliteStorage,
    viewer: &Viewer,
    device: &DeviceId,
    (after, newest): (u64, u64),
    limit: u32,
) -> Result<Vec<FeedRow>, StorageError> {
    let filter = match viewer.role {
        Role::Traveller | Role::Reporter => OWN,
        Role::Manager | Role::Security | Role::Central => WATCHED,
    };
    let sees_protected = matches!(viewer.role, Role::Security | Role::Central);
    let query = sqlx::query_as(sqlx::AssertSqlSafe(select(filter)))
        .bind(&viewer.org.0)
        .bind(&viewer.user.0)
        .bind(to_row(after))
        .bind(to_row(newest))
        .bind(&device.0)
        .bind(sees_protected)
        .bind(areas_text(&viewer.areas))
        .bind(i64::from(limit) + 1);
    Ok(query.fetch_all(&storage.readers).await?)
}

/// Whether the viewer may see a record that names this photo and whose author has sent it.
pub async fn named_by(
    storage: &SqliteStorage,
    viewer: &Viewer,
    photo: &Digest,
) -> Result<bool, StorageError> {
    let query = sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS} {NAMING}")));
    let query = query.bind(&viewer.org.0).bind(&viewer.user.0).bind(photo.to_string());
    Ok(!rows::seen(query.fetch_all(&storage.readers).await?, viewer).await?.is_empty())
}
