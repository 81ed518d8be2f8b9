//! Binaryen's wasm-opt, where the machine has one: the app works without it, and is larger.

use super::files::{Files, has_ending};
use crate::process::{self, output_of, which};
use anyhow::{Context, Result};
use std::process::Command;

/// What rustc's default wasm target uses beyond the first version of WebAssembly.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

pub fn run(files: &mut Files) -> Result<()> {
    let Some(program) = which("wasm-opt") else {
        println!("    no wasm-opt on PATH: the app is a little larger than it could be");
        return Ok(());
    };
    let folder = std::env::temp_dir().join(format!("waymark-wasm-opt-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, bytes) in files.iter_mut().filter(|(name, _)| has_ending(name, &["wasm"])) {
        let (before, after) = (folder.join("in.wasm"), folder.join("out.wasm"));
        std::fs::write(&before, &*bytes).with_context(|| format!("cannot write {}", before.display()))?;
        let done =
            process::run(Command::new(&program).arg("-Oz").args(FEATURES).arg(&before).arg("-o").arg(&after));
        match done {
            Ok(()) => {
                let smaller = std::fs::read(&after).context("wasm-opt wrote nothing")?;
                println!("    wasm-opt: {name} {} → {} bytes", bytes.len(), smaller.len());
                *bytes = smaller;
            }
            // An old wasm-opt does not know what a new rustc writes; its work is a gain, not a need.
            Err(error) => println!(
                "    wasm-opt is left out: {error:#} ({})",
                output_of(&program, &["--version"]).unwrap_or_default()
            ),
        }
    }
    process::remove_dir(&folder)
}
