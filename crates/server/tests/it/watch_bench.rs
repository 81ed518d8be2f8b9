//! A watch over one database, with a clock that the test sets and somebody who notes what they are told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::watch;
use waymark_core::event::{Body, DeviceId, Event, EventId, Kind, Plan, Record, Stamp, UserId};
use waymark_core::rules::Role;
use waymark_core::rules::visibility::Viewer;
use waymark_core::sync::Outcome;
use waymark_core::testing::build::{self, MORNING};
use waymark_server::notify::Notifier;
use waymark_server::notify::config::Config;
use waymark_server::secret::SecretHash;
use waymark_server::state::AppState;
use waymark_server::storage::sqlite::{DataDir, SqliteStorage};
use waymark_server::storage::{Batch, Caller, Enrolling, Enrolment, NewCode, Org, Storage};
use waymark_server::watch::Watcher;
use waymark_server::watch::tell::{Attempt, Means, Notice, Tell};

use crate::support::{convoy, roomy};

/// What somebody was told.
#[derive(Debug, Clone)]
pub struct Told {
    pub to: Vec<Role>,
    pub not: Vec<UserId>,
    pub notice: Notice,
}

/// Notes what is told; answers with what it was given.
#[derive(Default)]
pub struct Ear {
    pub heard: Mutex<Vec<Told>>,
    pub answer: Mutex<Vec<Attempt>>,
    /// Dies with the message: nothing of it is kept.
    pub deadly: Mutex<bool>,
}

pub fn pushed(target: &str, fault: Option<&str>) -> Attempt {
    let detail = fault.map(str::to_owned);
    Attempt { means: Means::Push, target: target.into(), sent: detail.is_none(), detail }
}

#[async_trait]
impl Tell for Ear {
    async fn tell(&self, to: &[Role], not: &[UserId], notice: &Notice) -> Vec<Attempt> {
        let told = Told { to: to.to_vec(), not: not.to_vec(), notice: notice.clone() };
        self.heard.lock().unwrap().push(told);
        if *self.deadly.lock().unwrap() {
            std::future::pending::<()>().await;
        }
        self.answer.lock().unwrap().clone()
    }
}

pub struct Bench {
    pub data: TempDir,
    pub storage: Arc<SqliteStorage>,
    pub ear: Arc<Ear>,
    minute: Arc<AtomicI64>,
    n: u64,
    stop: watch::Sender<bool>,
}

/// A minute of the builders' day, as milliseconds of the server's clock.
pub fn at(minute: i64) -> Stamp {
    MORNING.plus_ms(minute * 60_000)
}

