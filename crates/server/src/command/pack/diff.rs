use std::path::PathBuf;

use clap::Args;

use crate::clock;
use crate::command::{CommandError, say};
use crate::pack::{diff, read_any};

#[derive(Debug, Args)]
pub struct Diff {
    /// The version before: a signed folder, or one that people write.
    old: PathBuf,
    /// The version after.
    new: PathBuf,
}

impl Diff {
    pub fn run(self) -> Result<(), CommandError> {
        let now = clock::now();
        let (old, new) = (read_any(&self.old, now)?, read_any(&self.new, now)?);
        Ok(say(&diff::words(&old, &new))?)
    }
}
