//! What is measured in the core alone, by one of its examples.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::process::{Command, ExitCode};

/// Runs core's example of this name, built as the server is run, with what it takes.
pub fn run(workspace: &Workspace, name: &str, arguments: &[String], check: bool) -> Result<ExitCode> {
    if check {
        bail!("there is no budget for `{name}` yet");
    }
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--profile", "release-native"]);
    command.args(["--package", "waymark-core", "--example", name, "--"]);
    process::run(command.args(arguments).current_dir(&workspace.root)).map(|()| ExitCode::SUCCESS)
}
