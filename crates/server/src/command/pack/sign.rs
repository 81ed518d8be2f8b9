use std::path::PathBuf;

use clap::Args;

use crate::clock;
use crate::command::{CommandError, say};
use crate::pack::{count, read_key, sign, write_signed};

#[derive(Debug, Args)]
pub struct Sign {
    /// The pack's folder.
    folder: PathBuf,
    /// The secret key, as `pack key` made it.
    #[arg(long)]
    key: PathBuf,
    /// Where to write what phones load: a folder that is new or empty.
    #[arg(long)]
    out: PathBuf,
}

impl Sign {
    pub fn run(self) -> Result<(), CommandError> {
        let seed = read_key(&self.key)?;
        let release = sign(&self.folder, &seed, clock::now())?;
        write_signed(&release, &self.out)?;
        let (id, version) = (&release.manifest.pack, release.manifest.version);
        let files = count(release.manifest.files.len(), "file");
        let key = release.signed.as_ref().map(|(_, key)| key.short()).unwrap_or_default();
        let out = self.out.display();
        Ok(say(&format!("{id} version {version} is signed with the key {key}: {files} in {out}\n"))?)
    }
}
