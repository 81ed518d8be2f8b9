//! The relay: passes an organisation's records on to backends that phones cannot reach, or that are to have a copy of
//! everything.
//!
//! The feed is the queue. What a backend has got stands in its [`Ledger`], which is written only after the backend's
//! receipts: what is killed in between is sent again, and nothing is left out.

mod ledger;
mod place;
mod runner;
mod window;

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch::{self, Receiver};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};

use crate::clock;
use crate::serve::stopped;
use crate::state::AppState;
use crate::storage::{Storage, StorageError};
use crate::watch::LEASE_MS;

pub use ledger::{Backlog, Ledger, Refused, Standstill, backlog};
pub use place::{KINDS, Relay, options_of, read_all, write_all};
pub use runner::test;

use runner::Runner;

/// How often it is looked whether relays were added, changed or removed.
const LOOK: Duration = Duration::from_secs(2);
/// Whoever leads says so at least this often; a third of [`LEASE_MS`].
const RENEW: Duration = Duration::from_secs(10);
/// How long a request that is under way gets when the server stops. What is cut off is sent again.
const GRACE: Duration = Duration::from_secs(5);

/// All relays of a server, one task each, so that none waits for another.
struct Relays {
    state: AppState,
    holder: String,
    running: HashMap<String, Running>,
    led: Option<Instant>,
}

struct Running {
    relay: Relay,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Relays until `stopping` turns true, while `holder` leads the server's chores (see
/// [`WatchStorage::lead`](crate::storage::WatchStorage::lead)): of several servers only one relays.
pub async fn keep_relaying(state: AppState, holder: String, mut stopping: Receiver<bool>) {
    let mut relays = Relays { state, holder, running: HashMap::new(), led: None };
    while !*stopping.borrow() {
        if let Err(error) = relays.look().await {
            tracing::error!(%error, "the relays cannot be looked up; it is tried again");
        }
        tokio::select! {
            () = stopped(&mut stopping) => {}
            () = sleep(LOOK) => {}
        }
    }
    relays.end(|_| true).await;
    if let Err(error) = relays.state.storage.retire(&relays.holder).await {
        tracing::warn!(%error, "the relays were not handed over; they can be taken over in half a minute");
    }
}

impl Relays {
    /// Starts what is missing and ends what is no longer wanted, or wanted otherwise.
    async fn look(&mut self) -> Result<(), StorageError> {
        let wanted = read_all(&*self.state.storage).await?;
        if wanted.is_empty() || !self.leads().await? {
            self.end(|_| true).await;
            return Ok(());
        }
        self.end(|running| running.task.is_finished() || !wanted.contains(&running.relay)).await;
        for relay in wanted {
            if !self.running.contains_key(&relay.id) {
                let (stop, stopping) = watch::channel(false);
                let runner = Runner::new(self.state.clone(), relay.clone());
                let task = tokio::spawn(relaying(runner, stopping));
                self.running.insert(relay.id.clone(), Running { relay, stop, task });
            }
        }
        Ok(())
    }

    /// Asks no more often than it must: on SQLite the answer is written to the disk.
    async fn leads(&mut self) -> Result<bool, StorageError> {
        if self.led.is_some_and(|since| since.elapsed() < RENEW) {
            return Ok(true);
        }
        self.led = None;
        let leads = self.state.storage.lead(&self.holder, clock::now(), LEASE_MS).await;
        // Whoever does not know whether it leads does not.
        if !matches!(leads, Ok(true)) {
            self.end(|_| true).await;
            return leads;
        }
        self.led = Some(Instant::now());
        Ok(true)
    }

    /// Ends those that are `meant`, all at once.
    async fn end(&mut self, meant: impl Fn(&Running) -> bool) {
        let ending: Vec<_> = self.running.extract_if(|_, running| meant(running)).collect();
        for (_, running) in &ending {
            running.stop.send_replace(true);
        }
        let until = Instant::now() + GRACE;
        for (_, mut running) in ending {
            match timeout_at(until, &mut running.task).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::error!(%error, relay = running.relay.destination.name, "a relay broke off");
                }
                Err(_) => running.task.abort(),
            }
            self.state.metrics.relay_ended(&running.relay.org, &running.relay.destination.name);
        }
    }
}

/// A relay whose database fails ends; the next look starts it anew.
async fn relaying(runner: Runner, stopping: Receiver<bool>) {
    let name = runner.relay().destination.name.clone();
    if let Err(error) = runner.run(stopping).await {
        tracing::error!(%error, relay = name, "a relay cannot read what it is to send; it begins anew");
    }
}

/// The storage as a trait object, for those who hold it in an [`std::sync::Arc`].
type Store<'a> = &'a dyn Storage;
