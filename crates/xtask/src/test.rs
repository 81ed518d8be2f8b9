//! `cargo xtask test`: every tier is run, and what failed is said at the end.

pub mod backends;
mod browser;
mod count;
pub mod end_to_end;
mod exchange;
mod native;
mod policy;
mod postgres;

use crate::app::DEBUG_RUSTFLAGS;
use crate::process;
use crate::tools::wasm_target;
use crate::workspace::Workspace;
use crate::{locales, process::words};
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

#[derive(Args)]
pub struct Options {
    /// The tiers to run [default: all]
    tiers: Vec<Tier>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Tier {
    /// rustfmt
    Format,
    /// The languages: same keys, same placeholders, the plurals each needs
    Locales,
    /// Clippy, warnings denied
    Lint,
    /// cargo-deny: licences, sources, banned crates
    Policy,
    /// Core, server and xtask
    Native,
    /// The server's tests over HTTP once more, on PostgreSQL
    Postgres,
    /// Exported files, read by other software in Python
    Exchange,
    /// The adapters against other people's backends; forms, by ODK Validate
    Backends,
    /// The app's parts, in headless Chromium
    Browser,
    /// The app and the server together, in Chromium by Playwright
    E2e,
}

struct Done {
    name: String,
    time: Duration,
    failure: Option<String>,
}

pub fn run(workspace: &Workspace, options: &Options) -> ExitCode {
    let tiers = if options.tiers.is_empty() { Tier::value_variants() } else { &options.tiers };
    let done: Vec<Done> = tiers.iter().map(|&tier| timed(workspace, tier)).collect();
    let failed = done.iter().filter(|tier| tier.failure.is_some()).count();
    println!("\n{}", summary(&done));
    println!("{} passed, {failed} failed", done.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn timed(workspace: &Workspace, tier: Tier) -> Done {
    let name = tier.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    println!("\n======== {name} ========");
    let start = Instant::now();
    let failure = run_tier(workspace, tier).err().map(|error| format!("{error:#}"));
    let time = start.elapsed();
    match &failure {
        None => println!("-------- {name}: passed in {}", words(time)),
        Some(why) => println!("-------- {name}: FAILED after {}: {why}", words(time)),
    }
    Done { name, time, failure }
}

fn run_tier(workspace: &Workspace, tier: Tier) -> Result<()> {
    match tier {
        Tier::Format => process::run(cargo(workspace).args(["fmt", "--all", "--check"])),
        Tier::Locales => locales::check(&workspace.locales()),
        Tier::Lint => lint(workspace),
        Tier::Policy => policy::run(workspace),
        Tier::Native => native::run(workspace),
        Tier::Postgres => postgres::run(workspace),
        Tier::Exchange => exchange::run(workspace),
        Tier::Backends => backends::run(workspace),
        Tier::Browser => browser::run(workspace),
        Tier::E2e => end_to_end::run(workspace),
    }
}

fn lint(workspace: &Workspace) -> Result<()> {
    let deny = ["--", "--deny", "warnings"];
    let native = process::run(
        cargo(workspace).arg("clippy").args(NATIVE).args(["--all-targets", "--all-features"]).args(deny),
    );
    wasm_target::ensure()?;
    let app = process::run(
        cargo(workspace)
            .args(["clippy", "--package", "waymark", "--all-targets", "--target", wasm_target::NAME])
            .env(DEBUG_RUSTFLAGS.0, DEBUG_RUSTFLAGS.1)
            .args(deny),
    );
    every([native, app])
}

/// Runs on past a failure, and says all of them at the end.
fn every(results: impl IntoIterator<Item = Result<()>>) -> Result<()> {
    let failures: Vec<_> =
        results.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    if failures.is_empty() { Ok(()) } else { bail!(failures.join("; ")) }
}

/// The packages that run on this machine rather than in a browser.
const NATIVE: [&str; 6] = ["--package", "waymark-core", "--package", "waymark-server", "--package", "xtask"];

fn cargo(workspace: &Workspace) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(&workspace.root);
    command
}

fn summary(done: &[Done]) -> String {
    let mut lines = vec!["======== summary ========".to_owned()];
    lines.extend(done.iter().map(|tier| {
        let (word, why) =
            tier.failure.as_ref().map_or(("passed", String::new()), |why| ("FAILED", format!("  {why}")));
        format!("{word}  {:<8} {:>12}{why}", tier.name, words(tier.time))
    }));
    lines.join("\n")
}
