//! Waymark's own tool: sets a machine up, then does the job. Run as `cargo xtask <command>`.

mod app;
mod bench;
mod locales;
mod post_build;
mod process;
mod serve;
mod server;
mod test;
mod tools;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;
use workspace::Workspace;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Sets the machine up, then does the job", version)]
struct Cli {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Build the app and the reference server, and run them on this machine
    Serve(serve::Options),
    /// Run the tests: all of them, or the tiers named
    Test(test::Options),
    /// Measure what the budgets promise
    Bench(bench::Options),
    /// Called by Trunk: hash, compress and list what was built
    #[command(hide = true)]
    PostBuild,
}

fn main() -> ExitCode {
    match run(Cli::parse().job) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(job: Job) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match job {
        Job::Serve(options) => serve::run(&workspace, &options),
        Job::Test(options) => Ok(test::run(&workspace, &options)),
        Job::Bench(options) => bench::run(&workspace, &options),
        Job::PostBuild => post_build::run(&workspace).map(|()| ExitCode::SUCCESS),
    }
}
