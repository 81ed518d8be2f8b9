//! What is stored, as it is, at one moment: for looking it over. Nothing is written, not even the tables brought up to
//! date.

use std::path::Path;

use async_trait::async_trait;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, FromRow};
use waymark_core::event::OrgId;

use super::{BUSY, MIGRATOR};
use crate::storage::StorageError;
use crate::storage::snapshot::{
    Snapshot, SnapshotError, StoredBlob, StoredCrew, StoredMovement, StoredPack, StoredRecord,
    stored_records, stream,
};

/// The database as of the first question: what is written meanwhile is not seen.
#[derive(Debug)]
pub struct SqliteSnapshot(SqliteConnection);

impl SqliteSnapshot {
    /// Opens the database that is there.
    ///
    /// # Errors
    /// The file cannot be opened, or its tables are not those of this version.
    pub async fn open(file: &Path) -> Result<Self, SnapshotError> {
        Ok(Self(reader(file).await?))
    }

    async fn rows<T>(&mut self, sql: &'static str, org: &OrgId) -> Result<Vec<T>, StorageError>
    where
        T: for<'r> FromRow<'r, sqlx::sqlite::SqliteRow> + Send + Unpin,
    {
        Ok(sqlx::query_as(sql).bind(&org.0).fetch_all(&mut self.0).await?)
    }
}

/// A connection that reads what is there now, in a transaction that it has begun.
pub async fn reader(file: &Path) -> Result<SqliteConnection, SnapshotError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(StorageError::from)?;
    sqlx::query("BEGIN").execute(&mut connection).await.map_err(StorageError::from)?;
    let applied: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
            .fetch_all(&mut connection)
            .await
            .map_err(StorageError::from)?;
    let own = MIGRATOR.iter().map(|own| (own.version, own.checksum.to_vec()));
    if own.eq(applied) { Ok(connection) } else { Err(SnapshotError::OtherVersion) }
}

#[async_trait]
impl Snapshot for SqliteSnapshot {
    async fn damage(&mut self) -> Result<Vec<String>, StorageError> {
        let found: Vec<String> =
            sqlx::query_scalar("PRAGMA integrity_check(20)").fetch_all(&mut self.0).await?;
        Ok(found.into_iter().filter(|line| line != "ok").collect())
    }

    async fn dangling(&mut self) -> Result<Vec<(String, String)>, StorageError> {
        let sql = "SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check ORDER BY 1, 2";
        Ok(sqlx::query_as(sql).fetch_all(&mut self.0).await?)
    }

    async fn removed(&mut self) -> Result<i64, StorageError> {
        let sql = "SELECT coalesce(max(rowid), 0) - count(*) FROM records";
        Ok(sqlx::query_scalar(sql).fetch_one(&mut self.0).await?)
    }

    async fn has_epoch(&mut self) -> Result<bool, StorageError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM settings WHERE name = 'epoch' AND value <> '')";
        Ok(sqlx::query_scalar(sql).fetch_one(&mut self.0).await?)
    }

    async fn orgs(&mut self) -> Result<Vec<(OrgId, i64)>, StorageError> {
        let sql = "SELECT slug, seq FROM orgs ORDER BY slug";
        let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(&mut self.0).await?;
        Ok(rows.into_iter().map(|(slug, seq)| (OrgId(slug), seq)).collect())
    }

    async fn users(&mut self, org: &OrgId) -> Result<Vec<(String, String, String)>, StorageError> {
        self.rows("SELECT id, role, areas FROM users WHERE org = ?1 ORDER BY id", org).await
    }

    async fn records(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError> {
        let sql = stored_records!("r.rowid", "records r", "r.org = ?1 ORDER BY r.rowid");
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn records_at(
        &mut self,
        org: &OrgId,
        rows: &[i64],
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError> {
        let sql = stored_records!(
            "r.rowid",
            "json_each(?2) wanted CROSS JOIN records r ON r.rowid = wanted.value",
            "r.org = ?1"
        );
        let rows = serde_json::json!(rows).to_string();
        stream(sqlx::query_as(sql).bind(&org.0).bind(rows).fetch(&mut self.0), each).await
    }

    async fn conflicts(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT id, digest, event FROM conflicts WHERE org = ?1 ORDER BY id";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn mentions(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT target, record FROM mentions WHERE org = ?1";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn photos(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT sha256, record FROM photos WHERE org = ?1";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn movements(&mut self, org: &OrgId) -> Result<Vec<StoredMovement>, StorageError> {
        self.rows("SELECT id, planner, areas, closed FROM movements WHERE org = ?1 ORDER BY id", org).await
    }

    async fn crews(&mut self, org: &OrgId) -> Result<Vec<StoredCrew>, StorageError> {
        self.rows("SELECT movement, user, aboard FROM crews WHERE org = ?1 ORDER BY movement, user", org)
            .await
    }

    async fn blobs(&mut self, org: &OrgId) -> Result<Vec<StoredBlob>, StorageError> {
        self.rows("SELECT sha256, user, bytes FROM blobs WHERE org = ?1 ORDER BY sha256, user", org).await
    }

    async fn pack_key(&mut self, org: &OrgId) -> Result<Option<String>, StorageError> {
        let keys: Vec<(String,)> = self.rows("SELECT key FROM pack_keys WHERE org = ?1", org).await?;
        Ok(keys.into_iter().next().map(|(key,)| key))
    }

    async fn packs(&mut self, org: &OrgId) -> Result<Vec<StoredPack>, StorageError> {
        self.rows("SELECT version, key, signed FROM packs WHERE org = ?1 ORDER BY version", org).await
    }

    async fn pack_contents(&mut self, org: &OrgId) -> Result<Vec<(i64, String)>, StorageError> {
        self.rows("SELECT version, sha256 FROM pack_contents WHERE org = ?1", org).await
    }

    async fn pack_file(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let query = sqlx::query_scalar("SELECT bytes FROM pack_files WHERE sha256 = ?1").bind(sha256);
        Ok(query.fetch_optional(&mut self.0).await?)
    }

    async fn close(self: Box<Self>) -> Result<(), StorageError> {
        Ok(self.0.close().await?)
    }
}
