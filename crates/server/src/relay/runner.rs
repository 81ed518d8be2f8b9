//! One relay: drives core's outbox machine over the feed and core's dialogues over HTTP.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::time::sleep;
use waymark_core::backend::connection::Connection;
use waymark_core::backend::{self, Dialogue, NoResponse, Turn};
use waymark_core::event::{EventId, Stamp};
use waymark_core::rules::Role;
use waymark_core::sync::{Answer, Command, Input, Mode, Session, Settlement, State, Wake, step};

use super::ledger::{self, Ledger, Refused, Standstill};
use super::place::Relay;
use super::window::Window;
use crate::clock;
use crate::remote;
use crate::secret;
use crate::serve::stopped;
use crate::state::AppState;
use crate::storage::{OWN_ID, OWN_NAME, StorageError};

/// Records that come closer together than this are sent together.
const TOGETHER: Duration = Duration::from_millis(200);
/// The feed is looked at this often even if nobody says that it has grown.
const LOOK: Duration = Duration::from_secs(30);
/// A sign-in that was refused is tried again after this long: what was wrong may have been the backend's own.
const SIGN_IN_MS: i64 = 3_600_000;

/// Drives one relay.
pub struct Runner {
    state: AppState,
    relay: Relay,
    org_name: String,
    ledger: Ledger,
    /// As it stands in the database.
    written: Ledger,
    window: Window,
    machine: State,
    /// When a sign-in was last refused.
    turned_away: Stamp,
    news: Receiver<()>,
}

/// Whether the backend can be reached and would take records; sends none.
pub async fn test(relay: &Relay) -> Connection {
    match backend::probe(&relay.destination, true, None) {
        Some(mut probe) => converse(&mut *probe).await,
        None => Connection::NotFound,
    }
}

async fn converse<A>(dialogue: &mut (dyn Dialogue<Answer = A> + Send)) -> A {
    let mut turn = dialogue.open(clock::now());
    loop {
        match turn {
            Turn::Done(answer) => return answer,
            Turn::Ask(request) => {
                let reply: Result<_, NoResponse> = remote::reply(&request).await;
                turn = dialogue.reply(reply, clock::now());
            }
        }
    }
}

impl Runner {
    pub fn new(state: AppState, relay: Relay) -> Self {
        let news = state.news.any();
        Self {
            state,
            relay,
            org_name: String::new(),
            ledger: Ledger::default(),
            written: Ledger::default(),
            window: Window::default(),
            machine: State::default(),
            turned_away: Stamp(0),
            news,
        }
    }

    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Relays until `stopping` turns true; what is under way is finished first.
    ///
    /// # Errors
    /// What is known of the backend cannot be read. Later failures of the database are waited out.
    pub async fn run(mut self, mut stopping: Receiver<bool>) -> Result<(), StorageError> {
        self.begin().await?;
        let mut next = Some(Input::Wake { why: Wake::Online, now: clock::now() });
        while !*stopping.borrow() {
            let input = if let Some(input) = next.take() {
                input
            } else {
                tokio::select! {
                    () = stopped(&mut stopping) => break,
                    input = self.rest() => input,
                }
            };
            let (machine, commands) = step(std::mem::take(&mut self.machine), input);
            self.machine = machine;
            for command in commands {
                next = self.obey(command).await.or(next);
            }
            if next.is_none() {
                self.note().await;
            }
        }
        Ok(())
    }

    async fn begin(&mut self) -> Result<(), StorageError> {
        let storage = &*self.state.storage;
        let orgs = storage.orgs().await?;
        let org = orgs.into_iter().find(|org| org.slug == self.relay.org);
        self.org_name = org.map(|org| org.name).unwrap_or_default();
        self.ledger = Ledger::read(storage, &self.relay).await?;
        if self.ledger.retried != self.relay.retry {
            self.ledger.retried = self.relay.retry;
            self.ledger.take_back_refused();
            self.ledger.write(storage, &self.relay).await?;
        }
        self.window = Window::recall(storage, &self.relay, &self.ledger).await?;
        self.written = self.ledger.clone();
        Ok(())
    }

    /// Waits for something to do.
    async fn rest(&mut self) -> Input {
        let pause = match self.machine.mode() {
            Mode::Waiting(until) => {
                let left = until.ms_since(clock::now());
                Duration::from_millis(u64::try_from(left).unwrap_or_default()).min(LOOK)
            }
            _ => LOOK,
        };
        tokio::select! {
            _ = self.news.changed() => {
                sleep(TOGETHER).await;
                self.news.mark_unchanged();
                let urgent = self.read_on().await;
                Input::Wake { why: Wake::Saved { urgent }, now: clock::now() }
            }
            () = sleep(pause) => self.timed(clock::now()),
        }
    }

    fn timed(&self, now: Stamp) -> Input {
        match self.machine.mode() {
            Mode::Waiting(_) => Input::Tick { now },
            // A clock that was put back lengthens no wait.
            Mode::Paused if !(0..SIGN_IN_MS).contains(&now.ms_since(self.turned_away)) => {
                Input::Wake { why: Wake::SignedIn, now }
            }
            _ => Input::Wake { why: Wake::Saved { urgent: false }, now },
        }
    }

    /// Whether anything urgent has come; what cannot be read now is read by the machine's next loading.
    async fn read_on(&mut self) -> bool {
        let nothing = BTreeSet::new();
        let read = self.window.read_on(&*self.state.storage, &self.relay, &mut self.ledger, &nothing).await;
        read.unwrap_or_default()
    }

