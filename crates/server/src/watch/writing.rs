//! The records that the server writes itself. Each has an id that follows from what it says, so that it is written
//! once, whoever writes it and however often.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};
use waymark_core::event::{
    Body, EmergencyStep, Event, EventId, NO_MEANS, OrgId, OverdueStep, Party, Source, Stamp, Tried,
    TryResult, Unsaved,
};
use waymark_core::guidance::built_in_name;
use waymark_core::rules::escalation::Stage;

use super::matters::{Draft, Subject, Telling};
use super::tell::Attempt;
use crate::state::AppState;
use crate::storage::{Batch, Caller, StorageError};

/// What stands in the log when there was nobody to tell.
pub const NOBODY: &str = "nobody could be reached: no means is set up";

/// The id of something that is named by a moment and words.
pub fn named(at: Stamp, words: &[&str]) -> EventId {
    let mut hasher = Sha256::new();
    for word in words {
        hasher.update(word.as_bytes());
        hasher.update(b"/");
    }
    let hash: [u8; 32] = hasher.finalize().into();
    let random = std::array::from_fn(|index| hash[index]);
    EventId::new(u64::try_from(at.0).unwrap_or_default(), random)
}

/// What was tried at one stage: one draft for each attempt, or one that says that there was nobody to tell. A further try
/// that reaches nobody again is one draft in all: a convoy's phones read it too.
pub fn steps(telling: &Telling, attempts: &[Attempt]) -> Vec<Draft> {
    let one = |means: &str, target: &str, sent: bool, note: Option<String>| {
        let tried = Tried {
            stage: telling.stage.number().unwrap_or_default(),
            to: party(telling.stage),
            means: means.to_owned(),
            result: if sent { TryResult::Sent } else { TryResult::Failed },
            note,
            automatic: true,
        };
        step(telling, tried, target)
    };
    if attempts.is_empty() {
        return vec![one(NO_MEANS, "", false, Some(NOBODY.to_owned()))];
    }
    if telling.tries > 0 && !attempts.iter().any(|attempt| attempt.sent) {
        let mut means: Vec<String> = attempts.iter().map(|attempt| attempt.means.to_string()).collect();
        means.dedup();
        return vec![one(
            &means.join(", "),
            "",
            false,
            Some(format!("{} attempts failed again", attempts.len())),
        )];
    }
    let tried = |attempt: &Attempt| {
        one(&attempt.means.to_string(), &attempt.target, attempt.sent, attempt.detail.clone())
    };
    attempts.iter().map(tried).collect()
}

fn step(telling: &Telling, tried: Tried, target: &str) -> Draft {
    let call = match telling.tries {
        0 => telling.call.to_string(),
        again => format!("{}+{again}", telling.call),
    };
    let at = telling.at;
    let named = |about: EventId, vehicles: &[String]| {
        let (about, moment, vehicles) = (about.to_string(), at.to_string(), vehicles.join("/"));
        // With what came of it: a server that was started anew may have more luck.
        let words = ["step", &about, &moment, &vehicles, &call, &tried.means, target, tried.result.code()];
        named(at, &words)
    };
    let (id, matter, body) = match &telling.subject {
        Subject::Overdue { movement, due } => {
            let (movement, vehicles) = (*movement, due.silent.clone());
            let id = named(movement, &vehicles);
            let body = OverdueStep { movement, due: due.at, vehicles, tried };
            (id, movement, Body::OverdueStep(body))
        }
        Subject::Alarm { matter, record } => {
            let id = named(*record, &[]);
            let movement = (matter != record).then_some(*matter);
            let body = EmergencyStep { record: *record, movement, tried };
            (id, *matter, Body::EmergencyStep(body))
        }
    };
    Draft { id, matter, exercise: telling.exercise, body }
}

/// Of those whom a stage turns to, the ones the server itself can reach.
fn party(stage: Stage) -> Party {
    match stage {
        Stage::Security => Party::Security,
        Stage::Crisis => Party::Central,
        Stage::Exhausted => Party::EveryManager,
        _ => Party::RadioRoom,
    }
}

/// Writes records as the server's own user.
pub struct Pen {
    state: AppState,
    /// The last number of the server's own order.
    counter: AtomicU64,
}

impl Pen {
    pub fn new(state: AppState) -> Self {
        Self { state, counter: AtomicU64::new(0) }
    }

    /// Writes what is not written yet, and tells the streams. Records of a movement are seen where its planner works,
    /// those of an emergency where whoever raised it does.
    ///
    /// # Errors
    /// The database failed; some may be written.
    pub async fn write(&self, org: &OrgId, drafts: &[Draft], now: Stamp) -> Result<(), StorageError> {
        let storage = &self.state.storage;
        let Some(first) = drafts.first() else {
            return Ok(());
        };
        let own = storage.own(org, now).await?;
        for of_one in drafts.chunk_by(|one, other| one.matter == other.matter) {
            let matter = of_one.first().unwrap_or(first).matter;
            let caller = Caller { areas: storage.areas(org, matter).await?, ..own.clone() };
            let events = of_one.iter().map(|draft| self.event(draft, caller.source(), now)).collect();
            let taken = storage.ingest(Batch { caller, clockoffset: None, received: now, events }).await?;
            for refused in taken.iter().filter(|taken| taken.seq.is_none()) {
                tracing::error!(outcome = ?refused.outcome, "a record of the watch was not taken");
            }
        }
        self.state.news.announce(org, storage.newest(org).await?);
        Ok(())
    }

    fn event(&self, draft: &Draft, source: Source, now: Stamp) -> Event {
        let author = source.device.0.as_str().into();
        let unsaved = Unsaved {
            id: draft.id,
            source,
            time: now,
            recorded: now,
            author,
            pack: built_in_name(),
            exercise: draft.exercise,
            clockoffset: None,
            body: draft.body.clone(),
        };
        unsaved.into_event(self.next_number(now))
    }

    /// Rises from one record to the next, across restarts as well: it begins with the milliseconds of the clock.
    fn next_number(&self, now: Stamp) -> u64 {
        let floor = u64::try_from(now.0).unwrap_or_default();
        let next = |last: u64| last.saturating_add(1).max(floor);
        let last = self.counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        next(last.unwrap_or_default())
    }
}
