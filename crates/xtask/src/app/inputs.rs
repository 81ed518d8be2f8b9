//! One digest over everything that goes into the app.

use crate::process::{output_of, which};
use crate::workspace::Workspace;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

const FOLDERS: [&str; 5] = ["src", "style", "public", "crates/core", "crates/xtask/src"];
const FILES: [&str; 5] = ["build.rs", "Cargo.toml", "Cargo.lock", "Trunk.toml", ".cargo/config.toml"];

pub fn digest(workspace: &Workspace, profile: &str) -> Result<String> {
    let mut hasher = Sha256::new();
    hasher.update(profile);
    hasher.update(output_of("rustc", &["--version"]).context("`rustc --version` does not answer")?);
    hasher.update(which("wasm-opt").and_then(|path| output_of(path, &["--version"])).unwrap_or_default());
    for name in FILES {
        let path = workspace.root.join(name);
        if path.is_file() {
            add_file(&mut hasher, &path)?;
        }
    }
    for name in FOLDERS {
        add_folder(&mut hasher, &workspace.root.join(name))?;
    }
    Ok(crate::post_build::hex(&hasher.finalize()))
}

fn add_folder(hasher: &mut Sha256, folder: &Path) -> Result<()> {
    let read =
        || -> std::io::Result<Vec<_>> { fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect() };
    let mut paths = read().with_context(|| format!("cannot list {}", folder.display()))?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_folder(hasher, &path)?;
        } else {
            add_file(hasher, &path)?;
        }
    }
    Ok(())
}

fn add_file(hasher: &mut Sha256, path: &Path) -> Result<()> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    hasher.update(path.as_os_str().as_encoded_bytes());
    hasher.update(bytes.len().to_le_bytes());
    hasher.update(&bytes);
    Ok(())
}
