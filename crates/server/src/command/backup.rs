use std::path::PathBuf;

use clap::Args;

use super::{CommandError, say};
use crate::clock;
use crate::storage::sqlite::DataDir;

#[derive(Debug, Args)]
pub struct Backup {
    /// The data directory.
    #[arg(long)]
    data: PathBuf,
    /// Where to write the copy; there must be no such file yet.
    #[arg(long)]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The data directory.
    #[arg(long)]
    data: PathBuf,
    /// A copy that `backup` wrote.
    #[arg(long)]
    from: PathBuf,
}

impl Backup {
    pub async fn run(self) -> Result<(), CommandError> {
        DataDir::new(self.data).backup(&self.to).await?;
        Ok(say(&format!("backed up to {}\n", self.to.display()))?)
    }
}

impl Restore {
    pub async fn run(self) -> Result<(), CommandError> {
        let suffix = clock::now().0.to_string();
        let aside = DataDir::new(self.data).restore(&self.from, &suffix).await?;
        let aside = aside.map(|path| format!("; what was there before is in {}", path.display()));
        let aside = aside.unwrap_or_default();
        Ok(say(&format!("restored: phones will send again what the backup does not have{aside}\n"))?)
    }
}
