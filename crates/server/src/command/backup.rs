use std::path::PathBuf;

use clap::Args;

use super::{CommandError, say};
use crate::blobs::Copied;
use crate::clock;
use crate::storage::sqlite::{DataDir, Restored};

#[derive(Debug, Args)]
pub struct Backup {
    /// The data directory.
    #[arg(long)]
    data: PathBuf,
    /// Where to write the copy; there must be no such file yet. Photos go to the folder `blobs` beside it.
    #[arg(long)]
    to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The data directory.
    #[arg(long)]
    data: PathBuf,
    /// A copy that `backup` wrote, with the folder `blobs` beside it.
    #[arg(long)]
    from: PathBuf,
}

impl Backup {
    pub async fn run(self) -> Result<(), CommandError> {
        let photos = DataDir::new(self.data).backup(&self.to).await?;
        Ok(say(&format!("backed up to {}{}\n", self.to.display(), words(photos)))?)
    }
}

impl Restore {
    pub async fn run(self) -> Result<(), CommandError> {
        let suffix = clock::now().0.to_string();
        let Restored { aside, photos } = DataDir::new(self.data).restore(&self.from, &suffix).await?;
        let aside = aside.map(|path| format!("; what was there before is in {}", path.display()));
        let aside = aside.unwrap_or_default();
        let photos = words(photos);
        Ok(say(&format!("restored: phones will send again what the backup does not have{photos}{aside}\n"))?)
    }
}

/// What became of the photos; nothing if there were none to copy.
fn words(photos: Copied) -> String {
    let count = |what, count| if count > 0 { format!("; photos {what}: {count}") } else { String::new() };
    count("copied", photos.copied) + &count("damaged and left out", photos.damaged)
}
