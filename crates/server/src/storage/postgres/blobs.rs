use waymark_core::event::{Digest, Stamp};
use waymark_core::rules::visibility::Viewer;

use super::feed::named_by;
use super::ingest::Taking;
use super::{PostgresStorage, to_row};
use crate::storage::ingest::Arriving;
use crate::storage::{Caller, StorageError};

pub async fn add(
    storage: &PostgresStorage,
    caller: &Caller,
    digest: &Digest,
    bytes: u64,
    now: Stamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO blobs (org, sha256, \"user\", bytes, received) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING";
    sqlx::query(sql)
        .bind(&caller.org.0)
        .bind(digest.to_string())
        .bind(&caller.user.0)
        .bind(to_row(bytes))
        .bind(now.0)
        .execute(&storage.pool)
        .await?;
    Ok(())
}

pub async fn may_see(
    storage: &PostgresStorage,
    viewer: &Viewer,
    digest: &Digest,
) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blobs WHERE org = $1 AND \"user\" = $2 AND sha256 = $3)";
    let query = sqlx::query_scalar(sql).bind(&viewer.org.0).bind(&viewer.user.0).bind(digest.to_string());
    Ok(query.fetch_one(&storage.pool).await? || named_by(storage, viewer, digest).await?)
}

/// Keeps which photos the stored records name.
pub async fn follow(taking: &mut Taking<'_>, accepted: &[Arriving<'_>]) -> Result<(), StorageError> {
    let pair = |arriving: &Arriving<'_>| {
        let record = arriving.event.id.to_string();
        let photos = arriving.photos.iter().map(ToString::to_string);
        photos.map(|photo| (photo, record.clone())).collect::<Vec<_>>()
    };
    let (photos, records): (Vec<_>, Vec<_>) = accepted.iter().flat_map(pair).unzip();
    if photos.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO photos (org, sha256, record)
         SELECT $1, photo, record FROM unnest($2::text[], $3::text[]) AS named (photo, record) ON CONFLICT DO NOTHING",
    )
    .bind(&taking.batch.caller.org.0)
    .bind(photos)
    .bind(records)
    .execute(&mut *taking.tx)
    .await?;
    Ok(())
}
