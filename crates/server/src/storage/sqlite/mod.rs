//! SQLite: one file, write-ahead log, every commit synced to disk before anything is acknowledged.

mod blobs;
mod carry;
mod devices;
mod enrol;
mod feed;
mod files;
mod imports;
mod ingest;
mod levels;
mod movements;
mod orgs;
mod packs;
mod people;
mod push;
mod references;
mod settings;
mod snapshot;
#[cfg(test)]
mod tests;
mod watch;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, Sqlite, Transaction};
use waymark_core::event::{
    AreaLevel, DeviceId, Digest, Event, EventId, OrgId, Record, Stamp, UserId, WatchRules,
};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::Epoch;

use super::columns::{areas_from, areas_text, from_row, parsed, to_row};
use super::ingest::Taken;
use super::{
    Batch, Caller, Created, Device, Enrolling, Enrolment, Heard, NewCode, Org, OwnLevels, Page, Person,
    PushAddress, Storage, StorageError, Subscription, WatchStorage,
};
use crate::secret::{self, SecretHash};

pub use files::{DATABASE, DataDir, FilesError, InUse, Restored};
pub use snapshot::{SqliteSnapshot, reader};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");
const READERS: u32 = 4;
/// How long to wait for another process (the command line) to finish writing.
const BUSY: Duration = Duration::from_secs(5);
/// Beyond this, a request is answered with "try again" rather than kept waiting for a connection.
const ACQUIRE: Duration = Duration::from_secs(15);

