use std::path::PathBuf;

use clap::Args;

use crate::command::{CommandError, say};
use crate::pack::make_key;

#[derive(Debug, Args)]
pub struct Key {
    /// The file to write; there must be none yet. Keep it away from the server, and a copy of it in a safe place.
    file: PathBuf,
}

impl Key {
    pub fn run(self) -> Result<(), CommandError> {
        let key = make_key(&self.file)?;
        let text = format!(
            "the secret key is in {}: whoever has it can put words on every phone\npublic key: {key}\nin short: {}\n",
            self.file.display(),
            key.short()
        );
        Ok(say(&text)?)
    }
}
