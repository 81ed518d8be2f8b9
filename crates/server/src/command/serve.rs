use std::io::{self, IsTerminal as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use futures_util::future::OptionFuture;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tokio::task::JoinHandle;
use tracing_subscriber::EnvFilter;

use super::data::Database;
use super::{CommandError, DataArgs, demo, say};
use crate::blobs::{Blobs, PARTIAL_MS};
use crate::clock;
use crate::metrics;
use crate::notify::Notifier;
use crate::notify::config::Config;
use crate::relay::keep_relaying;
use crate::router::router;
use crate::secret;
use crate::serve::{bind, hear, serve, stop_on_signal};
use crate::state::{AppState, Limits};
use crate::storage::Storage;
use crate::storage::sqlite::FilesError;
use crate::watch::keep_watch;

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // switches of a command line
pub struct Serve {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    #[command(flatten)]
    data: DataArgs,
    /// The built app's folder; without it only the API is served.
    #[arg(long)]
    app: Option<PathBuf>,
    /// Create a demo organisation with a day of convoys in it, and print a fresh code for each role.
    #[arg(long, conflicts_with = "notify")]
    demo: bool,
    /// The demo organisation without its day: no people, no records.
    #[arg(long, requires = "demo")]
    empty: bool,
    /// The address as phones reach it, such as <https://waymark.example.org>, for links.
    #[arg(long)]
    url: Option<String>,
    /// Take clients' addresses from the last entry of `x-forwarded-for`, which a proxy of yours sets.
    #[arg(long)]
    behind_proxy: bool,
    /// The file that says who is told by push, webhook and e-mail; without it, those who watch are told by push.
    #[arg(long)]
    notify: Option<PathBuf>,
    /// Do not look after movements: nobody is told when a check-in does not come.
    #[arg(long)]
    no_watch: bool,
    /// An address of its own for what Prometheus reads, such as 127.0.0.1:9464, at /metrics; without it, nowhere.
    #[arg(long)]
    metrics: Option<SocketAddr>,
    /// Mebibytes that stay free on the disk: with less, the server says that it is not ready.
    #[arg(long, default_value_t = 256)]
    reserve: u32,
    /// How log lines on standard error look; `RUST_LOG` chooses which.
    #[arg(long, value_enum, default_value_t = LogFormat::Compact)]
    log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    Compact,
    Json,
}

impl Serve {
    pub async fn run(self) -> Result<(), CommandError> {
        self.start_log();
        if let Some(app) = self.app.as_ref().filter(|app| !app.join("index.html").is_file()) {
            return Err(CommandError::NoApp(app.clone()));
        }
        let notify = self.notify.as_deref().map(Config::read).transpose()?.unwrap_or_default();
        let blobs = self.data.folder()?.blobs();
        if let Database::Sqlite(data) = self.data.database()?
            && !self.demo
            && !data.has_database()
        {
            return Err(FilesError::NoDatabase(data.path().to_owned()).into());
        }
        let in_use = self.data.lock()?;
        let storage = self.data.create_or_open().await?;
        let served = self.serve(&storage, blobs, notify).await;
        storage.close().await;
        drop(in_use);
        served
    }

    async fn serve(
        &self,
        storage: &Arc<dyn Storage>,
        blobs: Blobs,
        notify: Config,
    ) -> Result<(), CommandError> {
        let demo = if self.demo { Some(demo::create(&**storage, !self.empty).await?) } else { None };
        if storage.orgs().await?.is_empty() {
            return Err(CommandError::NoOrganisation);
        }
        let stopping = stop_on_signal()?;
        let listener = listen(self.addr, "--addr")?;
        let metrics = self.metrics.map(|address| listen(address, "--metrics")).transpose()?;
        let address = match &self.url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => local_address(listener.local_addr()?),
        };
        storage.set_address(&address).await?;
        say(&format!("Waymark is at {address}\n"))?;
        if let Some(org) = demo {
            demo::print_codes(&**storage, &org, &address).await?;
        }
        let notifier = Notifier::new(storage.clone(), notify);
        sweep(&blobs);
        let limits = Limits { reserve: u64::from(self.reserve) << 20, ..Limits::default() };
        let state =
            AppState::new(storage.clone(), blobs, limits, self.behind_proxy, notifier, stopping.clone());
        let holder = secret::epoch()?;
        let watching = self.watch(&state, &holder, &stopping);
        let relaying = tokio::spawn(keep_relaying(state.clone(), holder, stopping.clone()));
        let hearing = tokio::spawn(hear(state.clone()));
        let measuring =
            metrics.map(|listener| serve(listener, metrics::router(state.clone()), stopping.clone()));
        let serving = serve(listener, router(state, self.app.as_deref()), stopping);
        tokio::join!(serving, OptionFuture::from(measuring));
        hearing.abort();
        if let Some(Err(error)) = OptionFuture::from(watching).await {
            tracing::error!(%error, "the watch broke off");
        }
        if let Err(error) = relaying.await {
            tracing::error!(%error, "the relays broke off");
        }
        Ok(())
    }

    fn watch(&self, state: &AppState, holder: &str, stopping: &Receiver<bool>) -> Option<JoinHandle<()>> {
        if self.no_watch {
            tracing::warn!("nobody is told when a check-in does not come");
            return None;
        }
        let tell = Arc::new(state.notifier.clone());
        Some(tokio::spawn(keep_watch(state.clone(), tell, holder.to_owned(), stopping.clone())))
    }

    fn start_log(&self) {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
        // A log that cannot be written, as on a full disk, must not end what is being done.
        let log = log.log_internal_errors(false).with_ansi(io::stderr().is_terminal());
        let started = match self.log_format {
            LogFormat::Compact => log.compact().try_init(),
            LogFormat::Json => log.json().flatten_event(true).try_init(),
        };
        if let Err(error) = started {
            eprintln!("no log: {error}");
        }
    }
}

/// Nobody waits for what was begun a week ago; a folder that cannot be looked through keeps nobody from being served.
fn sweep(blobs: &Blobs) {
    match blobs.sweep(clock::now().plus_ms(-PARTIAL_MS)) {
        Ok(0) => {}
        Ok(dropped) => tracing::info!(dropped, "unfinished photos"),
        Err(error) => tracing::warn!(%error, "unfinished photos stay"),
    }
}

fn listen(address: SocketAddr, option: &'static str) -> Result<TcpListener, CommandError> {
    bind(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => CommandError::AddressInUse { address, option },
        _ => CommandError::CannotListen { address, source },
    })
}

/// The address for a browser on this machine, which is also one that browsers trust without a certificate.
fn local_address(bound: SocketAddr) -> String {
    let ip = if bound.ip().is_unspecified() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { bound.ip() };
    format!("http://{}", SocketAddr::new(ip, bound.port()))
}
