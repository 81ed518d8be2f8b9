//! What one server bears: taking records in beside others, thousands of phones, open streams, a store that grows.

use super::couch;
use crate::process;
use crate::server::{self, Profile};
use crate::tools::postgres::Server;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use clap::{Parser, ValueEnum};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[derive(Parser)]
#[command(name = "cargo xtask bench server --", no_binary_name = true)]
struct Options {
    /// Which parts, in this order [default: all]
    #[arg(long, value_delimiter = ',')]
    only: Vec<Part>,
    /// On which databases
    #[arg(long, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    on: Vec<Database>,
    /// Rounds of taking records in beside others
    #[arg(long, default_value = "3")]
    rounds: String,
    /// For how many seconds 10,000 phones sync every ten minutes; 600 and more let each of them come
    #[arg(long, default_value = "120")]
    seconds: String,
    /// For how many seconds each of the faster rates after that is kept up
    #[arg(long, default_value = "15")]
    step: String,
    /// The sizes of the growing store, in records, with commas
    #[arg(long, default_value = "10000,100000,1000000")]
    sizes: String,
    /// How many managers' streams are open
    #[arg(long, default_value = "1000")]
    streams: String,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    Compared,
    Phones,
    Streams,
    Growth,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

/// Runs the server's example `load`, built as the server is run, beside the server and a PostgreSQL on the same disk.
pub fn run(workspace: &Workspace, arguments: &[String], check: bool) -> Result<ExitCode> {
    if check {
        bail!("there is no budget for `server` yet");
    }
    let options = match Options::try_parse_from(arguments) {
        Ok(options) => options,
        Err(error) => error.exit(),
    };
    let bench = Bench::prepare(workspace)?;
    let parts = if options.only.is_empty() { Part::value_variants().to_vec() } else { options.only.clone() };
    for part in parts {
        match part {
            Part::Compared => bench.compared(workspace, &options.rounds)?,
            Part::Phones => bench.on_each(
                &options,
                "phones",
                &["--seconds", &options.seconds, "--step", &options.step],
            )?,
            Part::Streams => bench.on_each(&options, "streams", &["--streams", &options.streams])?,
            Part::Growth => bench.on_each(&options, "growth", &["--sizes", &options.sizes])?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

struct Bench {
    load: PathBuf,
    server: PathBuf,
}

impl Bench {
    fn prepare(workspace: &Workspace) -> Result<Self> {
        let server = server::build(workspace, Profile::Release)?;
        let example = ["--profile", "release-native", "--package", "waymark-server", "--example", "load"];
        process::run(Command::new("cargo").arg("build").args(example).current_dir(&workspace.root))?;
        let load = format!("release-native/examples/load{}", env::consts::EXE_SUFFIX);
        Ok(Self { load: workspace.target.join(load).canonicalize()?, server })
    }

    fn compared(&self, workspace: &Workspace, rounds: &str) -> Result<()> {
        let folder = Folder::new("compared")?;
        let postgres = Server::start(short("compared"))?;
        let couch = couch::Peer::start(workspace, &folder.0.join("couch"))?;
        let mut command = self.command("compared", &folder);
        command.args(["--postgres", &postgres.create("bench")?, "--couch", couch.address()]);
        process::run(command.args(["--rounds", rounds]))
    }

    /// A database of its own for each run.
    fn on_each(&self, options: &Options, part: &str, arguments: &[&str]) -> Result<()> {
        for database in &options.on {
            let folder = Folder::new(part)?;
            let mut command = self.command(part, &folder);
            command.args(arguments);
            if *database == Database::Sqlite {
                process::run(&mut command)?;
                continue;
            }
            let postgres = Server::start(short(part))?;
            process::run(command.args(["--postgres", &postgres.create("bench")?]))?;
        }
        Ok(())
    }

    fn command(&self, part: &str, folder: &Folder) -> Command {
        let mut command = Command::new(&self.load);
        command.arg(part).arg("--server").arg(&self.server).arg("--dir").arg(&folder.0);
        command
    }
}

/// A new folder, removed when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(part: &str) -> Result<Self> {
        let path = short(part).with_extension("data");
        fs::create_dir(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = process::remove_dir(Path::new(&self.0)) {
            eprintln!("{error:#}");
        }
    }
}

/// The path of a socket must be short.
fn short(part: &str) -> PathBuf {
    env::temp_dir().join(format!("waymark-{part}-{}", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_all_parts_run_on_both_databases() {
        let options = Options::try_parse_from(Vec::<String>::new()).unwrap();
        assert!(options.only.is_empty() && options.on == [Database::Sqlite, Database::Postgres]);
        let options = Options::try_parse_from(["--only", "growth,phones", "--on", "postgres"]).unwrap();
        assert!(options.only == [Part::Growth, Part::Phones] && options.on == [Database::Postgres]);
        assert!(Options::try_parse_from(["--only", "all"]).is_err());
    }
}
