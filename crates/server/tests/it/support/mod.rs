//! A server on a free port, and phones that talk to it.

mod browser;
pub mod convoy;
mod endpoint;
mod mail_sink;
mod pack_desk;
mod phone;
mod photo;
mod postgres;
mod receiver;
mod reply;
mod scrape;
mod wrong_backend;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

pub use browser::Browser;
pub use endpoint::{Answer, Endpoint, Heard};
pub use mail_sink::{MailSink, Manner};
pub use pack_desk::{PackDesk, rewrite};
pub use phone::Phone;
pub use photo::Photo;
pub use postgres::{Cluster, Database};
pub use receiver::{Behaviour, Receiver};
pub use reply::Reply;
pub use scrape::Scrape;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use waymark_core::event::{OrgId, Stamp};
use waymark_core::rules::Role;
use waymark_server::clock;
use waymark_server::limits::Rate;
use waymark_server::notify::Notifier;
use waymark_server::notify::config::Config;
use waymark_server::router::router;
use waymark_server::secret::EnrolmentCode;
use waymark_server::serve::{hear, serve};
use waymark_server::state::{AppState, Limits};
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{NewCode, Org, Storage};
pub use wrong_backend::Wrong;

/// With `WAYMARK_TEST_DATABASE=postgres` every server that is not told otherwise is on PostgreSQL.
/// A second server on the same folder is on the same database.
fn on_postgres(folder: &Path) -> Option<Database> {
    static ALL: LazyLock<Mutex<HashMap<PathBuf, Database>>> = LazyLock::new(Mutex::default);
    match std::env::var("WAYMARK_TEST_DATABASE").as_deref() {
        Ok("postgres") => {
            let mut all = ALL.lock().unwrap();
            Some(all.entry(folder.to_owned()).or_insert_with(Database::new).clone())
        }
        Ok(other) => panic!("there are no tests on {other}"),
        Err(_) => None,
    }
}

/// Limits that no test meets by accident.
pub fn roomy() -> Limits {
    let rate = Rate { burst: 1_000_000, every: Duration::from_millis(1) };
    Limits { device: rate, enrol_address: rate, enrol_all: rate, ready: Duration::ZERO, ..Limits::default() }
}

pub struct Server {
    pub address: SocketAddr,
    pub storage: Arc<dyn Storage>,
    pub data: Arc<TempDir>,
    pub notifier: Notifier,
    pub state: AppState,
    postgres: Option<Database>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

pub struct Builder {
    limits: Limits,
    app: Option<PathBuf>,
    data: Option<Arc<TempDir>>,
    postgres: Option<Database>,
    notify: Config,
    wrong: Option<Wrong>,
}

impl Builder {
    /// Lets it break a rule.
    pub fn wrong(mut self, wrong: Wrong) -> Self {
        self.wrong = Some(wrong);
        self
    }

    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    pub fn app(mut self, dist: PathBuf) -> Self {
        self.app = Some(dist);
        self
    }

    /// Who is told by what, as in the operator's file.
    pub fn notify(mut self, file: &str) -> Self {
        self.notify = Config::parse(file).unwrap();
        self
    }

    /// Starts on data that is there.
    pub fn data(mut self, data: Arc<TempDir>) -> Self {
        self.data = Some(data);
        self
    }

    /// Keeps its records in PostgreSQL; several servers may share a database.
    pub fn postgres(mut self, database: &Database) -> Self {
        self.postgres = Some(database.clone());
        self
    }

    pub async fn start(self) -> Server {
        let data = self.data.unwrap_or_else(|| Arc::new(tempfile::tempdir().unwrap()));
        let postgres = self.postgres.or_else(|| on_postgres(data.path()));
        let dir = DataDir::new(data.path());
        let storage: Arc<dyn Storage> = match &postgres {
            Some(database) => Arc::new(database.open().await),
            None => Arc::new(dir.create_or_open().await.unwrap()),
        };
        let acme = Org { slug: "acme".into(), name: "Acme".into() };
        storage.create_org(&acme, clock::now()).await.unwrap();
        let (stop, stopping) = watch::channel(false);
        let notifier = Notifier::new(storage.clone(), self.notify).limit(Duration::from_secs(1));
        let (limits, blobs) = (self.limits, dir.blobs());
        let state = AppState::new(storage.clone(), blobs, limits, false, notifier.clone(), stopping.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let right = router(state.clone(), self.app.as_deref());
        let router = match self.wrong {
            Some(wrong) => wrong.around(right),
            None => right,
        };
        let task = tokio::spawn(serve(listener, router, stopping));
        tokio::spawn(hear(state.clone()));
        Server { address, storage, data, notifier, state, postgres, stop, task }
    }
}

impl Server {
    pub fn builder() -> Builder {
        Builder {
            limits: roomy(),
            app: None,
            data: None,
            postgres: None,
            notify: Config::default(),
            wrong: None,
        }
    }

    pub async fn start() -> Self {
        Self::builder().start().await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn code(&self, role: Role) -> String {
        self.code_for("acme", role, &[], clock::now().plus_ms(3_600_000)).await
    }

    pub async fn code_for(&self, org: &str, role: Role, areas: &[&str], expires: Stamp) -> String {
        let code = EnrolmentCode::random().unwrap();
        let kept = NewCode {
            hash: code.hash(),
            org: OrgId::from(org),
            role,
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            expires,
            device: None,
        };
        self.storage.add_codes(&[kept], clock::now()).await.unwrap();
        code.to_string()
    }

    /// A phone that was just enrolled.
    pub async fn phone(&self, role: Role, name: &str) -> Phone {
        self.phone_in("acme", role, &[], name).await
    }

    pub async fn phone_in(&self, org: &str, role: Role, areas: &[&str], name: &str) -> Phone {
        let org_row = Org { slug: org.into(), name: org.to_uppercase() };
        self.storage.create_org(&org_row, clock::now()).await.unwrap();
        let code = self.code_for(org, role, areas, clock::now().plus_ms(3_600_000)).await;
        Phone::enrol(self.address, &code, name).await
    }

    /// How many second versions are kept aside.
    pub async fn conflicts(&self) -> i64 {
        let sql = "SELECT count(*) FROM conflicts";
        match &self.postgres {
            Some(database) => sqlx::query_scalar(sql).fetch_one(&mut database.connect().await).await.unwrap(),
            None => sqlx::query_scalar(sql).fetch_one(&mut self.database().await).await.unwrap(),
        }
    }

    /// Gives a device to another person.
    pub async fn assign(&self, device: &str, user: &str) {
        let sql = format!("UPDATE devices SET \"user\" = '{user}' WHERE id = '{device}'");
        self.run(&sql).await;
    }

    /// Changes the database behind the server's back.
    pub async fn run(&self, sql: &str) {
        match &self.postgres {
            Some(database) => drop(database.run(sql).await),
            None => drop(
                sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
                    .execute(&mut self.database().await)
                    .await
                    .unwrap(),
            ),
        }
    }

    /// The SQLite file.
    pub async fn database(&self) -> SqliteConnection {
        assert!(self.postgres.is_none(), "this test is of SQLite");
        let options = SqliteConnectOptions::new().filename(DataDir::new(self.data.path()).database());
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Stops as on a signal; gives back the data.
    pub async fn stop(self) -> Arc<TempDir> {
        self.stop.send_replace(true);
        self.task.await.unwrap();
        self.storage.close().await;
        self.data
    }

    /// Tells it to stop without waiting.
    pub fn tell_to_stop(&self) {
        self.stop.send_replace(true);
    }
}
