use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use tempfile::TempDir;
use waymark_server::storage::postgres::{Address, PostgresStorage};

/// Starts a server and obeys; see there.
const KEEPER: &str = include_str!("postgres.sh");

/// A PostgreSQL server on a Unix socket in a folder of its own.
pub struct Cluster {
    dir: PathBuf,
    bin: PathBuf,
    keeper: Mutex<Keeper>,
    databases: AtomicU32,
}

struct Keeper {
    child: Child,
    words: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// The one that all tests share which do not kill it.
static SHARED: LazyLock<Arc<Cluster>> = LazyLock::new(|| Arc::new(Cluster::start()));

impl Cluster {
    /// A server for one test alone.
    pub fn start() -> Self {
        let bin = programs();
        let dir = TempDir::with_prefix("waymark-postgres-").unwrap().keep();
        let mut command = as_anybody_but_root(&dir);
        command.args(["sh", "-c", KEEPER, "sh"]).arg(&dir).arg(&bin).current_dir(&dir);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let words = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut keeper = Keeper { child, words, answers };
        keeper.expect_done(&dir);
        Self { dir, bin, keeper: Mutex::new(keeper), databases: AtomicU32::default() }
    }

    pub fn shared() -> Arc<Self> {
        SHARED.clone()
    }

    /// SIGKILL, as by a machine that runs out of memory.
    pub fn kill(&self) {
        self.say("kill");
    }

    pub fn start_again(&self) {
        self.say("start");
    }

    fn say(&self, word: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        writeln!(keeper.words.as_mut().unwrap(), "{word}").unwrap();
        keeper.expect_done(&self.dir);
    }
}

impl Keeper {
    fn expect_done(&mut self, dir: &Path) {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let log = || fs::read_to_string(dir.join("log")).unwrap_or_default();
        assert_eq!(line, "done\n", "PostgreSQL did not start: {}", log());
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut keeper = self.keeper.lock().unwrap();
        drop(keeper.words.take());
        let _ = keeper.child.wait();
    }
}

/// An empty database of its own.
#[derive(Clone)]
pub struct Database {
    cluster: Arc<Cluster>,
    name: String,
}

impl Database {
    pub fn new() -> Self {
        Self::of(Cluster::shared())
    }

    pub fn of(cluster: Arc<Cluster>) -> Self {
        Self::create(cluster, &[])
    }

    /// Another with the same in it; nobody may be connected to this one.
    pub fn copy(&self) -> Self {
        Self::create(self.cluster.clone(), &["-T", &self.name])
    }

    fn create(cluster: Arc<Cluster>, more: &[&str]) -> Self {
        let name = format!("test{}", cluster.databases.fetch_add(1, Ordering::Relaxed));
        let mut createdb = Command::new(cluster.bin.join("createdb"));
        createdb.arg("-h").arg(&cluster.dir).args(["-U", "waymark", &name]).args(more);
        assert!(createdb.status().unwrap().success());
        Self { cluster, name }
    }

    pub fn url(&self) -> String {
        format!("postgres://waymark@localhost/{}?host={}", self.name, self.cluster.dir.display())
    }

    pub fn address(&self) -> Address {
        self.url().parse().unwrap()
    }

    pub async fn open(&self) -> PostgresStorage {
        PostgresStorage::open(&self.address()).await.unwrap()
    }

    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// Gives how many rows were changed.
    pub async fn run(&self, sql: &str) -> u64 {
        let mut connection = self.connect().await;
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await;
        let rows = done.unwrap_or_else(|error| panic!("{error}: {sql}")).rows_affected();
        connection.close().await.unwrap();
        rows
    }

    /// A program of PostgreSQL, pointed at this database.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.cluster.bin.join(name));
        command.arg("-h").arg(&self.cluster.dir).args(["-U", "waymark", "-d", &self.name]);
        command
    }
}

/// The folder of PostgreSQL's programs.
fn programs() -> PathBuf {
    let named = env::var_os("POSTGRES_BIN").map(PathBuf::from);
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut debian: Vec<_> = versions.map(|version| version.unwrap().path().join("bin")).collect();
    debian.sort();
    let path = env::var_os("PATH").unwrap_or_default();
    let all = named.into_iter().chain(debian.into_iter().rev()).chain(env::split_paths(&path));
    all.into_iter().find(|bin| bin.join("postgres").is_file() && bin.join("initdb").is_file()).expect(
        "PostgreSQL is not installed, and these tests need it: `cargo xtask test native` installs it, or \
         `apt-get install postgresql`; POSTGRES_BIN names the folder of its programs",
    )
}

/// PostgreSQL refuses to run as root; Debian's package brings a user for it.
fn as_anybody_but_root(dir: &Path) -> Command {
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout != b"0\n" {
        return Command::new("env");
    }
    let given = Command::new("chown").arg("postgres").arg(dir).status().unwrap();
    assert!(given.success(), "there is no user `postgres`, as whom root can start PostgreSQL");
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]);
    command
}
