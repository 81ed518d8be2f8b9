//! `waymark-server relay`: where else an organisation's records go.

mod add;
mod list;

use clap::{Args, Subcommand};
use waymark_core::backend::connection::Connection;

use super::code::organisation;
use super::text_file::TextFileError;
use super::{CommandError, DataArgs, say};
use crate::relay::{Ledger, Relay as Place, read_all, test, write_all};
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Relay {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Send all records of an organisation, those that are there and those to come, to a backend as well.
    Add(add::Add),
    /// List what waits, what was refused and what stands in the way.
    List(list::List),
    /// Say whether the backend can be reached and would take records; sends none.
    Test(Named),
    /// Send what was refused again, and whatever waits at once.
    Retry(Named),
    /// Send nothing more there; what is there stays.
    Remove(Named),
}

/// One relay.
#[derive(Debug, Args)]
struct Named {
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// What it was called when it was added.
    #[arg(long)]
    name: String,
}

/// Why a relay cannot be set up or does not work.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    #[error("there is no relay {0}")]
    Unknown(String),
    #[error("there is a relay {0} already: with --replace its sign-in is changed")]
    Exists(String),
    #[error("--address: {0}")]
    Address(&'static str),
    #[error("--name: 1 to 60 letters, none of them a control character")]
    Name,
    #[error("--option: {kind} has no option {option}; it has: {known}")]
    Option { kind: &'static str, option: String, known: String },
    #[error("--option: bucket=NAME is missing")]
    NoBucket,
    #[error(transparent)]
    Secret(#[from] TextFileError),
    #[error("standard input can be either the secret or the key")]
    OneInput,
    #[error("{0}")]
    Connection(&'static str),
}

impl Relay {
    pub async fn run(self) -> Result<(), CommandError> {
        match self.what {
            What::Add(add) => add.run().await,
            What::List(list) => list.run().await,
            What::Test(named) => named.test().await,
            What::Retry(named) => named.retry().await,
            What::Remove(named) => named.remove().await,
        }
    }
}

impl Named {
    async fn test(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let found = self.find(&*storage).await;
        storage.close().await;
        let (relays, at) = found?;
        match words(&test(&relays[at]).await) {
            Ok(words) => Ok(say(words)?),
            Err(why) => Err(RelayError::Connection(why).into()),
        }
    }

    async fn retry(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let done =
            self.change(&*storage, |relays, at| relays[at].retry = relays[at].retry.wrapping_add(1)).await;
        storage.close().await;
        done?;
        Ok(say("the server sends again what was refused, within a few seconds\n")?)
    }

    async fn remove(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let done = self.forget(&*storage).await;
        storage.close().await;
        done?;
        Ok(say("nothing more is sent there\n")?)
    }

    async fn forget(&self, storage: &dyn Storage) -> Result<(), CommandError> {
        let (mut relays, at) = self.find(storage).await?;
        let relay = relays.remove(at);
        write_all(storage, &relays).await?;
        Ok(Ledger::forget(storage, &relay).await?)
    }

    async fn change(
        &self,
        storage: &dyn Storage,
        change: impl FnOnce(&mut [Place], usize),
    ) -> Result<(), CommandError> {
        let (mut relays, at) = self.find(storage).await?;
        change(&mut relays, at);
        Ok(write_all(storage, &relays).await?)
    }

    /// All relays, and which of them is meant.
    async fn find(&self, storage: &dyn Storage) -> Result<(Vec<Place>, usize), CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        let relays = read_all(storage).await?;
        let at = relays.iter().position(|relay| relay.org == org && relay.destination.name == self.name);
        let at = at.ok_or_else(|| RelayError::Unknown(self.name.clone()))?;
        Ok((relays, at))
    }
}

fn words(connection: &Connection) -> Result<&'static str, &'static str> {
    match connection {
        Connection::Fine { .. } => Ok("fine: it would take records\n"),
        Connection::Offline | Connection::Unreachable => {
            Err("unreachable: nothing answers at this address, or its certificate is not trusted here")
        }
        Connection::CaptivePortal => Err("captive_portal: something else answers at this address"),
        Connection::Cors => Err("unreachable: it breaks the connection off"),
        Connection::SignIn => Err("sign_in: the user, password, token or key is refused"),
        Connection::NotFound => Err(
            "not_found: no such database, folder, bucket or project; a folder is made with the first record",
        ),
        Connection::Schema => {
            Err("schema: it is not made for these records: publish the forms, or see docs/BACKENDS.md")
        }
        Connection::ServerError(_) => Err("server_error: the backend fails"),
    }
}