/// The database of one server.
#[derive(Debug, Clone)]
pub struct SqliteStorage {
    /// One connection: SQLite has one writer at a time, and waiting here is fair.
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStorage {
    /// Opens the database at `file`, creates it if it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// The file cannot be opened, is no database, or was written by a newer version.
    pub async fn open(file: &Path) -> Result<Self, StorageError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY);
        let pool = || SqlitePoolOptions::new().acquire_timeout(ACQUIRE).idle_timeout(None).max_lifetime(None);
        // Where a write fails, as on a full disk, SQLite may end the transaction by itself; sqlx then takes it for open for
        // ever, and begins no other on this connection.
        let writer = pool()
            .max_connections(1)
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone())
            .await?;
        MIGRATOR.run(&writer).await.map_err(sqlx::Error::from)?;
        let readers =
            pool().max_connections(READERS).connect_with(options.pragma("query_only", "on")).await?;
        let storage = Self { writer, readers };
        storage.begin_life().await?;
        Ok(storage)
    }

    /// Names this life of the database, if it has no name yet.
    async fn begin_life(&self) -> Result<(), StorageError> {
        let epoch = secret::epoch().map_err(|error| StorageError::Database(error.into()))?;
        sqlx::query("INSERT INTO settings (name, value) VALUES ('epoch', ?1) ON CONFLICT DO NOTHING")
            .bind(epoch)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StorageError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[async_trait]
impl Storage for SqliteStorage {
    async fn epoch(&self) -> Result<Epoch, StorageError> {
        let epoch = sqlx::query_scalar("SELECT value FROM settings WHERE name = 'epoch'");
        Ok(Epoch(epoch.fetch_one(&self.readers).await?))
    }

    async fn create_org(&self, org: &Org, now: Stamp) -> Result<Created, StorageError> {
        orgs::create(self, org, now).await
    }

    async fn orgs(&self) -> Result<Vec<Org>, StorageError> {
        orgs::all(self).await
    }

    async fn add_codes(&self, codes: &[NewCode], now: Stamp) -> Result<(), StorageError> {
        enrol::add_codes(self, codes, now).await
    }

    async fn enrol(&self, enrolment: &Enrolment, now: Stamp) -> Result<Enrolling, StorageError> {
        enrol::enrol(self, enrolment, now).await
    }

    async fn caller(&self, token: &SecretHash, now: Stamp) -> Result<Option<Caller>, StorageError> {
        devices::caller(self, token, now).await
    }

    async fn devices(&self) -> Result<Vec<Device>, StorageError> {
        devices::all(self).await
    }

    async fn revoke(&self, device: &DeviceId, now: Stamp) -> Result<bool, StorageError> {
        devices::revoke(self, device, now).await
    }

    async fn ingest(&self, batch: Batch) -> Result<Vec<Taken>, StorageError> {
        ingest::ingest(self, &batch).await
    }

    async fn brought_in(&self, org: &OrgId, source: &str) -> Result<Vec<Event>, StorageError> {
        imports::brought_in(self, org, source).await
    }

    async fn feed(
        &self,
        viewer: &Viewer,
        device: &DeviceId,
        after: u64,
        limit: u32,
    ) -> Result<Page, StorageError> {
        feed::page(self, viewer, device, after, limit).await
    }

    async fn add_blob(
        &self,
        caller: &Caller,
        digest: &Digest,
        bytes: u64,
        now: Stamp,
    ) -> Result<(), StorageError> {
        blobs::add(self, caller, digest, bytes, now).await
    }

    async fn may_see_blob(&self, viewer: &Viewer, digest: &Digest) -> Result<bool, StorageError> {
        blobs::may_see(self, viewer, digest).await
    }

    async fn newest(&self, org: &OrgId) -> Result<u64, StorageError> {
        feed::newest(self, org).await
    }

    async fn subscribe(
        &self,
        caller: &Caller,
        address: &PushAddress,
        now: Stamp,
    ) -> Result<(), StorageError> {
        push::subscribe(self, caller, address, now).await
    }

    async fn unsubscribe(
        &self,
        org: &OrgId,
        device: &DeviceId,
        endpoint: Option<&str>,
    ) -> Result<(), StorageError> {
        push::unsubscribe(self, org, device, endpoint).await
    }

    async fn subscriptions(&self, org: &OrgId, roles: &[Role]) -> Result<Vec<Subscription>, StorageError> {
        push::subscriptions(self, org, roles).await
    }

    async fn setting(&self, name: &str) -> Result<Option<String>, StorageError> {
        settings::get(self, name).await
    }

    async fn put_setting(&self, name: &str, value: &str) -> Result<(), StorageError> {
        settings::put(self, name, value).await
    }

    async fn first_setting(&self, name: &str, value: &str) -> Result<String, StorageError> {
        settings::first(self, name, value).await
    }

    async fn directory(&self, viewer: &Viewer) -> Result<Vec<Person>, StorageError> {
        people::directory(self, viewer).await
    }

    async fn levels(&self, org: &OrgId) -> Result<OwnLevels, StorageError> {
        levels::own(self, org).await
    }

    async fn set_level(
        &self,
        org: &OrgId,
        level: &AreaLevel,
        rules: &WatchRules,
    ) -> Result<(), StorageError> {
        levels::set(self, org, level, rules).await
    }

    async fn address(&self) -> Result<Option<String>, StorageError> {
        settings::get(self, "address").await
    }

    async fn set_address(&self, address: &str) -> Result<(), StorageError> {
        settings::put(self, "address", address).await
    }

    /// One server has the file.
    async fn hear(&self, _heard: Heard<'_>) {
        std::future::pending::<()>().await;
    }

    async fn bytes(&self) -> Result<u64, StorageError> {
        let sql = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        Ok(from_row(sqlx::query_scalar(sql).fetch_one(&self.readers).await?))
    }

    async fn close(&self) {
        self.readers.close().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await {
            tracing::warn!(%error, "the log was not folded into the database; the next start does it");
        }
        self.writer.close().await;
    }
}

#[async_trait]
impl WatchStorage for SqliteStorage {
    async fn heads(&self) -> Result<Vec<(OrgId, u64)>, StorageError> {
        watch::heads(self).await
    }

    async fn open(&self, org: &OrgId, now: Stamp) -> Result<Vec<Record>, StorageError> {
        watch::open(self, org, now).await
    }

    async fn since(&self, org: &OrgId, span: (u64, u64)) -> Result<Vec<Record>, StorageError> {
        watch::since(self, org, span).await
    }

    async fn areas(&self, org: &OrgId, matter: EventId) -> Result<Vec<String>, StorageError> {
        watch::areas(self, org, matter).await
    }

    async fn outside(&self, org: &OrgId, areas: &[String]) -> Result<Vec<UserId>, StorageError> {
        people::outside(self, org, areas).await
    }

    async fn own(&self, org: &OrgId, now: Stamp) -> Result<Caller, StorageError> {
        watch::own(self, org, now).await
    }

    async fn lead(&self, holder: &str, now: Stamp, for_ms: i64) -> Result<bool, StorageError> {
        watch::lead(self, holder, now, for_ms).await
    }

    async fn retire(&self, holder: &str) -> Result<(), StorageError> {
        watch::retire(self, holder).await
    }
}
