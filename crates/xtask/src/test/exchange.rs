//! Exported files, read by software that is not ours.

use super::cargo;
use crate::process;
use crate::tools::python;
use crate::workspace::Workspace;
use anyhow::Result;
use std::process::Command;

pub fn run(workspace: &Workspace) -> Result<()> {
    let tests = workspace.root.join("tests/exchange");
    let python = python::environment(workspace, "exchange", &tests.join("requirements.txt"))?;
    let files = workspace.state().join("exchange-files");
    process::remove_dir(&files)?;
    process::run(
        cargo(workspace)
            .args(["run", "--quiet", "--all-features", "--package", "waymark-core", "--example", "exchange"])
            .arg("--")
            .arg(&files),
    )?;
    process::run(Command::new(python).arg(tests.join("validate.py")).arg(&files))
}
