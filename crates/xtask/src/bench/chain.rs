//! What a year of records costs: the views of the chain in the core, then the screens, the memory and the import.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Measures in the core alone, and gives the program that did: the script has its records from it.
pub fn run(workspace: &Workspace, check: bool) -> Result<PathBuf> {
    if check {
        bail!("there is no budget for `chain` yet");
    }
    let example = ["--profile", "release-native", "--package", "waymark-core", "--example", "chain"];
    process::run(Command::new("cargo").arg("build").args(example).current_dir(&workspace.root))?;
    let program = workspace
        .target
        .join("release-native/examples")
        .join(format!("chain{}", env::consts::EXE_SUFFIX))
        .canonicalize()?;
    process::run(&mut Command::new(&program))?;
    Ok(program)
}
