//! The server that is measured: its database, and the program as operators run it.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use clap::Args;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use url::Url;
use waymark_server::remote::Wire;
use waymark_server::storage::Storage;
use waymark_server::storage::postgres::{PostgresSnapshot, PostgresStorage};
use waymark_server::storage::snapshot::Snapshot;
use waymark_server::storage::sqlite::DataDir;

use crate::machine;

#[derive(Debug, Args)]
pub struct Target {
    /// The built `waymark-server`.
    #[arg(long)]
    pub server: PathBuf,
    /// A new folder for the data.
    #[arg(long)]
    pub dir: PathBuf,
    /// An empty PostgreSQL database in place of SQLite.
    #[arg(long)]
    pub postgres: Option<String>,
}

impl Target {
    pub fn name(&self) -> &'static str {
        if self.postgres.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    pub fn data(&self) -> DataDir {
        DataDir::new(&self.dir)
    }

    pub async fn storage(&self) -> Arc<dyn Storage> {
        match &self.postgres {
            Some(url) => Arc::new(PostgresStorage::open(&url.parse().unwrap()).await.unwrap()),
            None => Arc::new(self.data().create_or_open().await.unwrap()),
        }
    }

    pub async fn snapshot(&self) -> Box<dyn Snapshot> {
        match &self.postgres {
            Some(url) => Box::new(PostgresSnapshot::open(&url.parse().unwrap()).await.unwrap()),
            None => Box::new(self.data().snapshot().await.unwrap()),
        }
    }

    /// A command of the server on these data.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(&self.server);
        command.arg(name).arg("--data").arg(&self.dir).env_remove("RUST_LOG").env_remove("DATABASE_URL");
        if let Some(url) = &self.postgres {
            command.env("DATABASE_URL", url);
        }
        command
    }

    /// Serves until the answer is stopped.
    pub async fn serve(&self) -> Running {
        Running::start(self.command("serve"), &self.dir, self.postmaster().await)
    }

    /// The process whose children serve PostgreSQL's connections.
    async fn postmaster(&self) -> Option<u32> {
        let mut connection = PgConnection::connect(self.postgres.as_ref()?).await.unwrap();
        let own: i32 =
            sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        machine::parent(u32::try_from(own).unwrap())
    }
}

/// A server that runs.
pub struct Running {
    child: Child,
    pub wire: Wire,
    postmaster: Option<u32>,
}

impl Running {
    fn start(mut command: Command, dir: &Path, postmaster: Option<u32>) -> Self {
        let log = File::create(dir.join("server.log")).unwrap();
        command.args(["--addr", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().expect("the server starts");
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().strip_prefix("Waymark is at ").expect("the address");
        let wire = Wire { base: Url::parse(address).unwrap() };
        Self { child, wire, postmaster }
    }

    /// What the server, PostgreSQL and this program have used so far, in seconds of one processor.
    pub fn used(&self) -> [f64; 3] {
        let database = self.postmaster.map_or(0.0, machine::cpu_with_children);
        [machine::cpu(self.child.id()), database, machine::cpu(std::process::id())]
    }

    /// The server's memory and its peak, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        machine::memory(self.child.id())
    }

    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success(), "the server did not end well");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Nothing is left of it if all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
