use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::code::organisation;
use super::{CommandError, DataArgs, say};
use crate::clock;
use crate::import::table::{MAX_BYTES, Table};
use crate::import::{Report, bring_in, read_awsd};
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    /// Incidents of the Aid Worker Security Database (Humanitarian Outcomes, aidworkersecurity.org).
    Awsd(Awsd),
}

#[derive(Debug, Args)]
struct Awsd {
    /// The CSV file as it was downloaded.
    file: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    pub async fn run(self) -> Result<(), CommandError> {
        let From::Awsd(awsd) = self.from;
        let bytes = read(&awsd.file).map_err(|source| cannot_read(&awsd.file, &source))?;
        let table = read_awsd(&bytes).map_err(|fault| cannot_read(&awsd.file, &fault))?;
        let storage = awsd.data.open().await?;
        let report = awsd.bring_in(&*storage, &table).await;
        storage.close().await;
        Ok(say(&report?.to_string())?)
    }
}

impl Awsd {
    async fn bring_in(&self, storage: &dyn Storage, table: &Table) -> Result<Report, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        Ok(bring_in(storage, &org, table, clock::now(), self.dry_run).await?)
    }
}

/// No more than shows that there is too much.
fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    File::open(file)?.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn cannot_read(file: &Path, fault: &dyn ToString) -> CommandError {
    CommandError::NoImport { file: file.to_owned(), fault: fault.to_string() }
}
