use std::path::PathBuf;

use clap::Args;

use super::data::Database;
use super::{CommandError, DataArgs, say};
use crate::blobs::Copied;
use crate::clock;
use crate::storage::Storage as _;
use crate::storage::postgres::{Address, PostgresStorage};
use crate::storage::sqlite::Restored;

const PG_DUMP: &str = "PostgreSQL has its own way: pg_dump --format=custom --file=FILE, and then a copy of the folder `blobs` \
    of the data directory";
const PG_RESTORE: &str = "PostgreSQL has its own way: pg_restore puts FILE back, and then `restore` without --from begins a new \
    epoch, so that phones send again what it does not have";

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    data: DataArgs,
    /// Where to write the copy; there must be no such file yet. Photos go to the folder `blobs` beside it.
    #[arg(long)]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    data: DataArgs,
    /// A copy that `backup` wrote, with the folder `blobs` beside it. Not with PostgreSQL: there `pg_restore` puts the copy
    /// back, and then this begins a new epoch.
    #[arg(long)]
    from: Option<PathBuf>,
}

impl Backup {
    pub async fn run(self) -> Result<(), CommandError> {
        let Database::Sqlite(data) = self.data.database()? else {
            return Err(CommandError::NotForPostgres(PG_DUMP));
        };
        let photos = data.backup(&self.to).await?;
        Ok(say(&format!("backed up to {}{}\n", self.to.display(), words(photos)))?)
    }
}

impl Restore {
    pub async fn run(self) -> Result<(), CommandError> {
        let data = match (self.data.database()?, &self.from) {
            (Database::Sqlite(data), _) => data,
            (Database::Postgres(_), Some(_)) => return Err(CommandError::NotForPostgres(PG_RESTORE)),
            (Database::Postgres(address), None) => return begin_anew(&address).await,
        };
        let from = self.from.ok_or(CommandError::NoBackup)?;
        let suffix = clock::now().0.to_string();
        let Restored { aside, photos } = data.restore(&from, &suffix).await?;
        let aside = aside.map(|path| format!("; what was there before is in {}", path.display()));
        let aside = aside.unwrap_or_default();
        let photos = words(photos);
        Ok(say(&format!("restored: phones will send again what the backup does not have{photos}{aside}\n"))?)
    }
}

/// What `pg_restore`, or a standby that has taken over, put in place may be older than what phones know of.
async fn begin_anew(address: &Address) -> Result<(), CommandError> {
    let storage = PostgresStorage::open(address).await.map_err(CommandError::CannotOpen)?;
    let begun = if storage.orgs().await?.is_empty() {
        Err(CommandError::NoOrganisation)
    } else {
        Ok(storage.begin_anew().await?)
    };
    storage.close().await;
    begun?;
    Ok(say("a new epoch has begun: phones will send again what the database does not have\n")?)
}

/// What became of the photos; nothing if there were none to copy.
fn words(photos: Copied) -> String {
    let count = |what, count| if count > 0 { format!("; photos {what}: {count}") } else { String::new() };
    count("copied", photos.copied) + &count("damaged and left out", photos.damaged)
}
