use serde_json::{Value, json};
use waymark_core::event::{Digest, Stamp};
use waymark_core::rules::visibility::Viewer;

use super::feed::named_by;
use super::ingest::Tx;
use super::{SqliteStorage, to_row};
use crate::storage::ingest::Arriving;
use crate::storage::{Batch, Caller, StorageError};

pub async fn add(
    storage: &SqliteStorage,
    caller: &Caller,
    digest: &Digest,
    bytes: u64,
    now: Stamp,
) -> Result<(), StorageError> {
    let sql = "INSERT INTO blobs (org, sha256, user, bytes, received) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO NOTHING";
    sqlx::query(sql)
        .bind(&caller.org.0)
        .bind(digest.to_string())
        .bind(&caller.user.0)
        .bind(to_row(bytes))
        .bind(now.0)
        .execute(&storage.writer)
        .await?;
    Ok(())
}

pub async fn may_see(
    storage: &SqliteStorage,
    viewer: &Viewer,
    digest: &Digest,
) -> Result<bool, StorageError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blobs WHERE org = ?1 AND user = ?2 AND sha256 = ?3)";
    let query = sqlx::query_scalar(sql).bind(&viewer.org.0).bind(&viewer.user.0).bind(digest.to_string());
    Ok(query.fetch_one(&storage.readers).await? || named_by(storage, viewer, digest).await?)
}

/// Keeps which photos the stored records name.
pub async fn follow(tx: &mut Tx, batch: &Batch, accepted: &[Arriving<'_>]) -> Result<(), StorageError> {
    let pair = |arriving: &Arriving<'_>| {
        let record = arriving.event.id.to_string();
        let photos = arriving.photos.iter().map(ToString::to_string);
        photos.map(|photo| json!([photo, record])).collect::<Vec<_>>()
    };
    let pairs: Vec<Value> = accepted.iter().flat_map(pair).collect();
    if pairs.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT OR IGNORE INTO photos (org, sha256, record)
         SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2)",
    )
    .bind(&batch.caller.org.0)
    .bind(Value::from(pairs).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
