//! Building the reference server.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;

#[derive(Clone, Copy)]
pub enum Profile {
    /// As it is run: optimised, in a profile of its own beside the app's.
    Release,
    /// As the tests build it anyway.
    Debug,
}

/// The path of the built `waymark-server`.
pub fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let (folder, args, about): (_, &[&str], _) = match profile {
        Profile::Release => ("release-native", &["--profile", "release-native"], "release; several"),
        Profile::Debug => ("debug", &[], "debug; a few"),
    };
    process::timed(&format!("building the server ({about} minutes the first time)"), || {
        process::run(
            Command::new("cargo")
                .args(["build", "--package", "waymark-server"])
                .args(args)
                .current_dir(&workspace.root),
        )
    })?;
    let program = workspace.target.join(folder).join(format!("waymark-server{}", env::consts::EXE_SUFFIX));
    if !program.is_file() {
        bail!("the server was built, but there is no {}", program.display());
    }
    program.canonicalize().context("cannot resolve the server's path")
}
