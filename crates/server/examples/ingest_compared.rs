//! What taking records in costs beside bare inserts, on SQLite and PostgreSQL, in one run and in turns. Every commit is
//! synced to disk.
//!
//! `cargo run --profile release-native -p waymark-server --example ingest_compared -- DIR postgres://… [rounds]`, the
//! database empty. DIR and the database should be on the same disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss, clippy::panic)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use waymark_core::event::{DeviceId, Event, PeopleState, UserId};
use waymark_core::rules::Role;
use waymark_core::sync::Outcome;
use waymark_core::testing::build;
use waymark_server::clock;
use waymark_server::secret::SecretHash;
use waymark_server::storage::postgres::PostgresStorage;
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{Batch, Caller, Enrolling, Enrolment, NewCode, Org, Storage};

/// Senders at once, records a batch, batches of each sender.
const LOADS: [(u64, u64, u64); 4] = [(1, 1, 100), (16, 1, 40), (1, 1_000, 8), (16, 50, 8)];

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let dir = args.next().expect("a directory");
    let url = args.next().expect("the address of a PostgreSQL database");
    let rounds: u64 = args.next().map_or(3, |text| text.parse().expect("a number"));
    let bench = Bench::prepare(Path::new(&dir), &url).await;
    println!("| Senders × records a batch | | records/s | p50, ms | p99, ms |\n|---|---|---:|---:|---:|");
    let mut first = 0;
    for load in LOADS {
        let mut times = [const { Vec::new() }; WAYS.len()];
        for round in 0..rounds {
            for turn in 0..WAYS.len() {
                // Another one first each time.
                let way = (turn + usize::try_from(round).unwrap()) % WAYS.len();
                times[way].push(bench.run(way, load, first).await);
                first += load.0 * load.1 * load.2;
            }
        }
        for (way, runs) in WAYS.iter().zip(times) {
            println!("| {} × {} | {way} | {} |", load.0, load.1, numbers(load, runs));
        }
    }
}

const WAYS: [&str; 4] = ["Waymark, SQLite", "bare SQLite", "Waymark, PostgreSQL", "bare PostgreSQL"];

type Run = (Duration, Vec<Duration>);

