//! PostgreSQL: the tests start servers of their own, as a user of their own.

use super::system::{self, Packages};
use crate::process::which;
use anyhow::{Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Where Debian and Ubuntu put its programs, a folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Sees that its programs are there. `POSTGRES_BIN` names their folder where they are elsewhere.
pub fn ensure() -> Result<()> {
    if is_there() {
        return Ok(());
    }
    system::install(&Packages {
        what: "PostgreSQL",
        debian: &["postgresql"],
        elsewhere: "PostgreSQL 15 or later, its programs (postgres, initdb, createdb, pg_dump) on PATH, \
                    or in a folder that the variable POSTGRES_BIN names",
    })?;
    if is_there() {
        Ok(())
    } else {
        bail!("PostgreSQL was installed, but there is no {DEBIAN}/VERSION/bin/postgres")
    }
}

fn is_there() -> bool {
    let named = env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let versions = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let mut folders = named.into_iter().chain(versions.map(|version| version.path().join("bin")));
    folders.any(|bin| has_programs(&bin)) || which("postgres").is_some() && which("initdb").is_some()
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
