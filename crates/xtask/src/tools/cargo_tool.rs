//! Programs from crates.io, in a cache of the user's own: installed once for all clones, and never
//! into the user's cargo bin. An install is built beside its place and moved into it whole, under a
//! lock, so that neither an interruption nor a second run can leave half a tool.

use crate::process::{self, output_of, which};
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct CargoTool {
    pub package: &'static str,
    pub version: String,
    /// What it installs that is used here; the first answers `--version`.
    pub programs: &'static [&'static str],
    /// About how long the install takes on two cores.
    pub minutes: u32,
}

impl CargoTool {
    fn id(&self) -> String {
        format!("{}-{}", self.package, self.version)
    }

    fn is_in(&self, folder: &Path) -> bool {
        let path = |name: &str| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        self.programs.iter().all(|name| path(name).is_file())
            && self.programs.first().is_some_and(|name| {
                output_of(path(name), &["--version"]).is_some_and(|said| names_version(&said, &self.version))
            })
    }
}

/// The folder with the tool's programs, of exactly its version.
pub fn ensure(workspace: &Workspace, tool: &CargoTool) -> Result<PathBuf> {
    let cache = cache_folder(workspace);
    let bin = cache.join(tool.id()).join("bin");
    if tool.is_in(&bin) {
        return Ok(bin);
    }
    if let Some(folder) = on_path(tool) {
        return Ok(folder);
    }
    fs::create_dir_all(&cache).with_context(|| {
        format!("cannot make {}; XDG_CACHE_HOME can name a folder that can be written to", cache.display())
    })?;
    let lock = File::create(cache.join(format!("{}.lock", tool.id()))).context("cannot make a lock file")?;
    if let Err(TryLockError::WouldBlock) = lock.try_lock() {
        println!("==> waiting: {} is being installed by another run", tool.id());
        lock.lock().context("cannot take the lock")?;
    }
    if !tool.is_in(&bin) {
        install(&cache, tool)?;
    }
    Ok(bin)
}

fn install(cache: &Path, tool: &CargoTool) -> Result<()> {
    let partial = cache.join(format!(".{}.partial", tool.id()));
    let place = cache.join(tool.id());
    // Kept when the install is interrupted: the next run goes on from what is built.
    let build = cache.join(format!(".{}.build", tool.id()));
    process::remove_dir(&partial)?;
    let what = format!(
        "installing {} {} into {} (once for this user; about {} minutes on two cores)",
        tool.package,
        tool.version,
        cache.display(),
        tool.minutes
    );
    process::timed(&what, || {
        let locked = process::run(&mut command(tool, &partial, &build, true));
        if let Err(error) = locked {
            eprintln!("    {error:#}\n    trying once more with newer dependencies");
            process::run(&mut command(tool, &partial, &build, false)).context(
                "if the words above are of the network, crates.io must be reachable; \
                 of space, about 3 GB are needed; of a missing `cc` or library, a C compiler is needed \
                 (Debian and Ubuntu: apt-get install build-essential)",
            )?;
        }
        Ok(())
    })?;
    if !tool.is_in(&partial.join("bin")) {
        bail!("{} was installed, but does not answer to --version", tool.id());
    }
    process::remove_dir(&place)?;
    fs::rename(&partial, &place).with_context(|| format!("cannot move it to {}", place.display()))?;
    process::remove_dir(&build)
}

fn command(tool: &CargoTool, root: &Path, build: &Path, locked: bool) -> Command {
    let mut command = Command::new("cargo");
    command.args(["install", "--debug", tool.package, "--version"]).arg(format!("={}", tool.version));
    command.arg("--root").arg(root).arg("--target-dir").arg(build);
    if locked {
        command.arg("--locked");
    }
    // Nothing of this clone's or this run's settings may shape a tool that all clones share.
    command.current_dir(env::temp_dir());
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TARGET_DIR"] {
        command.env_remove(name);
    }
    command.env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

fn on_path(tool: &CargoTool) -> Option<PathBuf> {
    let program = which(tool.programs.first()?)?;
    let folder = program.parent()?;
    tool.is_in(folder).then(|| folder.to_path_buf())
}

fn cache_folder(workspace: &Workspace) -> PathBuf {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").or_else(|| set("USERPROFILE")).map(|home| home.join(".cache")))
        .map_or_else(|| workspace.state().join("tools"), |cache| cache.join("waymark/tools"))
}

fn names_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_will_do() {
        assert!(names_version("trunk 0.21.14", "0.21.14"));
        assert!(names_version("trunk v0.21.14 (abc)", "0.21.14"));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
        assert!(!names_version("trunk 0.21.1", "0.21.14"));
    }
}