/// The median of the runs' rates, and percentiles over all batches.
fn numbers((senders, size, batches): (u64, u64, u64), runs: Vec<Run>) -> String {
    let records = (senders * size * batches) as f64;
    let mut rates: Vec<f64> = runs.iter().map(|(whole, _)| records / whole.as_secs_f64()).collect();
    rates.sort_by(f64::total_cmp);
    let mut each: Vec<Duration> = runs.into_iter().flat_map(|(_, each)| each).collect();
    each.sort_unstable();
    let ms = |percent: usize| each[(each.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    format!("{:.0} | {:.1} | {:.1}", rates[rates.len() / 2], ms(50), ms(99))
}

struct Bench {
    waymark: [(Arc<dyn Storage>, Vec<Caller>); 2],
    sqlite: SqlitePool,
    postgres: PgPool,
}

impl Bench {
    async fn prepare(dir: &Path, url: &str) -> Self {
        let own: Arc<dyn Storage> = Arc::new(DataDir::new(dir).create_or_open().await.unwrap());
        let theirs: Arc<dyn Storage> = Arc::new(PostgresStorage::open(&url.parse().unwrap()).await.unwrap());
        let options = SqliteConnectOptions::new()
            .filename(dir.join("bare.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let sqlite = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
        let table = "CREATE TABLE bare (id TEXT PRIMARY KEY, event TEXT NOT NULL)";
        sqlx::query(table).execute(&sqlite).await.unwrap();
        let postgres = PgPoolOptions::new().max_connections(16).connect(url).await.unwrap();
        sqlx::query(table).execute(&postgres).await.unwrap();
        let waymark = [(own.clone(), callers(&*own).await), (theirs.clone(), callers(&*theirs).await)];
        Self { waymark, sqlite, postgres }
    }

    async fn run(&self, way: usize, (senders, size, batches): (u64, u64, u64), first: u64) -> Run {
        let mut work = vec![];
        for sender in 0..senders {
            let caller = &self.waymark[way / 2].1[usize::try_from(sender).unwrap()];
            let from = first + sender * batches * size;
            let all: Vec<Vec<Event>> = (0..batches).map(|n| events(caller, from + n * size, size)).collect();
            work.push((caller.clone(), all));
        }
        let begun = Instant::now();
        let sending: Vec<_> = work
            .into_iter()
            .map(|(caller, all)| match way {
                0 | 2 => tokio::spawn(ingest(self.waymark[way / 2].0.clone(), caller, all)),
                1 => tokio::spawn(bare_sqlite(self.sqlite.clone(), all)),
                _ => tokio::spawn(bare_postgres(self.postgres.clone(), all)),
            })
            .collect();
        let mut each = vec![];
        for sending in sending {
            each.extend(sending.await.unwrap());
        }
        (begun.elapsed(), each)
    }
}

async fn callers(storage: &dyn Storage) -> Vec<Caller> {
    let now = clock::now();
    let mut callers = vec![];
    // All of one organisation: they wait for each other, which is the worst case.
    storage.create_org(&Org { slug: "acme".into(), name: "Acme".into() }, now).await.unwrap();
    for n in 0..16 {
        let hash = SecretHash([n; 32]);
        let (role, expires) = (Role::Traveller, now.plus_ms(60_000));
        let code = NewCode { hash, org: "acme".into(), role, areas: vec![], expires, device: None };
        storage.add_codes(&[code], now).await.unwrap();
        let enrolment = Enrolment {
            code: hash,
            name: "Idriss".into(),
            former: None,
            key: None,
            new_device: DeviceId(format!("d{n}")),
            new_user: UserId(format!("u{n}")),
            new_token: SecretHash([n; 32]),
        };
        match storage.enrol(&enrolment, now).await.unwrap() {
            Enrolling::Enrolled { caller, .. } => callers.push(caller),
            Enrolling::Refused => panic!("refused"),
        }
    }
    callers
}

fn events(caller: &Caller, first: u64, size: u64) -> Vec<Event> {
    let event = |n| {
        let note = format!("check-in {n} at the bridge");
        let mut unsaved = build::unsaved("bench", n, build::checkin_body(PeopleState::Safe, &note));
        unsaved.source = caller.source();
        unsaved.author = caller.user.clone();
        unsaved.into_event(n)
    };
    (first..first + size).map(event).collect()
}

async fn ingest(storage: Arc<dyn Storage>, caller: Caller, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let mut times = vec![];
    for events in all {
        let begun = Instant::now();
        let batch = Batch { caller: caller.clone(), clockoffset: None, received: clock::now(), events };
        let taken = storage.ingest(batch).await.unwrap();
        times.push(begun.elapsed());
        assert!(taken.iter().all(|taken| taken.outcome == Outcome::Accepted), "{:?}", taken[0]);
    }
    times
}

/// One statement a batch, as who knows the database would write it: no counter, no rules, one index.
async fn bare_sqlite(pool: SqlitePool, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let mut times = vec![];
    for events in all {
        let begun = Instant::now();
        let rows: Vec<_> =
            events.iter().map(|event| [event.id.to_string(), event.to_json().to_string()]).collect();
        sqlx::query("INSERT INTO bare SELECT value ->> 0, value ->> 1 FROM json_each(?1)")
            .bind(serde_json::json!(rows).to_string())
            .execute(&pool)
            .await
            .unwrap();
        times.push(begun.elapsed());
    }
    times
}

async fn bare_postgres(pool: PgPool, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let mut times = vec![];
    for events in all {
        let begun = Instant::now();
        let (ids, texts): (Vec<_>, Vec<_>) =
            events.iter().map(|event| (event.id.to_string(), event.to_json().to_string())).unzip();
        sqlx::query("INSERT INTO bare SELECT * FROM unnest($1::text[], $2::text[])")
            .bind(ids)
            .bind(texts)
            .execute(&pool)
            .await
            .unwrap();
        times.push(begun.elapsed());
    }
    times
}
