//! Servers that are started anew or killed, and a PostgreSQL that is killed under them: what was acknowledged is there,
//! once.
#![cfg(unix)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use waymark_core::event::{Event, Kind, WatchRules};
use waymark_core::sync::Receipts;
use waymark_server::clock;

use crate::process::{Running, program};
use crate::support::{Cluster, Database, Phone, convoy};

/// Where servers are by now: what a balancer knows.
#[derive(Clone)]
struct Balancer(Arc<Mutex<Vec<SocketAddr>>>);

impl Balancer {
    fn of(servers: &[&Running]) -> Self {
        Self(Arc::new(Mutex::new(servers.iter().map(|server| server.address).collect())))
    }

    fn moved(&self, at: usize, server: &Running) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)[at] = server.address;
    }

    /// Another one each time.
    fn pick(&self, turn: usize) -> SocketAddr {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all[turn % all.len()]
    }
}

/// Phones that send without a pause, each batch until it is acknowledged.
struct Crowd {
    enough: Arc<AtomicBool>,
    /// Records that were acknowledged so far.
    count: Arc<AtomicUsize>,
    sending: Vec<JoinHandle<Vec<Event>>>,
}

impl Crowd {
    fn start(phones: &[Phone], balancer: &Balancer) -> Self {
        let (enough, count) = (Arc::new(AtomicBool::new(false)), Arc::<AtomicUsize>::default());
        let send = |phone: &Phone| {
            let (enough, count) = (enough.clone(), count.clone());
            tokio::spawn(send_until_enough(phone.clone(), balancer.clone(), enough, count))
        };
        Self { sending: phones.iter().map(send).collect(), enough, count }
    }

