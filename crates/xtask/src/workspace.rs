//! Where things are in this clone.

use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;

pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Workspace {
    /// The clone this was called in, found from the directory at run time: one target directory
    /// may be shared by several clones, so what was compiled in can name another.
    pub fn find() -> Result<Self> {
        let here = env::current_dir().context("cannot tell the current directory")?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .context("call this inside a clone of Waymark (no Trunk.toml here or above)")?
            .to_path_buf();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set));
        Ok(Self { root, target })
    }

    pub fn locales(&self) -> PathBuf {
        self.root.join("src/locales")
    }

    pub fn end_to_end(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }

    /// What xtask itself keeps between runs: of this clone, wherever cargo's target directory is.
    pub fn state(&self) -> PathBuf {
        self.root.join("target/xtask")
    }
}
