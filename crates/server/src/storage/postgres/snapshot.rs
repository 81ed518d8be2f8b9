//! What is stored, as it is, at one moment: for looking it over. Nothing is written, not even the tables brought up to
//! date.

use async_trait::async_trait;
use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, FromRow};
use waymark_core::event::OrgId;

use super::{Address, MIGRATOR};
use crate::storage::StorageError;
use crate::storage::snapshot::{
    Snapshot, SnapshotError, StoredBlob, StoredCrew, StoredMovement, StoredPack, StoredRecord,
    stored_records, stream,
};

/// Of the tables of this schema: table, partner, and their columns.
const FOREIGN_KEYS: &str = "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,
    ARRAY(SELECT quote_ident(a.attname) FROM unnest(c.conkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number ORDER BY k.place),
    ARRAY(SELECT quote_ident(a.attname) FROM unnest(c.confkey) WITH ORDINALITY AS k (number, place)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.number ORDER BY k.place)
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace ORDER BY 1, 2";

/// The database as of the first question: what is written meanwhile is not seen.
#[derive(Debug)]
pub struct PostgresSnapshot(PgConnection);

impl PostgresSnapshot {
    /// Begins to read the database that is there.
    ///
    /// # Errors
    /// It cannot be reached, or its tables are not those of this version.
    pub async fn open(address: &Address) -> Result<Self, SnapshotError> {
        let mut connection =
            PgConnection::connect_with(address.options()).await.map_err(StorageError::from)?;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        sqlx::query(begin).execute(&mut connection).await.map_err(StorageError::from)?;
        let there = "SELECT to_regclass('_sqlx_migrations') IS NOT NULL";
        let there: bool =
            sqlx::query_scalar(there).fetch_one(&mut connection).await.map_err(StorageError::from)?;
        if !there {
            return Err(SnapshotError::OtherVersion);
        }
        let applied: Vec<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version")
                .fetch_all(&mut connection)
                .await
                .map_err(StorageError::from)?;
        let own = MIGRATOR.iter().map(|own| (own.version, own.checksum.to_vec()));
        if own.eq(applied) { Ok(Self(connection)) } else { Err(SnapshotError::OtherVersion) }
    }

    async fn rows<T>(&mut self, sql: &'static str, org: &OrgId) -> Result<Vec<T>, StorageError>
    where
        T: for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
    {
        Ok(sqlx::query_as(sql).bind(&org.0).fetch_all(&mut self.0).await?)
    }
}

#[async_trait]
impl Snapshot for PostgresSnapshot {
    async fn damage(&mut self) -> Result<Vec<String>, StorageError> {
        // PostgreSQL finds damage by its checksums when it reads a page, and then this reading fails.
        Ok(vec![])
    }

    async fn dangling(&mut self) -> Result<Vec<(String, String)>, StorageError> {
        let keys: Vec<(String, String, Vec<String>, Vec<String>)> =
            sqlx::query_as(FOREIGN_KEYS).fetch_all(&mut self.0).await?;
        let mut dangling = vec![];
        for (table, partner, own, theirs) in keys {
            let set: Vec<_> = own.iter().map(|own| format!("own.{own} IS NOT NULL")).collect();
            let same: Vec<_> =
                own.iter().zip(&theirs).map(|(own, their)| format!("own.{own} = their.{their}")).collect();
            let sql = format!(
                "SELECT EXISTS (SELECT 1 FROM {table} own WHERE {}
                 AND NOT EXISTS (SELECT 1 FROM {partner} their WHERE {}))",
                set.join(" AND "),
                same.join(" AND ")
            );
            if sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut self.0).await? {
                dangling.push((table, partner));
            }
        }
        dangling.dedup();
        Ok(dangling)
    }

    async fn removed(&mut self) -> Result<i64, StorageError> {
        let sql =
            "SELECT (SELECT coalesce(sum(arrived), 0)::bigint FROM orgs) - (SELECT count(*) FROM records)";
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
        self.rows("SELECT id, role, areas FROM users WHERE org = $1 ORDER BY id", org).await
    }

    async fn records(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError> {
        let sql = stored_records!("r.arrival", "records r", "r.org = $1 ORDER BY r.arrival");
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn records_at(
        &mut self,
        org: &OrgId,
        rows: &[i64],
        each: &mut (dyn FnMut(StoredRecord) + Send),
    ) -> Result<(), StorageError> {
        let sql = stored_records!("r.arrival", "records r", "r.org = $1 AND r.arrival = ANY($2)");
        stream(sqlx::query_as(sql).bind(&org.0).bind(rows).fetch(&mut self.0), each).await
    }

    async fn conflicts(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT id, digest, event FROM conflicts WHERE org = $1 ORDER BY id";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn mentions(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT target, record FROM mentions WHERE org = $1";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn photos(
        &mut self,
        org: &OrgId,
        each: &mut (dyn FnMut((String, String)) + Send),
    ) -> Result<(), StorageError> {
        let sql = "SELECT sha256, record FROM photos WHERE org = $1";
        stream(sqlx::query_as(sql).bind(&org.0).fetch(&mut self.0), each).await
    }

    async fn movements(&mut self, org: &OrgId) -> Result<Vec<StoredMovement>, StorageError> {
        self.rows("SELECT id, planner, areas, closed FROM movements WHERE org = $1 ORDER BY id", org).await
    }

    async fn crews(&mut self, org: &OrgId) -> Result<Vec<StoredCrew>, StorageError> {
        self.rows(
            r#"SELECT movement, "user", aboard FROM crews WHERE org = $1 ORDER BY movement, "user""#,
            org,
        )
        .await
    }

    async fn blobs(&mut self, org: &OrgId) -> Result<Vec<StoredBlob>, StorageError> {
        self.rows(r#"SELECT sha256, "user", bytes FROM blobs WHERE org = $1 ORDER BY sha256, "user""#, org)
            .await
    }

    async fn pack_key(&mut self, org: &OrgId) -> Result<Option<String>, StorageError> {
        let keys: Vec<(String,)> = self.rows("SELECT key FROM pack_keys WHERE org = $1", org).await?;
        Ok(keys.into_iter().next().map(|(key,)| key))
    }

    async fn packs(&mut self, org: &OrgId) -> Result<Vec<StoredPack>, StorageError> {
        self.rows("SELECT version, key, signed FROM packs WHERE org = $1 ORDER BY version", org).await
    }

    async fn pack_contents(&mut self, org: &OrgId) -> Result<Vec<(i64, String)>, StorageError> {
        self.rows("SELECT version, sha256 FROM pack_contents WHERE org = $1", org).await
    }

    async fn pack_file(&mut self, sha256: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let query = sqlx::query_scalar("SELECT bytes FROM pack_files WHERE sha256 = $1").bind(sha256);
        Ok(query.fetch_optional(&mut self.0).await?)
    }

    async fn close(self: Box<Self>) -> Result<(), StorageError> {
        Ok(self.0.close().await?)
    }
}
