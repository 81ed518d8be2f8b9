//! PostgreSQL: one database for several servers. Every commit is on its disk before anything is acknowledged.

mod address;
mod blobs;
mod carry;
mod devices;
mod enrol;
mod feed;
mod imports;
mod ingest;
mod leader;
mod levels;
mod movements;
mod news;
mod orgs;
mod packs;
mod people;
mod push;
mod references;
mod settings;
mod snapshot;
mod statistics;
mod transfer;
mod watch;

use std::time::Duration;

use async_trait::async_trait;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{Postgres, Transaction};
use waymark_core::event::{
    AreaLevel, DeviceId, Digest, Event, EventId, OrgId, Record, Stamp, UserId, WatchRules,
};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::Epoch;

use super::columns::{areas_from, areas_text, from_row, kind_text, parsed, small, to_row};
use super::ingest::Taken;
use super::{
    Batch, Caller, Created, Device, Enrolling, Enrolment, Heard, NewCode, Org, OwnLevels, Page, Person,
    PushAddress, Storage, StorageError, Subscription, WatchStorage,
};
use crate::secret::{self, SecretHash};
use leader::Leader;
use news::NewsDesk;
use statistics::Statistics;

pub use address::{Address, AddressError};
pub use snapshot::PostgresSnapshot;
pub use transfer::{TransferError, Transferred};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations/postgres");
/// Of one server; two more listen for news and lead the watch.
const CONNECTIONS: u32 = 16;
/// Beyond this, a request is answered with "try again" rather than kept waiting for a connection.
const ACQUIRE: Duration = Duration::from_secs(15);

type Tx = Transaction<'static, Postgres>;

/// The database of one or several servers.
#[derive(Debug, Clone)]
pub struct PostgresStorage {
    pool: PgPool,
    address: Address,
    news: NewsDesk,
    leader: Leader,
    statistics: Statistics,
}

impl PostgresStorage {
    /// Opens the database, and brings its tables up to date.
    ///
    /// # Errors
    /// It cannot be reached within [`ACQUIRE`], refuses us, or was written by a newer version.
    pub async fn open(address: &Address) -> Result<Self, StorageError> {
        let storage = Self::open_without_life(address).await?;
        storage.begin_life().await?;
        Ok(storage)
    }

    async fn open_without_life(address: &Address) -> Result<Self, StorageError> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .after_connect(|connection, _| Box::pin(address::begin(connection)))
            .connect_with(address.options().clone())
            .await;
        let pool = match pool {
            // What is in the way is said by a single try.
            Err(sqlx::Error::PoolTimedOut) => {
                return Err(address
                    .connect()
                    .await
                    .map_or_else(Into::into, |_| StorageError::from(sqlx::Error::PoolTimedOut)));
            }
            pool => pool?,
        };
        MIGRATOR.run(&pool).await.map_err(sqlx::Error::from)?;
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&pool).await?;
        if fsync != "on" {
            tracing::warn!("fsync is off in PostgreSQL: what is acknowledged may be lost with the power");
        }
        let news = NewsDesk::new(pool.clone()).map_err(|error| StorageError::Database(error.into()))?;
        let statistics = Statistics::new(pool.clone());
        Ok(Self { pool, address: address.clone(), news, leader: Leader::default(), statistics })
    }

    /// Names this life of the database, if it has no name yet.
    async fn begin_life(&self) -> Result<(), StorageError> {
        let epoch = secret::epoch().map_err(|error| StorageError::Database(error.into()))?;
        settings::first(self, "epoch", &epoch).await?;
        Ok(())
    }

    /// Begins another life: phones send again what the database no longer has. A restored database has no statistics, and
    /// phones come at once, so it gets them here.
    pub async fn begin_anew(&self) -> Result<(), StorageError> {
        let epoch = secret::epoch().map_err(|error| StorageError::Database(error.into()))?;
        settings::put(self, "epoch", &epoch).await?;
        Ok(self.statistics.renew().await?)
    }

    async fn write(&self) -> Result<Tx, StorageError> {
        Ok(self.pool.begin().await?)
    }

    /// Begins to change an organisation: others who do wait until this is over, and what is read from now on is what
    /// they left. An organisation that is not there is an error.
    async fn write_in(&self, org: &OrgId) -> Result<Tx, StorageError> {
        let mut tx = self.write().await?;
        lock(&mut tx, org).await?;
        Ok(tx)
    }
}

/// Gives the newest place in the feed, and how many records have arrived. From here on a plan is made for each statement: one
/// that was made while the tables had hardly anything in them would be kept while they fill.
async fn lock(tx: &mut Tx, org: &OrgId) -> Result<(u64, u64), StorageError> {
    let sql = "SELECT seq, arrived, set_config('plan_cache_mode', 'force_custom_plan', true) FROM orgs
               WHERE slug = $1 FOR NO KEY UPDATE";
    let (seq, arrived, _): (i64, i64, String) = sqlx::query_as(sql).bind(&org.0).fetch_one(&mut **tx).await?;
    Ok((from_row(seq), from_row(arrived)))
}

#[async_trait]
impl Storage for PostgresStorage {
    async fn epoch(&self) -> Result<Epoch, StorageError> {
        let epoch = sqlx::query_scalar("SELECT value FROM settings WHERE name = 'epoch'");
        Ok(Epoch(epoch.fetch_one(&self.pool).await?))
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

    async fn hear(&self, heard: Heard<'_>) {
        news::hear(self, heard).await;
    }

    async fn bytes(&self) -> Result<u64, StorageError> {
        let query = sqlx::query_scalar("SELECT pg_database_size(current_database())");
        Ok(from_row(query.fetch_one(&self.pool).await?))
    }

    async fn close(&self) {
        self.news.sent().await;
        self.leader.step_down().await;
        self.statistics.stop();
        self.pool.close().await;
    }
}

#[async_trait]
impl WatchStorage for PostgresStorage {
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
        self.leader.lead(&self.address, holder, now, for_ms).await
    }

    async fn retire(&self, holder: &str) -> Result<(), StorageError> {
        self.leader.retire(holder).await;
        Ok(())
    }
}
