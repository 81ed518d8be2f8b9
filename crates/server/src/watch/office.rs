//! What the watch over every organisation shares: the records, the pen, and whoever tells people.

use std::sync::Arc;

use tokio::sync::Semaphore;
use waymark_core::event::{OrgId, Stamp, UserId};
use waymark_core::rules::escalation::Stage;

use super::matters::{Matters, Subject, Telling};
use super::tell::{Notice, NoticeKind, Tell};
use super::writing::{Pen, named, steps};
use super::{Clock, Desk};
use crate::state::AppState;
use crate::storage::StorageError;

/// Matters that are told of at once: when a network fails, every convoy is silent.
const AT_ONCE: usize = 16;

pub struct Office {
    pub state: AppState,
    pub clock: Clock,
    pub pen: Pen,
    tell: Arc<dyn Tell>,
    slots: Semaphore,
}

impl Office {
    pub fn new(state: AppState, tell: Arc<dyn Tell>, clock: Clock) -> Self {
        Self { pen: Pen::new(state.clone()), state, clock, tell, slots: Semaphore::new(AT_ONCE) }
    }

    /// Reads everything that may still matter.
    pub async fn open(&self, org: &OrgId, newest: u64, now: Stamp) -> Result<Desk, StorageError> {
        let mut matters = Matters::default();
        matters.take_in(&self.state.storage.open(org, now).await?);
        Ok(Desk { matters, read_to: newest, since: now })
    }

    pub async fn read_on(&self, desk: &mut Desk, org: &OrgId, newest: u64) -> Result<(), StorageError> {
        if newest > desk.read_to {
            desk.matters.take_in(&self.state.storage.since(org, (desk.read_to, newest)).await?);
            desk.read_to = newest;
        }
        Ok(())
    }

    /// Tells those whom a stage turns to, and keeps what became of it. Whether there were means, and none of them worked.
    pub async fn tell_one(&self, org: &OrgId, telling: &Telling) -> Result<bool, StorageError> {
        let _slot = self.slots.acquire().await;
        let notice = self.notice(org, telling).await?;
        let not = self.not_told(org, telling).await?;
        let attempts = self.tell.tell(telling.stage.roles(), &not, &notice).await;
        self.state.metrics.called(&attempts);
        let now = (self.clock)();
        self.pen.write(org, &steps(telling, &attempts), now).await?;
        Ok(!attempts.is_empty() && !attempts.iter().any(|attempt| attempt.sent))
    }

    async fn notice(&self, org: &OrgId, telling: &Telling) -> Result<Notice, StorageError> {
        let number = telling.stage.number().unwrap_or_default();
        let (kind, about, at) = match &telling.subject {
            Subject::Overdue { movement, due } => (NoticeKind::Overdue, *movement, due.at),
            Subject::Alarm { record, .. } => (NoticeKind::Emergency, *record, Stamp(0)),
        };
        let call = telling.call.to_string();
        let id = named(at, &["notice", &about.to_string(), &at.to_string(), &call]);
        let address = self.state.storage.address().await?.unwrap_or_default();
        Ok(Notice {
            id: id.to_string(),
            kind,
            stage: number.saturating_sub(Stage::RadioRoom.number().unwrap_or_default()),
            exercise: telling.exercise,
            org: org.clone(),
            link: format!("{address}/watch"),
        })
    }

    /// Who travels, and who would not see it on their board; at the end of the ladder, the latter are told as well.
    async fn not_told(&self, org: &OrgId, telling: &Telling) -> Result<Vec<UserId>, StorageError> {
        let mut not = telling.not.clone();
        if telling.stage < Stage::Exhausted {
            let areas = self.areas(org, &telling.subject).await?;
            not.extend(self.state.storage.outside(org, &areas).await?);
        }
        not.sort_unstable();
        not.dedup();
        Ok(not)
    }

    /// Where it is seen: in the areas of the planner, and of whoever raised an emergency; empty for everywhere.
    async fn areas(&self, org: &OrgId, subject: &Subject) -> Result<Vec<String>, StorageError> {
        let storage = &self.state.storage;
        let (matter, record) = match subject {
            Subject::Overdue { movement, .. } => (*movement, *movement),
            Subject::Alarm { matter, record } => (*matter, *record),
        };
        let areas = storage.areas(org, matter).await?;
        if areas.is_empty() || matter == record {
            return Ok(areas);
        }
        let more = storage.areas(org, record).await?;
        Ok(if more.is_empty() { more } else { [areas, more].concat() })
    }
}
