//! Node.js and the npm packages of a folder.

use super::system::{self, Packages};
use crate::process::{self, output_of, which};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use std::process::Command;

const OLDEST: u32 = 18;

pub fn ensure() -> Result<()> {
    if which("node").is_none() || which("npm").is_none() {
        system::install(&Packages {
            what: "Node.js with npm",
            debian: &["nodejs", "npm"],
            elsewhere: "Node.js 18 or newer, from your system or https://nodejs.org",
        })?;
    }
    let said = output_of("node", &["--version"]).context("`node --version` does not answer")?;
    match said.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok()) {
        Some(major) if major >= OLDEST => Ok(()),
        _ => bail!("Node.js {said} is too old: {OLDEST} or newer is needed"),
    }
}

/// `npm ci`, unless it was done for this very package-lock.json.
pub fn install_packages(folder: &Path) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let wanted = format!("{:x?}", Sha256::digest(&lock).as_slice());
    let stamp = folder.join("node_modules/.waymark-installed");
    if fs::read_to_string(&stamp).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    process::timed("installing npm packages for the browser tests", || {
        process::run(
            Command::new("npm")
                .args(["ci", "--no-audit", "--no-fund"])
                .current_dir(folder)
                // The browser is the system's; Playwright's own is not wanted.
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        )
    })?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
