//! What the machine needs beside Rust: found where it is, installed where it is not.

pub mod browser;
pub mod cargo_tool;
mod lockfile;
pub mod node;
pub mod postgres;
pub mod python;
pub mod system;
pub mod wasm_target;

use crate::workspace::Workspace;
use anyhow::{Context, Result};
use cargo_tool::CargoTool;
use std::path::PathBuf;

/// The folder Trunk is in, installed if need be.
pub fn trunk(workspace: &Workspace) -> Result<PathBuf> {
    cargo_tool::ensure(
        workspace,
        &CargoTool { package: "trunk", version: "0.21.14".into(), programs: &["trunk"], minutes: 5 },
    )
}

/// The folder of the wasm-bindgen CLI that fits Cargo.lock: another version's cannot read what it built.
pub fn wasm_bindgen(workspace: &Workspace) -> Result<PathBuf> {
    let lock =
        std::fs::read_to_string(workspace.root.join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = lockfile::version_of(&lock, "wasm-bindgen")
        .context("Cargo.lock names no wasm-bindgen: the app does not use it yet")?;
    cargo_tool::ensure(
        workspace,
        &CargoTool {
            package: "wasm-bindgen-cli",
            version: version.into(),
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            minutes: 4,
        },
    )
}

/// The folder cargo-deny is in, installed if need be.
pub fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    cargo_tool::ensure(
        workspace,
        &CargoTool { package: "cargo-deny", version: "0.20.2".into(), programs: &["cargo-deny"], minutes: 3 },
    )
}
