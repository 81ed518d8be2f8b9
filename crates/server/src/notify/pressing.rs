//! Whatever sets a deadline, and an incident in which somebody needs help: whoever judges them is told at once, with the same
//! words as for everything else.

use waymark_core::event::{Event, OrgId, Stamp};
use waymark_core::rules::Role;

use super::{Notice, NoticeKind};
use crate::state::AppState;
use crate::storage::StorageError;

/// What has just been taken in and presses.
#[derive(Debug, Clone)]
pub struct Pressing {
    org: OrgId,
    event: Event,
    /// Where it is seen; empty for everywhere.
    areas: Vec<String>,
}

/// An older one has waited already: phones that come back after a day tell nobody anything new, unless what it sets a
/// deadline for is still to come.
const FRESH_MS: i64 = 86_400_000;

impl Pressing {
    /// `None` if nobody need be told of the event.
    pub fn of(org: &OrgId, event: &Event, areas: &[String], now: Stamp) -> Option<Self> {
        let body = event.body().ok()?;
        let filled = body.filled()?;
        let fresh = now.ms_since(event.time.corrected(event.clockoffset)) < FRESH_MS;
        let ahead = filled.moment("deadline").is_some_and(|deadline| deadline > now);
        (body.is_urgent() && (fresh || ahead) && filled.external().is_none()).then(|| Self {
            org: org.clone(),
            event: event.clone(),
            areas: areas.to_vec(),
        })
    }

    /// Who may read it is told, but for whoever wrote it and those who work elsewhere.
    ///
    /// # Errors
    /// The database does not say who that is.
    pub async fn tell(&self, state: &AppState) -> Result<(), StorageError> {
        let roles: &[Role] =
            if self.event.is_protected() { &[Role::Security] } else { &[Role::Manager, Role::Security] };
        let mut not = state.storage.outside(&self.org, &self.areas).await?;
        not.push(self.event.author.clone());
        let address = state.storage.address().await?.unwrap_or_default();
        let notice = Notice {
            id: self.event.id.to_string(),
            kind: NoticeKind::Report,
            stage: 0,
            exercise: self.event.exercise,
            org: self.org.clone(),
            link: format!("{address}/threats"),
        };
        let attempts = state.notifier.notify(roles, &not, &notice).await;
        state.metrics.told(&attempts);
        Ok(())
    }
}
