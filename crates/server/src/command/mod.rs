//! The command line.

mod backup;
mod code;
mod columns;
mod conformance;
mod data;
mod demo;
mod devices;
mod forms;
mod import;
mod init;
mod levels;
mod migrate;
mod notify_test;
mod pack;
mod relay;
mod revoke;
mod serve;
mod simulate;
mod text_file;
mod verify;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use url::Url;
use waymark_core::rules::Role;
use waymark_core::rules::levels::LevelFault;

use crate::conformance::ConformanceError;
use crate::import::ImportError;
use crate::notify::config::ConfigError;
use crate::pack::PackError;
use crate::secret::NoRandomness;
use crate::storage::StorageError;
use crate::storage::postgres::{AddressError, TransferError};
use crate::storage::snapshot::SnapshotError;
use crate::storage::sqlite::FilesError;
use data::DataArgs;

/// Waymark's reference server.
#[derive(Debug, Parser)]
#[command(name = "waymark-server", version)]
pub struct Command {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Serve the app and take records in.
    Serve(serve::Serve),
    /// Create an organisation.
    Init(init::Init),
    /// Make a one-use enrolment code; the server may be running.
    Code(code::Code),
    /// List the devices; the server may be running.
    Devices(devices::Devices),
    /// Shut a device out; the server may be running.
    Revoke(revoke::Revoke),
    /// Tell the people of a role that this is a test, and print what became of it; the server may be running.
    NotifyTest(notify_test::NotifyTest),
    /// Print or set how closely people are watched; the server may be running.
    Levels(levels::Levels),
    /// Let simulated phones drive convoys against a server, with losses, and check that nothing is lost.
    Simulate(simulate::Simulate),
    /// Check point by point whether a backend speaks the protocol.
    Conformance(conformance::Conformance),
    /// Write, check, sign and publish the organisation's standards pack.
    Pack(pack::Pack),
    /// Write the forms to publish on an OpenRosa server (ODK Central, KoboToolbox, Ona).
    Forms(forms::Forms),
    /// Send an organisation's records to other backends as well; the server may be running.
    Relay(relay::Relay),
    /// Bring in what others have recorded; the server may be running.
    Import(import::Import),
    /// Look over everything that is stored, and name whatever is not as it should be; the server may be running.
    Verify(verify::Verify),
    /// Write a copy of the database to a file, and the photos beside it; the server may be running.
    Backup(backup::Backup),
    /// Put a backup in place of the database; the server must not be running.
    Restore(backup::Restore),
    /// Move everything from SQLite to PostgreSQL; the server must not be running.
    Migrate(migrate::Migrate),
}

/// Why a command did not work, in one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("the database failed: {0}")]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Address(#[from] AddressError),
    #[error("cannot open the PostgreSQL database: {0}")]
    CannotOpen(StorageError),
    #[error("cannot look at the PostgreSQL database: {0}")]
    CannotLook(#[from] SnapshotError),
    #[error("say with --data where the photos are")]
    NoFolder,
    #[error("nothing was moved: {0}")]
    Transfer(#[from] TransferError),
    #[error("{0}")]
    NotForPostgres(&'static str),
    #[error("say with --from which backup is to be restored")]
    NoBackup,
    #[error("{address} is in use by another program: choose another with {option}")]
    AddressInUse { address: SocketAddr, option: &'static str },
    #[error("cannot listen on {address}: {source}")]
    CannotListen { address: SocketAddr, source: io::Error },
    #[error("there is no built app in {}: no index.html", .0.display())]
    NoApp(PathBuf),
    #[error("there is no organisation yet: run `waymark-server init` first")]
    NoOrganisation,
    #[error("there are several organisations: say which with --org ({0})")]
    WhichOrganisation(String),
    #[error("there is no organisation {0}")]
    UnknownOrganisation(String),
    #[error("the organisation {0} is there already")]
    OrganisationExists(String),
    #[error(transparent)]
    Text(#[from] text_file::TextFileError),
    #[error("--like: {0}")]
    Like(#[from] waymark_core::sync::SetupError),
    #[error("--like: that phone sends nowhere else that colleagues could sign in to, too")]
    NoPlaces,
    #[error("there is no device {0}")]
    UnknownDevice(String),
    #[error(transparent)]
    Notify(#[from] ConfigError),
    #[error("there is nobody to tell: no phone, webhook or address for {0}")]
    NobodyToTell(&'static str),
    #[error("{not_sent} of {all} were not sent")]
    NotSent { not_sent: usize, all: usize },
    #[error("what is stored is not as it should be: faults found: {0}")]
    Faults(usize),
    #[error("the demo cannot be set up: {0}")]
    Demo(&'static str),
    #[error("{0}")]
    Simulation(#[from] simulate::SimulationError),
    #[error(transparent)]
    Conformance(#[from] ConformanceError),
    #[error("{} is not the answer to an enrolment", .0.display())]
    NotSignedIn(PathBuf),
    #[error("{failed} of {all} checks failed")]
    ChecksFailed { failed: usize, all: usize },
    #[error("--{0}")]
    Levels(#[from] LevelFault),
    #[error("nothing was written: {} cannot be imported: {fault}", file.display())]
    NoImport { file: PathBuf, fault: String },
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error(transparent)]
    Relay(#[from] relay::RelayError),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    #[error("{0}")]
    Io(#[from] io::Error),
}

impl Command {
    /// Does what the command line says.
    ///
    /// # Errors
    /// One line for the operator.
    pub async fn run(self) -> Result<(), CommandError> {
        match self.what {
            What::Serve(serve) => serve.run().await,
            What::Init(init) => init.run().await,
            What::Code(code) => code.run().await,
            What::Devices(devices) => devices.run().await,
            What::Revoke(revoke) => revoke.run().await,
            What::NotifyTest(test) => test.run().await,
            What::Levels(levels) => levels.run().await,
            What::Simulate(simulate) => simulate.run().await,
            What::Conformance(conformance) => conformance.run().await,
            What::Pack(pack) => pack.run().await,
            What::Forms(forms) => forms.run(),
            What::Relay(relay) => relay.run().await,
            What::Import(import) => import.run().await,
            What::Verify(verify) => verify.run().await,
            What::Backup(backup) => backup.run().await,
            What::Restore(restore) => restore.run().await,
            What::Migrate(migrate) => migrate.run().await,
        }
    }
}

/// A role on the command line.
#[derive(Debug, Clone, Copy)]
struct RoleArg(Role);

impl ValueEnum for RoleArg {
    fn value_variants<'a>() -> &'a [Self] {
        const {
            &[
                Self(Role::Traveller),
                Self(Role::Reporter),
                Self(Role::Manager),
                Self(Role::Security),
                Self(Role::Central),
            ]
        }
    }

    fn to_possible_value(&self) -> Option<clap::builder::PossibleValue> {
        Some(clap::builder::PossibleValue::new(self.0.code()))
    }
}

/// The address of a server, on the command line.
fn backend_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        _ => Err("an address such as https://waymark.example.org".to_owned()),
    }
}

/// Prints at once, whoever is reading.
fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
