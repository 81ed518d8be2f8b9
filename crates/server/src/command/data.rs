//! Where the data of a server are, on every command line.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::CommandError;
use crate::storage::Storage;
use crate::storage::postgres::{Address, PostgresSnapshot, PostgresStorage};
use crate::storage::snapshot::Snapshot;
use crate::storage::sqlite::{DataDir, InUse};

#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// The data directory: the SQLite database and the photos; with PostgreSQL only the photos.
    #[arg(long, required_unless_present = "database_url")]
    pub data: Option<PathBuf>,
    /// A PostgreSQL database in place of the SQLite one: <postgres://user:password@host/database>. As a variable it is not
    /// seen by whoever lists the processes.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
}

/// Which database there is.
pub enum Database {
    Sqlite(DataDir),
    Postgres(Address),
}

impl DataArgs {
    pub fn database(&self) -> Result<Database, CommandError> {
        match &self.database_url {
            Some(url) => Ok(Database::Postgres(url.parse()?)),
            None => Ok(Database::Sqlite(self.folder()?)),
        }
    }

    /// Where photos are.
    pub fn folder(&self) -> Result<DataDir, CommandError> {
        self.data.as_ref().map(DataDir::new).ok_or(CommandError::NoFolder)
    }

    /// Opens the database that is there.
    pub async fn open(&self) -> Result<Arc<dyn Storage>, CommandError> {
        match self.database()? {
            Database::Sqlite(data) => Ok(Arc::new(data.open().await?)),
            Database::Postgres(address) => postgres(&address).await,
        }
    }

    /// Opens the database, and creates it, or its tables, if there are none.
    pub async fn create_or_open(&self) -> Result<Arc<dyn Storage>, CommandError> {
        match self.database()? {
            Database::Sqlite(data) => Ok(Arc::new(data.create_or_open().await?)),
            Database::Postgres(address) => postgres(&address).await,
        }
    }

    /// Opens the database for looking it over.
    pub async fn snapshot(&self) -> Result<Box<dyn Snapshot>, CommandError> {
        match self.database()? {
            Database::Sqlite(data) => Ok(Box::new(data.snapshot().await?)),
            Database::Postgres(address) => Ok(Box::new(PostgresSnapshot::open(&address).await?)),
        }
    }

    /// Marks an SQLite database as in use until the answer is dropped; PostgreSQL has room for several servers.
    pub fn lock(&self) -> Result<Option<InUse>, CommandError> {
        match self.database()? {
            Database::Sqlite(data) => Ok(Some(data.lock()?)),
            Database::Postgres(_) => Ok(None),
        }
    }
}

async fn postgres(address: &Address) -> Result<Arc<dyn Storage>, CommandError> {
    let opened = PostgresStorage::open(address).await;
    Ok(Arc::new(opened.map_err(CommandError::CannotOpen)?))
}
