//! Python packages in an environment of their own, away from the system's.

use super::system::{self, Packages};
use crate::process::{self, output_of};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first on PATH, then that of the system: another one on PATH may lack what it takes.
const NAMES: [&str; 2] = ["python3", "/usr/bin/python3"];
/// What the pinned packages ask for.
const OLDEST: u32 = 11;
/// Gives its minor version where it can make environments; fails where it cannot.
const QUESTION: &str = "import ensurepip, sys, venv; print(*sys.version_info[:2])";

/// The interpreter of an environment that has what this file requires, made anew when the file or Python changes.
pub fn environment(workspace: &Workspace, name: &str, requirements: &Path) -> Result<PathBuf> {
    let base = ensure()?;
    let wanted = stamp_of(&base, requirements)?;
    let folder = workspace.state().join(format!("python-{name}"));
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("waymark-installed");
    if python.is_file() && fs::read_to_string(&stamp).is_ok_and(|done| done == wanted) {
        return Ok(python);
    }
    process::timed(
        &format!("installing Python packages into {} (about a minute)", folder.display()),
        || {
            process::remove_dir(&folder)?;
            process::run(Command::new(&base).args(["-m", "venv"]).arg(&folder))?;
            process::run(
                Command::new(&python)
                    .args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"])
                    .arg("--requirement")
                    .arg(requirements),
            )
            .context("if the words above are of the network, PyPI must be reachable")
        },
    )?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(python)
}

/// A Python that can make environments.
fn ensure() -> Result<PathBuf> {
    if let Some(python) = find()? {
        return Ok(python);
    }
    system::install(&Packages {
        what: "Python 3 with its module venv",
        debian: &["python3", "python3-venv"],
        elsewhere: "Python 3.11 or newer with its modules venv and ensurepip, on PATH as python3",
    })?;
    find()?.context("Python was installed, but makes no environments: `python3 -m venv` does not work")
}

fn find() -> Result<Option<PathBuf>> {
    let mut too_old = None;
    for name in NAMES {
        let Some(said) = output_of(name, &["-c", QUESTION]) else { continue };
        if is_new_enough(&said) {
            return Ok(Some(name.into()));
        }
        too_old = Some((name, said));
    }
    match too_old {
        Some((name, said)) => bail!("{name} is Python {said}: 3.{OLDEST} or newer is needed"),
        None => Ok(None),
    }
}

/// `3 13` → true
fn is_new_enough(said: &str) -> bool {
    let number = |word: &str| word.parse::<u32>().ok();
    said.split_once(' ').is_some_and(|(major, minor)| {
        number(major) == Some(3) && number(minor).is_some_and(|minor| minor >= OLDEST)
    })
}

fn stamp_of(python: &Path, requirements: &Path) -> Result<String> {
    let listed = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let version = output_of(python, &["--version"]).unwrap_or_default();
    Ok(format!("{version} {:x?}", Sha256::digest(&listed).as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_python_will_not_do() {
        assert!(is_new_enough("3 11") && is_new_enough("3 14"));
        for said in ["3 10", "2 7", "4 0", "3", ""] {
            assert!(!is_new_enough(said), "{said}");
        }
    }
}
