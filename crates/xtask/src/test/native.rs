use super::{NATIVE, cargo, count, every};
use crate::tools::postgres;
use crate::workspace::Workspace;
use anyhow::Result;

/// Each package by itself: none may hide behind the tests of another.
pub fn run(workspace: &Workspace) -> Result<()> {
    postgres::ensure()?;
    every(NATIVE.iter().filter(|word| !word.starts_with("--")).map(|package| {
        count::run(cargo(workspace).args(["test", "--all-features", "--package", package]), package)
    }))
}