    /// Waits until more were acknowledged, however slow the machine is.
    async fn goes_on(&self) {
        let before = self.count.load(Ordering::Relaxed);
        for _ in 0..3_000 {
            if self.count.load(Ordering::Relaxed) >= before + 20 {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
        panic!("nothing is acknowledged any more");
    }

    /// What was acknowledged.
    async fn end(self) -> Vec<Event> {
        self.enough.store(true, Ordering::Relaxed);
        let mut all = vec![];
        for sending in self.sending {
            all.extend(sending.await.unwrap());
        }
        all
    }
}

async fn send_until_enough(
    phone: Phone,
    balancer: Balancer,
    enough: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
) -> Vec<Event> {
    let (mut acknowledged, mut turn) = (vec![], 0);
    while !enough.load(Ordering::Relaxed) {
        let first = acknowledged.len() as u64 + 1;
        let batch: Vec<_> = (first..first + 5).map(|n| phone.checkin(n)).collect();
        loop {
            turn += 1;
            if send(&phone, balancer.pick(turn), &batch).await {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        count.fetch_add(batch.len(), Ordering::Relaxed);
        acknowledged.extend(batch);
    }
    acknowledged
}

/// Whether every record got a receipt that says that it is held.
async fn send(phone: &Phone, address: SocketAddr, batch: &[Event]) -> bool {
    let phone = Phone { address, ..phone.clone() };
    let body = Value::from(batch.iter().map(Event::to_json).collect::<Vec<_>>()).to_string();
    let request = phone.post("/records").header("content-type", "application/json").body(body);
    let Ok(answer) = request.timeout(Duration::from_secs(20)).send().await else { return false };
    if answer.status() != 200 {
        assert_eq!(answer.status(), 503, "what cannot be taken in now is to be sent again");
        return false;
    }
    let Ok(receipts) = answer.json::<Receipts>().await else { return false };
    assert_eq!(receipts.receipts.len(), batch.len());
    for receipt in &receipts.receipts {
        assert!(["accepted", "duplicate"].contains(&receipt.outcome.as_str()), "{}", receipt.outcome);
    }
    true
}

/// Each once, in places without a gap.
async fn is_all_there(reader: &Phone, acknowledged: &[Event]) {
    let held = reader.feed().await;
    let seqs: Vec<_> = held.iter().map(|record| record.arrival.as_ref().unwrap().seq).collect();
    assert_eq!(seqs, (1..=held.len() as u64).collect::<Vec<_>>());
    let mut ids: Vec<_> = held.iter().map(|record| record.event.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "each once");
    for event in acknowledged {
        assert!(ids.binary_search(&event.id).is_ok(), "{} was acknowledged and is gone", event.id);
    }
}

fn start(database: &Database, data: &Path) -> Running {
    Running::start_on(database, data, &["--demo", "--empty", "--no-watch"])
}

async fn phones(server: &Running) -> Vec<Phone> {
    let mut phones = vec![];
    for role in ["traveller", "reporter", "manager"] {
        phones.push(Phone::enrol(server.address, server.code(role), role).await);
    }
    phones
}

fn verifies(database: &Database, data: &Path) {
    let mut verify = program();
    verify.args(["verify", "--data", data.to_str().unwrap()]).env("DATABASE_URL", database.url());
    let output = verify.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_are_started_anew_and_killed_in_turn_and_nothing_acknowledged_is_lost() {
    let (data, database) = (tempfile::tempdir().unwrap(), Database::new());
    let mut servers = [start(&database, data.path()), start(&database, data.path())];
    let balancer = Balancer::of(&[&servers[0], &servers[1]]);
    let phones = phones(&servers[0]).await;
    let reader = Phone::enrol(servers[0].address, servers[0].code("central"), "Reader").await;
    let crowd = Crowd::start(&phones, &balancer);
    for signal in ["TERM", "KILL", "TERM", "KILL"] {
        for (at, server) in servers.iter_mut().enumerate() {
            crowd.goes_on().await;
            server.signal(signal);
            let status = tokio::task::block_in_place(|| server.child.wait()).unwrap();
            assert_eq!(status.success(), signal == "TERM", "{status}");
            *server = tokio::task::block_in_place(|| start(&database, data.path()));
            balancer.moved(at, server);
        }
    }
    let acknowledged = crowd.end().await;
    assert!(acknowledged.len() >= 160, "{}", acknowledged.len());
    let reader = Phone { address: servers[1].address, ..reader };
    is_all_there(&reader, &acknowledged).await;
    verifies(&database, data.path());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_is_killed_again_and_again_and_nothing_acknowledged_is_lost() {
    let cluster = Arc::new(Cluster::start());
    let (data, database) = (tempfile::tempdir().unwrap(), Database::of(cluster.clone()));
    let servers = [start(&database, data.path()), start(&database, data.path())];
    let balancer = Balancer::of(&[&servers[0], &servers[1]]);
    let phones = phones(&servers[0]).await;
    let reader = Phone::enrol(servers[0].address, servers[0].code("central"), "Reader").await;
    let crowd = Crowd::start(&phones, &balancer);
    for round in 0..6 {
        crowd.goes_on().await;
        sleep(Duration::from_millis(30 * round)).await;
        tokio::task::block_in_place(|| {
            cluster.kill();
            cluster.start_again();
        });
    }
    crowd.goes_on().await;
    let acknowledged = crowd.end().await;
    assert!(acknowledged.len() >= 140, "{}", acknowledged.len());
    is_all_there(&reader, &acknowledged).await;
    verifies(&database, data.path());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_goes_on_when_the_server_that_leads_it_is_killed() {
    let (data, database) = (tempfile::tempdir().unwrap(), Database::new());
    let start = || Running::start_on(&database, data.path(), &["--demo", "--empty"]);
    let leader = start();
    let phone = Phone::enrol(leader.address, leader.code("manager"), "Amina").await;
    let mut silent = convoy::plan(clock::now().plus_ms(-1_000), &[]);
    silent.watch = WatchRules { interval: 0, grace: 0, prompt: 0, step: 60, hold: 0 };
    phone.send(&[phone.event(1, convoy::planned(silent.clone()))]).await;
    raised(&phone, 1).await;

    let other = start();
    let phone = Phone { address: other.address, ..phone };
    phone.send(&[phone.event(2, convoy::planned(silent.clone()))]).await;
    raised(&phone, 2).await;
    leader.signal("KILL");
    phone.send(&[phone.event(3, convoy::planned(silent))]).await;
    raised(&phone, 3).await;
    sleep(Duration::from_secs(1)).await;
    raised(&phone, 3).await;
}

#[test]
fn what_is_wrong_with_a_database_is_said_in_a_line_without_its_password() {
    let (data, database) = (tempfile::tempdir().unwrap(), Database::new());
    let nowhere = database.url().replace("waymark@localhost/test", "waymark:sesame@localhost/nowhere");
    let badly = |args: &[&str], url: &str| {
        let output = program().args(args).env("DATABASE_URL", url).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.trim_end().lines().count() == 1, "{said}");
        assert!(!said.contains("sesame"), "{said}");
        said
    };
    assert!(badly(&["devices"], &nowhere).contains("cannot open the PostgreSQL database: "));
    assert!(badly(&["devices"], "mysql://root:sesame@localhost/x").contains("postgres://"));
    assert!(badly(&["devices"], "postgres://root:sesame@localhost:port/x").contains("cannot be read"));
    assert!(badly(&["serve"], &database.url()).contains("--data where the photos are"));
    let dir = data.path().to_str().unwrap();
    assert!(badly(&["serve", "--data", dir], &database.url()).contains("no organisation yet"));
    assert!(badly(&["verify", "--data", dir], &Database::new().url()).contains("another version"));
    let output = program().args(["serve", "--help"]).env("DATABASE_URL", nowhere).output().unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains("sesame"));
}

/// Waits until so many movements are raised, each once; a lead that was lost is taken within ten seconds.
async fn raised(phone: &Phone, count: usize) {
    for _ in 0..150 {
        let records = phone.feed().await;
        let raised = records.iter().filter(|record| record.event.kind == Kind::OverdueRaised).count();
        assert!(raised <= count);
        if raised == count {
            return;
        }
        sleep(Duration::from_millis(100)).await;
    }
    panic!("not {count} were raised");
}
