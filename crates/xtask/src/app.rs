//! Building the app with Trunk.

mod inputs;

use crate::process;
use crate::tools::{self, wasm_target};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Release,
    Debug,
}

impl Profile {
    fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }

    fn dist(self, workspace: &Workspace) -> PathBuf {
        match self {
            Self::Release => workspace.root.join("dist"),
            Self::Debug => workspace.state().join("dist-debug"),
        }
    }
}

/// Leptos erases its components' types when told to: much quicker to compile.
pub const DEBUG_RUSTFLAGS: (&str, &str) =
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", "--cfg erase_components");

/// The folder with the built app. Nothing is done where nothing that goes into it has changed.
pub fn build(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    wasm_target::ensure()?;
    let bins = [tools::trunk(workspace)?, tools::wasm_bindgen(workspace)?];
    let state = workspace.state();
    fs::create_dir_all(&state).with_context(|| format!("cannot make {}", state.display()))?;
    let lock = File::create(state.join("app.lock")).context("cannot make a lock file")?;
    lock.lock().context("cannot take the lock")?;

    let dist = profile.dist(workspace);
    let stamp = state.join(format!("app-{}.stamp", profile.word()));
    let inputs = inputs::digest(workspace, profile.word())?;
    if built_from(&stamp, &dist, &inputs) {
        println!("==> the app is built already, and nothing has changed since: {}", dist.display());
        return Ok(dist);
    }
    let what = format!("building the app, {} (the first time: several minutes)", profile.word());
    process::timed(&what, || {
        // Trunk runs offline so that it downloads no tool of its own; cargo's downloads come before.
        process::run(Command::new("cargo").arg("fetch").current_dir(&workspace.root))?;
        process::run(&mut trunk(workspace, profile, &dist, &bins)?)
    })?;
    fs::write(&stamp, format!("{inputs} {}", release_of(&dist)?)).context("cannot write the stamp")?;
    Ok(dist)
}

fn trunk(workspace: &Workspace, profile: Profile, dist: &Path, bins: &[PathBuf]) -> Result<Command> {
    let mut command = Command::new("trunk");
    command.args(["build", "--skip-version-check", "--offline=true", "--dist"]).arg(dist);
    command.current_dir(&workspace.root).env("PATH", process::path_with(bins)?);
    // Trunk 0.21 takes no other value of this variable than true or false.
    if env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    match profile {
        Profile::Release => command.arg("--release=true").env(DEBUG_RUSTFLAGS.0, release_flags(workspace)?),
        Profile::Debug => command.env(DEBUG_RUSTFLAGS.0, DEBUG_RUSTFLAGS.1),
    };
    Ok(command)
}

/// As .cargo/config.toml has them; and no path of this machine in what people download.
fn release_flags(workspace: &Workspace) -> Result<String> {
    let cargo = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || Some(PathBuf::from(env::var_os("HOME")?).join(".cargo"));
    let cargo = cargo.or_else(home).context("cannot tell where cargo keeps its sources")?;
    let hide = |path: &Path, name: &str| format!("--remap-path-prefix={}={name}", path.display());
    Ok(format!(
        "--cfg erase_components --cfg sha2_backend_soft=\"compact\" {} {}",
        hide(&workspace.root, "."),
        hide(&cargo.join("registry/src"), "crates"),
    ))
}

fn built_from(stamp: &Path, dist: &Path, inputs: &str) -> bool {
    let Ok(release) = release_of(dist) else {
        return false;
    };
    fs::read_to_string(stamp).is_ok_and(|said| said == format!("{inputs} {release}"))
}

/// The release id that the post-build step wrote into the folder.
fn release_of(dist: &Path) -> Result<String> {
    Ok(crate::post_build::Release::read(dist)?.id)
}