impl Bench {
    pub async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let storage = Arc::new(DataDir::new(data.path()).create_or_open().await.unwrap());
        storage.create_org(&Org { slug: "acme".into(), name: "Acme".into() }, MORNING).await.unwrap();
        let ear = Arc::new(Ear::default());
        *ear.answer.lock().unwrap() = vec![pushed("phone", None)];
        Self { data, storage, ear, minute: Arc::default(), n: 0, stop: watch::Sender::new(false) }
    }

    /// Another process on the same data.
    pub async fn reopen(&mut self) {
        self.storage.close().await;
        self.storage = Arc::new(DataDir::new(self.data.path()).create_or_open().await.unwrap());
    }

    pub fn state(&self) -> AppState {
        let notifier = Notifier::new(self.storage.clone(), Config::default());
        let (storage, blobs) = (self.storage.clone(), DataDir::new(self.data.path()).blobs());
        AppState::new(storage, blobs, roomy(), false, notifier, self.stop.subscribe())
    }

    pub fn watcher(&self) -> Watcher {
        self.watcher_of(self.state())
    }

    pub fn watcher_of(&self, state: AppState) -> Watcher {
        let minute = self.minute.clone();
        let clock = Arc::new(move || at(minute.load(Ordering::Relaxed)));
        Watcher::new(state, self.ear.clone(), clock).unwrap()
    }

    pub fn set(&self, minute: i64) {
        self.minute.store(minute, Ordering::Relaxed);
    }

    /// Looks, and waits until everybody is told.
    pub async fn look(&self, watcher: &mut Watcher, minute: i64) -> Option<Stamp> {
        self.set(minute);
        watcher.look().await.unwrap();
        watcher.told().await;
        watcher.look().await.unwrap()
    }

    pub async fn person(&mut self, role: Role, areas: &[&str]) -> Caller {
        self.person_in("acme", role, areas).await
    }

    pub async fn person_in(&mut self, org: &str, role: Role, areas: &[&str]) -> Caller {
        self.n += 1;
        let secret = SecretHash([u8::try_from(self.n).unwrap(); 32]);
        let code = NewCode {
            hash: secret,
            org: org.into(),
            role,
            areas: areas.iter().map(|area| (*area).to_owned()).collect(),
            expires: at(1_000_000),
            device: None,
        };
        self.storage.add_codes(&[code], MORNING).await.unwrap();
        let enrolment = Enrolment {
            code: secret,
            name: format!("{role:?}"),
            former: None,
            key: None,
            new_device: DeviceId(format!("d{}", self.n)),
            new_user: UserId(format!("{}{}", role.code(), self.n)),
            new_token: secret,
        };
        match self.storage.enrol(&enrolment, MORNING).await.unwrap() {
            Enrolling::Enrolled { caller, .. } => caller,
            Enrolling::Refused => panic!("refused"),
        }
    }

    /// Writes a record that happens and arrives at a minute.
    pub async fn write(&mut self, by: &Caller, minute: i64, body: Body) -> Event {
        let event = self.draft(by, minute, body);
        self.send(by, minute, event.clone()).await;
        event
    }

    pub fn draft(&mut self, by: &Caller, minute: i64, body: Body) -> Event {
        self.n += 1;
        let mut unsaved = build::unsaved(&by.device.0, self.n, body);
        unsaved.source = by.source();
        unsaved.author = by.user.clone();
        (unsaved.time, unsaved.recorded) = (at(minute), at(minute));
        unsaved.into_event(self.n)
    }

    pub async fn send(&self, by: &Caller, minute: i64, event: Event) {
        let batch =
            Batch { caller: by.clone(), clockoffset: None, received: at(minute), events: vec![event] };
        let taken = self.storage.ingest(batch).await.unwrap();
        assert_eq!(taken[0].outcome, Outcome::Accepted);
    }

    pub async fn sql(&self, sql: &'static str) {
        let options = SqliteConnectOptions::new().filename(DataDir::new(self.data.path()).database());
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query(sql).execute(&mut database).await.unwrap();
    }

    /// A movement that departs at minute 0; its planner and its only traveller.
    pub async fn movement(&mut self) -> (EventId, Caller, Caller) {
        self.movement_with(|_| {}).await
    }

    pub async fn movement_with(&mut self, change: impl FnOnce(&mut Plan)) -> (EventId, Caller, Caller) {
        let amina = self.person(Role::Manager, &[]).await;
        let idriss = self.person(Role::Traveller, &[]).await;
        let mut plan = convoy::plan(at(0), &[&idriss.user.0]);
        change(&mut plan);
        let id = self.write(&amina, -60, convoy::planned(plan)).await.id;
        (id, amina, idriss)
    }

    pub async fn records(&self) -> Vec<Record> {
        let viewer = Viewer { org: "acme".into(), user: "x".into(), role: Role::Central, areas: vec![] };
        self.storage.feed(&viewer, &"none".into(), 0, 10_000).await.unwrap().records
    }

    /// What the server wrote, in order.
    pub async fn own(&self) -> Vec<Body> {
        let own = self.records().await.into_iter().filter(|record| record.event.author.0 == "waymark");
        own.map(|record| record.event.body().unwrap()).collect()
    }

    pub async fn count(&self, kind: Kind) -> usize {
        self.own().await.iter().filter(|body| body.kind() == kind).count()
    }

    /// The stages of which people were told, from 0.
    /// Waits until somebody is being told.
    pub async fn begun(&self) {
        while self.stages().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    pub fn stages(&self) -> Vec<u8> {
        self.ear.heard.lock().unwrap().iter().map(|told| told.notice.stage).collect()
    }

    pub fn last_told(&self) -> Told {
        self.ear.heard.lock().unwrap().last().unwrap().clone()
    }
}
