//! The system's own packages: installed where that can be done without asking, else the command is said.

use crate::process::{self, output_of, which};
use anyhow::{Context, Result, bail};
use std::process::Command;

pub struct Packages<'a> {
    pub what: &'a str,
    pub debian: &'a [&'a str],
    pub elsewhere: &'a str,
}

pub fn install(packages: &Packages) -> Result<()> {
    let names = packages.debian.join(" ");
    let Some(become_root) = apt() else {
        bail!("{} is missing. Install it: {}", packages.what, advice(packages, &names));
    };
    process::timed(
        &format!("installing {} (apt-get install {names}; one to three minutes)", packages.what),
        || {
            process::run(apt_get(become_root).arg("update"))?;
            process::run(
                apt_get(become_root).args(["install", "-y", "--no-install-recommends"]).args(packages.debian),
            )
        },
    )
    .with_context(|| format!("install {} by hand: {}", packages.what, advice(packages, &names)))
}

/// How apt-get may be called without asking anybody: as it is, or through sudo.
fn apt() -> Option<bool> {
    which("apt-get")?;
    if output_of("id", &["-u"])? == "0" {
        return Some(false);
    }
    output_of("sudo", &["-n", "true"]).map(|_| true)
}

fn apt_get(through_sudo: bool) -> Command {
    let mut command = Command::new(if through_sudo { "sudo" } else { "env" });
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    command
}

fn advice(packages: &Packages, names: &str) -> String {
    if which("apt-get").is_some() {
        format!("sudo apt-get update && sudo apt-get install -y {names}")
    } else {
        packages.elsewhere.to_owned()
    }
}
