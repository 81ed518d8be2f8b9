//! The adapters against other people's backends, and the forms of OpenRosa by ODK Validate.

use super::{cargo, count, every};
use crate::process::{self, which};
use crate::tools::system::{self, Packages};
use crate::tools::{node, postgres, python};
use crate::workspace::Workspace;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the peers are told which Python it is.
pub const PYTHON: &str = "WAYMARK_PEERS_PYTHON";

pub fn run(workspace: &Workspace) -> Result<()> {
    let peers = workspace.root.join("tests/peers");
    let python = prepare(workspace)?;
    java()?;
    let tests = count::run(
        cargo(workspace)
            .args(["test", "--all-features", "--package", "waymark-server", "--test", "backends"])
            .args(["--", "--ignored"])
            .env(PYTHON, &python),
        "backends",
    );
    let forms = workspace.state().join("forms");
    every([
        tests,
        write_forms(workspace, &forms).and_then(|()| {
            process::run(Command::new(&python).arg(peers.join("validate_forms.py")).arg(&forms))
        }),
    ])
}

/// What the peers in tests/peers run on; the browser tests that use them need it too. Gives their Python.
pub fn prepare(workspace: &Workspace) -> Result<PathBuf> {
    let peers = workspace.root.join("tests/peers");
    node::ensure()?;
    node::install_packages(&peers)?;
    postgres::ensure()?;
    python::environment(workspace, "peers", &peers.join("requirements.txt"))
}

fn java() -> Result<()> {
    if which("java").is_some() {
        return Ok(());
    }
    system::install(&Packages {
        what: "Java, for ODK Validate",
        debian: &["default-jre-headless"],
        elsewhere: "Java 11 or newer, on PATH",
    })
}

fn write_forms(workspace: &Workspace, folder: &Path) -> Result<()> {
    process::remove_dir(folder)?;
    process::run(
        cargo(workspace)
            .args(["run", "--quiet", "--all-features", "--package", "waymark-server", "--", "forms", "--out"])
            .arg(folder),
    )
}
