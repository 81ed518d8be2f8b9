//! Where a PostgreSQL database is, and how every connection to it begins.

use std::fmt;
use std::str::FromStr;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

/// `postgres://user:password@host:port/database?…`, as libpq has it. Never printed: it may hold a password.
#[derive(Clone)]
pub struct Address(Box<PgConnectOptions>);

/// What is wrong with an address; it does not repeat it.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    #[error("the address of the database is to begin with postgres://")]
    OtherDatabase,
    #[error("the address of the database cannot be read: {0}")]
    Unreadable(#[source] sqlx::Error),
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        if !text.starts_with("postgres://") && !text.starts_with("postgresql://") {
            return Err(AddressError::OtherDatabase);
        }
        let options: PgConnectOptions = text.parse().map_err(AddressError::Unreadable)?;
        Ok(Self(Box::new(options.application_name("waymark-server"))))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address")
    }
}

impl Address {
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.0
    }

    /// A connection of its own, beside the pool.
    pub(super) async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = PgConnection::connect_with(&self.0).await?;
        begin(&mut connection).await?;
        Ok(connection)
    }
}

/// A commit returns when it is on the disk, whatever the database's default is; a stricter default stays. A server that
/// vanished without a word holds a lock, or the lead, for half a minute at most.
const SESSION: &str = "
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SET idle_in_transaction_session_timeout = '30s';
    SET lock_timeout = '10s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
";

pub(super) async fn begin(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SESSION).execute(connection).await.map(drop)
}
