//! Taking records in, beside bare inserts into the same databases.

use crate::process;
use crate::tools::postgres::Server;
use crate::workspace::Workspace;
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::{Command, ExitCode};

/// Runs the server's example, built as the server is run, with a PostgreSQL of its own on the same disk. The rest of the
/// command line may say how many rounds.
pub fn run(workspace: &Workspace, arguments: &[String], check: bool) -> Result<ExitCode> {
    if check {
        bail!("there is no budget for `server` yet");
    }
    let example =
        ["--profile", "release-native", "--package", "waymark-server", "--example", "ingest_compared"];
    process::run(Command::new("cargo").arg("build").args(example).current_dir(&workspace.root))?;
    // A socket's path must be short.
    let folder = std::env::temp_dir().join(format!("waymark-bench-{}", std::process::id()));
    let sqlite = folder.with_extension("sqlite");
    let postgres = Server::start(folder)?;
    fs::create_dir(&sqlite).with_context(|| format!("cannot make {}", sqlite.display()))?;
    let program = workspace.target.join("release-native/examples/ingest_compared").canonicalize()?;
    let url = postgres.create("bench")?;
    let done = process::run(Command::new(program).arg(&sqlite).arg(url).args(arguments));
    process::remove_dir(&sqlite)?;
    done.map(|()| ExitCode::SUCCESS)
}
