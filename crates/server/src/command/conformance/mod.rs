//! Holds a backend to the sync protocol.

mod table;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use url::Url;
use waymark_core::sync::Session;

use super::{CommandError, backend_address, say};
use crate::conformance::{Credential, Entrant, Examination, Place};

/// Every record it writes is marked as an exercise and says that it is a check of the protocol. Where a code is asked for,
/// `@FILE` names a file with the answer to `POST /enrol` of a device that is enrolled already.
#[derive(Debug, Args)]
pub struct Conformance {
    /// The backend's address. Without https only within your own network.
    #[arg(long, value_parser = backend_address)]
    backend: Url,
    /// The enrolment code of a traveller.
    #[arg(long, value_name = "CODE")]
    traveller: String,
    /// The enrolment code of a manager in the same area.
    #[arg(long, value_name = "CODE")]
    manager: String,
    /// The enrolment code of somebody of security in the same area.
    #[arg(long, value_name = "CODE")]
    security: Option<String>,
    /// The enrolment code of somebody of central.
    #[arg(long, value_name = "CODE")]
    central: Option<String>,
    /// The enrolment code of somebody of another organisation.
    #[arg(long, value_name = "CODE")]
    other: Option<String>,
    /// Make these checks only, by comma.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    only: Vec<String>,
    /// How many seconds a record may take to reach those who may see it.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=600))]
    patience: u16,
    /// Also try how many wrong codes are taken: afterwards nobody may be able to enrol from this address for a while.
    #[arg(long)]
    limits: bool,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Conformance {
    pub async fn run(self) -> Result<(), CommandError> {
        let places = [
            (Place::Traveller, Some(self.traveller)),
            (Place::Manager, Some(self.manager)),
            (Place::Security, self.security),
            (Place::Central, self.central),
            (Place::Other, self.other),
        ];
        let mut entrants = Vec::new();
        for (place, text) in places {
            if let Some(text) = text {
                entrants.push(Entrant { place, credential: credential(text)? });
            }
        }
        let patience = Duration::from_secs(self.patience.into());
        let (backend, only, limits) = (self.backend, self.only, self.limits);
        let report = Examination { backend, entrants, only, patience, limits }.run().await?;
        let text = if self.json {
            serde_json::to_string_pretty(&report).map_err(std::io::Error::from)? + "\n"
        } else {
            table::table(&report)
        };
        say(&text)?;
        match (report.failed().len(), report.checks.len()) {
            (0, _) => Ok(()),
            (failed, all) => Err(CommandError::ChecksFailed { failed, all }),
        }
    }
}

fn credential(text: String) -> Result<Credential, CommandError> {
    let Some(path) = text.strip_prefix('@').map(PathBuf::from) else { return Ok(Credential::Code(text)) };
    let session: Option<Session> = serde_json::from_slice(&fs::read(&path)?).ok();
    let session = session.ok_or(CommandError::NotSignedIn(path))?;
    Ok(Credential::Session(Box::new(session)))
}
