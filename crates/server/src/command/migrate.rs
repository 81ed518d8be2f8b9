use std::path::PathBuf;

use clap::Args;

use super::{CommandError, say};
use crate::clock;
use crate::storage::Storage as _;
use crate::storage::postgres::{Address, PostgresStorage, Transferred};
use crate::storage::sqlite::DataDir;

#[derive(Debug, Args)]
pub struct Migrate {
    /// The data directory with the SQLite database. Photos stay where they are.
    #[arg(long)]
    from: PathBuf,
    /// An empty PostgreSQL database: <postgres://user:password@host/database>.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    to: String,
}

impl Migrate {
    pub async fn run(self) -> Result<(), CommandError> {
        let address: Address = self.to.parse()?;
        let data = DataDir::new(self.from);
        let _in_use = data.lock()?;
        // Brings the tables up to date.
        data.open().await?.close().await;
        let done = PostgresStorage::take_over(&address, &data.database()).await?;
        let aside = data.set_aside(&format!("moved-to-postgres-{}", clock::now().0))?;
        let Transferred { organisations, devices, records } = done;
        Ok(say(&format!(
            "organisations: {organisations}, devices: {devices}, records: {records}\n\
             the SQLite database is in {}: do not serve it again\n",
            aside.display()
        ))?)
    }
}