    /// Does what the machine says, and gives what came of it.
    async fn obey(&mut self, command: Command) -> Option<Input> {
        match command {
            Command::Load { limit, passing_over } => {
                let storage = &*self.state.storage;
                let read = self.window.read_on(storage, &self.relay, &mut self.ledger, &passing_over).await;
                let entries = self.window.head(limit, &passing_over, self.relay.says_author());
                Some(match read {
                    Ok(_) => Input::Loaded { entries, now: clock::now() },
                    Err(error) => failed(&error),
                })
            }
            Command::Send { flight, ids } => {
                let begun = clock::now();
                let answer = self.send(&ids).await;
                let now = clock::now();
                if answer == Answer::SignIn {
                    self.turned_away = now;
                }
                Some(Input::Answered { flight, answer, now, took_ms: now.ms_since(begun), jitter: jitter() })
            }
            Command::Settle(settlement) => Some(match self.settle(settlement).await {
                Ok(()) => Input::Settled { now: clock::now() },
                Err(error) => failed(&error),
            }),
            // There is one task and no lock; its rest sees to the waiting. Nothing is sent beside what is being sent.
            Command::Release | Command::WakeAt(_) | Command::Abort { .. } => None,
        }
    }

    async fn send(&self, ids: &[EventId]) -> Answer {
        let (batch, author) = self.window.batch(ids);
        let session = Session {
            org: self.relay.org.clone(),
            org_name: self.org_name.clone(),
            user: OWN_ID.into(),
            name: if self.relay.says_author() { author } else { OWN_NAME.to_owned() },
            role: Role::Central,
            areas: vec![],
            device: OWN_ID.into(),
            token: String::new(),
        };
        let epoch = self.ledger.epoch.as_ref();
        let there = &self.relay.destination;
        let mut talk = backend::deliver(there, &session, epoch, &batch, clock::now(), None);
        converse(&mut *talk).await
    }

    /// Writes down what the backend has decided. If that fails, nothing of it is known, and it is sent again.
    async fn settle(&mut self, settlement: Settlement) -> Result<(), StorageError> {
        let place = |id: EventId| self.window.place_of(id);
        let stored: Vec<u64> = settlement.stored.iter().filter_map(|(entry, _)| place(entry.id)).collect();
        let mut ledger = self.ledger.clone();
        let mut decided = stored.clone();
        let begins = settlement.epoch.filter(|epoch| ledger.epoch.as_ref() != Some(epoch));
        let anew = begins.is_some() && ledger.epoch.is_some();
        match begins {
            Some(epoch) if anew => ledger.begin_anew(epoch),
            Some(epoch) => ledger.epoch = Some(epoch),
            None => {}
        }
        if !anew {
            for (entry, refusal) in settlement.refused {
                let Some(place) = place(entry.id) else { continue };
                decided.push(place);
                let (code, detail) = (refusal.code, refusal.detail);
                ledger.refuse(place, Refused { id: entry.id, code, detail, at: settlement.at });
            }
            ledger.owed = self.window.places().filter(|place| !decided.contains(place)).collect();
        }
        ledger.delivered += stored.len() as u64;
        ledger.last = stored.first().map(|_| clock::now()).or(ledger.last);
        if ledger.trouble.take().is_some() {
            tracing::info!(relay = self.name(), "the relay goes on");
        }
        ledger.write(&*self.state.storage, &self.relay).await?;
        if anew {
            tracing::warn!(relay = self.name(), "the backend has begun anew: everything is sent again");
            self.window.begin_anew(&stored);
        } else {
            self.window.remove(&decided);
        }
        self.written = ledger.clone();
        self.ledger = ledger;
        Ok(())
    }

    /// Keeps how things stand while nothing is being sent, for whoever asks.
    async fn note(&mut self) {
        let storage = &*self.state.storage;
        let now = clock::now();
        let code = self.machine.trouble().map(ledger::code);
        let known = self.ledger.trouble.as_ref().map(|trouble| &trouble.code);
        let changed = code.as_ref() != known;
        if changed {
            if let Some(code) = &code {
                tracing::warn!(relay = self.name(), code, "the relay waits");
            } else {
                tracing::info!(relay = self.name(), "the relay goes on");
            }
            self.ledger.trouble = code.map(|code| Standstill { code, since: now });
        }
        self.ledger.owed = self.window.places().collect();
        let idle = *self.machine.mode() == Mode::Idle;
        if (changed || idle) && self.ledger != self.written {
            match self.ledger.write(storage, &self.relay).await {
                Ok(()) => self.written = self.ledger.clone(),
                Err(error) => tracing::warn!(%error, relay = self.name(), "how the relay stands is not kept"),
            }
        }
        let newest = storage.newest(&self.relay.org).await.unwrap_or(self.ledger.through);
        let waiting = self.window.len() as u64 + newest.saturating_sub(self.ledger.through);
        self.state.metrics.relays(&self.relay.org, self.name(), waiting, self.ledger.refused.len() as u64);
    }

    fn name(&self) -> &str {
        &self.relay.destination.name
    }
}

fn failed(error: &StorageError) -> Input {
    tracing::error!(%error, "a relay cannot read or write; it tries again");
    Input::StoreFailed { now: clock::now(), jitter: jitter() }
}

/// Without random bytes the longest wait.
fn jitter() -> u32 {
    secret::random().map_or(u32::MAX, u32::from_le_bytes)
}
