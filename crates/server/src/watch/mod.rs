//! Looks after movements and emergencies: finds that nobody was heard, writes it down and tells people.
//!
//! What is late, and who is to know, is decided in `waymark-core`. Whatever was done stands in records, so that a watch
//! that was killed goes on where it was.

mod matters;
mod office;
pub mod tell;
mod writing;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch::Receiver;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use waymark_core::event::{OrgId, Stamp};

use crate::clock;
use crate::secret::{self, NoRandomness};
use crate::serve::stopped;
use crate::state::AppState;
use crate::storage::StorageError;
use matters::{Matters, Telling};
use office::Office;
use tell::Tell;

pub use writing::{NOBODY, named};

/// Asked for the time whenever it matters.
pub type Clock = Arc<dyn Fn() -> Stamp + Send + Sync>;

/// Who leads the watch says so at least every [`RENEW`]; others take over after this long without a word.
pub const LEASE_MS: i64 = 30_000;
const RENEW: Duration = Duration::from_secs(10);
/// Records that come closer together than this are looked at together.
const TOGETHER: Duration = Duration::from_millis(200);
/// How long those who are being told get to be told when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// What is known is read anew after this long, so that closed movements are forgotten.
const FORGET_MS: i64 = 86_400_000;
/// After a failure an organisation is left alone for this long: what could not be kept is told again, but not at once.
const REST_MS: i64 = 30_000;
/// How often movements are counted for the metrics.
const COUNT_MS: u64 = 10_000;
/// Each round reads what the one before wrote: raising, then nothing more.
const ROUNDS: usize = 4;

/// The watch over all organisations.
pub struct Watcher {
    office: Arc<Office>,
    holder: String,
    desks: HashMap<OrgId, Desk>,
    /// Until when an organisation is left alone.
    resting: HashMap<OrgId, Stamp>,
    tellings: JoinSet<Result<Told, (OrgId, StorageError)>>,
    /// When the movements were last counted.
    counted: Stamp,
}

/// What became of a telling: given back if there were means and none of them worked.
type Told = Option<(OrgId, Telling)>;

/// One organisation's movements and emergencies, as far as they were read.
struct Desk {
    matters: Matters,
    read_to: u64,
    since: Stamp,
}

/// Watches until `stopping` turns true. A watch that breaks off is begun anew: nobody would notice that it is missing.
/// It leads as `holder`, which whatever else this server leads is called as well.
pub async fn keep_watch(state: AppState, tell: Arc<dyn Tell>, holder: String, stopping: Receiver<bool>) {
    while !*stopping.borrow() {
        let watcher = Watcher::held(state.clone(), tell.clone(), Arc::new(clock::now), holder.clone());
        match tokio::spawn(watcher.run(stopping.clone())).await {
            Ok(()) => break,
            Err(error) => tracing::error!(%error, "the watch broke off; it begins anew"),
        }
        sleep(RENEW).await;
    }
}

impl Watcher {
    /// A watch that has not looked yet.
    ///
    /// # Errors
    /// No name can be made for it.
    pub fn new(state: AppState, tell: Arc<dyn Tell>, clock: Clock) -> Result<Self, NoRandomness> {
        Ok(Self::held(state, tell, clock, secret::epoch()?))
    }

    fn held(state: AppState, tell: Arc<dyn Tell>, clock: Clock, holder: String) -> Self {
        Self {
            office: Arc::new(Office::new(state, tell, clock)),
            holder,
            desks: HashMap::new(),
            resting: HashMap::new(),
            tellings: JoinSet::new(),
            counted: Stamp(0),
        }
    }

    /// Watches until `stopping` turns true.
    pub async fn run(mut self, mut stopping: Receiver<bool>) {
        let mut news = self.office.state.news.any();
        loop {
            news.mark_unchanged();
            let next = self.look().await.unwrap_or_else(|error| {
                tracing::error!(%error, "the watch cannot read; it tries again");
                None
            });
            let pause = self.until(next);
            tokio::select! {
                () = stopped(&mut stopping) => break,
                _ = news.changed() => sleep(TOGETHER).await,
                Some(done) = self.tellings.join_next() => self.finished(done),
                () = sleep(pause) => {}
            }
        }
        if timeout(GRACE, self.told()).await.is_err() {
            tracing::warn!("some people were still being told; the next start tells them again");
        }
        if let Err(error) = self.office.state.storage.retire(&self.holder).await {
            tracing::warn!(%error, "the watch was not handed over; it can be taken over in half a minute");
        }
    }

