use std::path::PathBuf;

use clap::Args;

use crate::clock;
use crate::command::{CommandError, say};
use crate::pack::{Sample, write_sample};

#[derive(Debug, Args)]
pub struct New {
    /// The folder to make; it may be there if it is empty.
    folder: PathBuf,
    /// The pack's identifier. Once phones have the pack it stays.
    #[arg(long, default_value = "org.example")]
    id: String,
    /// What people call it, in English.
    #[arg(long, default_value = "Our standards")]
    title: String,
}

impl New {
    pub fn run(self) -> Result<(), CommandError> {
        let Self { folder, id, title } = self;
        write_sample(&folder, &Sample { id, title }, clock::now())?;
        let folder = folder.display();
        Ok(say(&format!("{folder} is ready: README.txt in it says how to go on\n"))?)
    }
}
