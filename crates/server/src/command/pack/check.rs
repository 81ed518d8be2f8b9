use std::path::PathBuf;

use clap::Args;

use crate::clock;
use crate::command::{CommandError, say};
use crate::pack::{PackError, check, count};

#[derive(Debug, Args)]
pub struct Check {
    /// The pack's folder.
    folder: PathBuf,
}

impl Check {
    pub fn run(self) -> Result<(), CommandError> {
        let checked = check(&self.folder, clock::now())?;
        say(&checked.report())?;
        match checked.faults() {
            0 => Ok(()),
            faults => Err(PackError::Faults { folder: self.folder, faults: count(faults, "error") }.into()),
        }
    }
}
