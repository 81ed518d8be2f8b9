//! Whether a backend speaks the sync protocol, point by point (docs/CONFORMANCE.md). Every record it writes is an
//! exercise.

mod bench;
mod check;
mod checks;
mod device;
mod exchange;
mod feed;
mod place;
mod report;

use std::time::Duration;

use url::Url;

use crate::remote::Wire;
use crate::secret::NoRandomness;
use bench::Bench;
pub use check::{Check, Fault, Miss};
pub use checks::all as checks;
pub use place::{Credential, Entrant, Place};
pub use report::{Line, Report, Verdict};

/// What to check, and with whom.
#[derive(Debug, Clone)]
pub struct Examination {
    pub backend: Url,
    pub entrants: Vec<Entrant>,
    /// The names of the checks to make; empty for all.
    pub only: Vec<String>,
    /// How long a record may take to reach those who may see it.
    pub patience: Duration,
    /// Whether to try how many wrong codes are taken.
    pub limits: bool,
}

/// Why nothing was checked.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    #[error("{url} cannot be reached: {failure}")]
    Unreachable { url: Url, failure: String },
    #[error("there is no check {0}")]
    NoSuchCheck(String),
    #[error("the code of {place} is for a {role}: make another for the role that it says")]
    WrongRole { place: &'static str, role: &'static str },
    #[error("{0} belongs to another organisation than --traveller: only --other may")]
    OtherOrganisation(&'static str),
    #[error("--other belongs to the same organisation as --traveller")]
    SameOrganisation,
    #[error("{0} shares no area with --traveller: what they see of each other cannot be checked")]
    NoSharedArea(&'static str),
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl Examination {
    /// Enrols the test devices and makes the checks, one after the other.
    ///
    /// # Errors
    /// Nothing was checked: the backend is out of reach, or the codes are not what they are said to be.
    pub async fn run(self) -> Result<Report, ConformanceError> {
        let known = checks::all();
        if let Some(name) = self.only.iter().find(|name| known.iter().all(|check| check.name != **name)) {
            return Err(ConformanceError::NoSuchCheck(name.clone()));
        }
        let bench =
            Bench::set_up(Wire { base: self.backend }, self.entrants, self.patience, self.limits).await?;
        let mut report = Report::default();
        for check in known
            .into_iter()
            .filter(|it| self.only.is_empty() || self.only.iter().any(|name| *name == it.name))
        {
            let outcome = (check.run)(&bench).await;
            report.add(&check, outcome);
        }
        Ok(report)
    }
}