    /// Does what is to be done now; people are told meanwhile. Gives when to look again if nothing comes in.
    ///
    /// # Errors
    /// The database does not say who leads, or which organisations there are.
    pub async fn look(&mut self) -> Result<Option<Stamp>, StorageError> {
        let now = (self.office.clock)();
        let storage = self.office.state.storage.clone();
        if !storage.lead(&self.holder, now, LEASE_MS).await? {
            self.desks.clear();
            self.office.state.metrics.watches(0);
            return Ok(None);
        }
        let mut next: Option<Stamp> = None;
        for (org, newest) in storage.heads().await? {
            let at = match self.rests(&org, now) {
                Some(until) => Some(until),
                None => self.look_at(&org, newest, now).await.unwrap_or_else(|error| {
                    tracing::error!(%error, "the watch over an organisation failed; it is read anew");
                    Some(self.rest(&org, now))
                }),
            };
            next = next.into_iter().chain(at).min();
        }
        self.measure(now);
        Ok(next)
    }

    /// Counting every movement takes longer than looking at those whose time has come: not each time.
    fn measure(&mut self, now: Stamp) {
        let metrics = &self.office.state.metrics;
        metrics.looked(now);
        if now.ms_since(self.counted).unsigned_abs() >= COUNT_MS {
            self.counted = now;
            metrics.watches(self.desks.values().map(|desk| desk.matters.open()).sum());
        }
    }

    /// Waits until everybody is told who is being told.
    pub async fn told(&mut self) {
        while let Some(done) = self.tellings.join_next().await {
            self.finished(done);
        }
    }

    /// What was not kept is known no better than before: it is read anew, and told again.
    fn finished(&mut self, done: Result<Result<Told, (OrgId, StorageError)>, JoinError>) {
        let now = (self.office.clock)();
        match done {
            Ok(Ok(None)) => {}
            Ok(Ok(Some((org, telling)))) => {
                tracing::warn!(stage = telling.stage.code(), "nobody was reached; it is tried again");
                if let Some(desk) = self.desks.get_mut(&org) {
                    desk.matters.reached_nobody(telling, now);
                }
            }
            Ok(Err((org, error))) => {
                tracing::error!(%error, "what people were told could not be kept");
                self.rest(&org, now);
            }
            Err(error) => {
                tracing::error!(%error, "telling people broke off");
                let orgs: Vec<_> = self.desks.keys().cloned().collect();
                for org in &orgs {
                    self.rest(org, now);
                }
            }
        }
    }

    /// Forgets what is known of an organisation, and leaves it alone for a while.
    fn rest(&mut self, org: &OrgId, now: Stamp) -> Stamp {
        self.desks.remove(org);
        let until = now.plus_ms(REST_MS);
        self.resting.insert(org.clone(), until);
        until
    }

    /// Until when the organisation is left alone; never for longer than that, wherever the clock was set.
    fn rests(&self, org: &OrgId, now: Stamp) -> Option<Stamp> {
        let rests = |until: &Stamp| *until > now && until.ms_since(now) <= REST_MS;
        self.resting.get(org).copied().filter(rests)
    }

    async fn look_at(&mut self, org: &OrgId, newest: u64, now: Stamp) -> Result<Option<Stamp>, StorageError> {
        let stale = |desk: &Desk| now.ms_since(desk.since) > FORGET_MS && self.tellings.is_empty();
        let mut desk = match self.desks.remove(org).filter(|desk| !stale(desk)) {
            Some(desk) => desk,
            None => self.office.open(org, newest, now).await?,
        };
        let mut newest = newest;
        for _ in 0..ROUNDS {
            self.office.read_on(&mut desk, org, newest).await?;
            let work = desk.matters.work(now);
            self.office.pen.write(org, &work.drafts, now).await?;
            for telling in work.tellings {
                let office = self.office.clone();
                let org = org.clone();
                self.tellings.spawn(async move {
                    match office.tell_one(&org, &telling).await {
                        Ok(true) => Ok(Some((org, telling))),
                        Ok(false) => Ok(None),
                        Err(error) => Err((org, error)),
                    }
                });
            }
            if work.drafts.is_empty() {
                break;
            }
            newest = self.office.state.storage.newest(org).await?;
        }
        let next = desk.matters.next_look();
        self.desks.insert(org.clone(), desk);
        Ok(next)
    }

    /// Never long, as the clock may be set and the lease is to be renewed; never nothing.
    fn until(&self, next: Option<Stamp>) -> Duration {
        let now = (self.office.clock)();
        let wait = next.map_or(RENEW, |next| {
            Duration::from_millis(u64::try_from(next.ms_since(now)).unwrap_or_default())
        });
        wait.clamp(TOGETHER, RENEW)
    }
}
