//! PostgreSQL: the tests start servers of their own, as a user of their own.

use super::system::{self, Packages};
use crate::process::{self, output_of};
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Shared with the tests of the server.
const KEEPER: &str = include_str!("../../../server/tests/it/support/postgres.sh");
/// Where Debian and Ubuntu put its programs, a folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of its programs, installed if need be. `POSTGRES_BIN` names it where it is elsewhere.
pub fn ensure() -> Result<PathBuf> {
    if let Some(bin) = find() {
        return Ok(bin);
    }
    system::install(&Packages {
        what: "PostgreSQL",
        debian: &["postgresql"],
        elsewhere: "PostgreSQL 15 or later, its programs (postgres, initdb, createdb, pg_dump) on PATH, \
                    or in a folder that the variable POSTGRES_BIN names",
    })?;
    find().with_context(|| format!("PostgreSQL was installed, but there is no {DEBIAN}/VERSION/bin/postgres"))
}

/// Like the tests of the server: the one that is named, the newest of Debian's, the one on PATH.
fn find() -> Option<PathBuf> {
    let named = env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let mut all = named.into_iter().chain(debian.into_iter().rev()).chain(env::split_paths(&path));
    all.find(|bin| has_programs(bin))
}

/// A server of its own in a new folder; it ends, and the folder is removed, when this is dropped.
pub struct Server {
    pub folder: PathBuf,
    keeper: Child,
    bin: PathBuf,
}

impl Server {
    pub fn start(folder: PathBuf) -> Result<Self> {
        let bin = ensure()?;
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let root = output_of("id", &["-u"]).context("cannot find out who we are")? == "0";
        // PostgreSQL refuses to run as root; Debian's package brings a user for it.
        let mut command = Command::new(if root { "runuser" } else { "env" });
        if root {
            process::run(Command::new("chown").arg("postgres").arg(&folder))?;
            command.args(["-u", "postgres", "--"]);
        }
        command.args(["sh", "-c", KEEPER, "sh"]).arg(&folder).arg(&bin).current_dir(&folder);
        let mut keeper = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut said = String::new();
        BufReader::new(keeper.stdout.take().context("no output to read")?).read_line(&mut said)?;
        let server = Self { folder, keeper, bin };
        if said.trim() != "done" {
            let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            bail!("PostgreSQL did not start: {log}");
        }
        Ok(server)
    }

    /// The address of a new database.
    pub fn create(&self, name: &str) -> Result<String> {
        let mut createdb = Command::new(self.bin.join("createdb"));
        process::run(createdb.arg("-h").arg(&self.folder).args(["-U", "waymark", name]))?;
        Ok(format!("postgres://waymark@localhost/{name}?host={}", self.folder.display()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("PostgreSQL was not seen to stop: {error}");
        }
    }
}

fn has_programs(bin: &Path) -> bool {
    ["postgres", "initdb", "createdb"].iter().all(|name| bin.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_server_will_not_do() {
        let folder = env::temp_dir().join(format!("waymark-postgres-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["initdb", "createdb"] {
            fs::write(folder.join(name), "").unwrap();
        }
        assert!(!has_programs(&folder));
        fs::write(folder.join("postgres"), "").unwrap();
        assert!(has_programs(&folder));
        fs::remove_dir_all(&folder).unwrap();
    }
}
