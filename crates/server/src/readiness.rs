//! Whether records can be taken in just now. Being alive is another question: starting a server anew makes no room on its
//! disk.

use std::fmt;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::clock;
use crate::state::Shared;

/// The database must have written something within this.
const TIME: Duration = Duration::from_secs(5);
/// The setting that is written.
const SETTING: &str = "ready";

/// Why records cannot be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReady {
    Stopping,
    NotWritable,
    NoRoom,
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stopping => "the server is stopping",
            Self::NotWritable => "the database cannot be written to",
            Self::NoRoom => "the disk is nearly full",
        })
    }
}

/// Anybody may ask, so an answer is good for a while.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Result<(), NotReady>)>>);

impl Readiness {
    /// Looks, unless somebody has just looked.
    ///
    /// # Errors
    /// What is in the way.
    pub async fn ask(&self, state: &Shared) -> Result<(), NotReady> {
        if *state.stopping.borrow() {
            return Err(NotReady::Stopping);
        }
        let mut last = self.0.lock().await;
        if let Some((at, answer)) = *last
            && at.elapsed() < state.limits.ready
        {
            return answer;
        }
        let answer = look(state).await;
        *last = Some((Instant::now(), answer));
        answer
    }
}

async fn look(state: &Shared) -> Result<(), NotReady> {
    if state.blobs.free().is_some_and(|free| free < state.limits.reserve) {
        return Err(NotReady::NoRoom);
    }
    let now = clock::now().to_string();
    match tokio::time::timeout(TIME, state.storage.put_setting(SETTING, &now)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => {
            tracing::error!(%error, "storage");
            Err(NotReady::NotWritable)
        }
        Err(_) => Err(NotReady::NotWritable),
    }
}
