use super::{NATIVE, cargo, count};
use crate::workspace::Workspace;
use anyhow::Result;

pub fn run(workspace: &Workspace) -> Result<()> {
    // Each package by itself: none may hide behind the tests of another.
    for package in NATIVE.iter().filter(|word| !word.starts_with("--")) {
        count::run(
            cargo(workspace).args(["test", "--all-features", "--package", package]),
            package,
        )?;
    }
    Ok(())
}
