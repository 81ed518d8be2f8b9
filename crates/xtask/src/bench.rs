//! `cargo xtask bench`: the budgets, measured.

mod chain;
mod couch;
mod example;
mod server;
mod size;

use crate::process;
use crate::test::{backends, end_to_end};
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use clap::Args;
use std::path::Path;
use std::process::{Command, ExitCode};

#[derive(Args)]
pub struct Options {
    /// What to measure: size, save, drain, watch, board, chain, simulator, server, or another script of tests/bench
    what: String,
    /// End non-zero when a budget is missed
    #[arg(long)]
    check: bool,
    /// Given to the script as they are
    #[arg(last = true)]
    rest: Vec<String>,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<ExitCode> {
    if options.what == "size" {
        return size::run(workspace, options.check);
    }
    if options.what == "server" {
        return server::run(workspace, &options.rest, options.check);
    }
    if ["watch", "simulator"].contains(&options.what.as_str()) {
        return example::run(workspace, &options.what, &options.rest, options.check);
    }
    let made = if options.what == "chain" { Some(chain::run(workspace, options.check)?) } else { None };
    script(workspace, options, made.as_deref()).map(|()| ExitCode::SUCCESS)
}

/// tests/bench/<name>.mjs, in the environment of the end-to-end tests, with the server as people run it. `mix` is the
/// program that makes up its records, where it needs one.
fn script(workspace: &Workspace, options: &Options, mix: Option<&Path>) -> Result<()> {
    let folder = workspace.root.join("tests/bench");
    let script = folder.join(format!("{}.mjs", options.what));
    if !options.what.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter))
        || !script.is_file()
    {
        bail!("there is no benchmark `{}` (looked for {})", options.what, script.display());
    }
    let environment = end_to_end::Environment::prepare(workspace, &folder, crate::server::Profile::Release)?;
    let mut command = Command::new("node");
    command.arg(&script).args(&options.rest).current_dir(&folder);
    if options.check {
        command.arg("--check");
    }
    environment.apply(&mut command);
    if let Some(mix) = mix {
        command.env("WAYMARK_MIX", mix);
    }
    if options.what == "drain" {
        command.env(backends::PYTHON, backends::prepare(workspace)?);
    }
    process::run(&mut command)
}
