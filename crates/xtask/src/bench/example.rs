//! What watching many movements costs, in the core alone.

use crate::process;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::process::{Command, ExitCode};

/// Runs core's example of that name, built as the server is run; `sizes` are numbers of movements.
pub fn run(workspace: &Workspace, sizes: &[String], check: bool) -> Result<ExitCode> {
    if check {
        bail!("there is no budget for `watch` yet");
    }
    let mut command = Command::new("cargo");
    command.args(["run", "--quiet", "--profile", "release-native"]);
    command.args(["--package", "waymark-core", "--example", "watch", "--"]);
    process::run(command.args(sizes).current_dir(&workspace.root)).map(|()| ExitCode::SUCCESS)
}
