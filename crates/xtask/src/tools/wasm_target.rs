//! Rust's own wasm32 target.

use crate::process::{self, output_of, which};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

pub const NAME: &str = "wasm32-unknown-unknown";

pub fn ensure() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    if which("rustup").is_none() {
        bail!(
            "this Rust has no {NAME} target, and there is no rustup to add it with. Either install rustup \
             (https://rustup.rs), or add the target as this Rust came (Debian: apt-get install libstd-rust-dev-wasm32)"
        );
    }
    process::timed(&format!("adding Rust's {NAME} target (about 20 MB)"), || {
        process::run(Command::new("rustup").args(["target", "add", NAME]))
    })
}

fn is_installed() -> bool {
    output_of("rustc", &["--print", "target-libdir", "--target", NAME])
        .is_some_and(|folder| Path::new(&folder).is_dir())
}
