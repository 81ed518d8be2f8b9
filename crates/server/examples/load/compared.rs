//! What taking records in costs beside bare inserts into SQLite and PostgreSQL, and over HTTP beside a PouchDB server, in
//! one run and in turns. Every commit is synced to disk but that of the PouchDB server, which syncs none.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use waymark_core::backend::{Payload, Request, reference};
use waymark_core::event::Event;
use waymark_core::rules::Role;
use waymark_core::sync::{Answer, Outcome, Session};
use waymark_server::clock;
use waymark_server::remote::{Wire, as_browser, reply};
use waymark_server::storage::postgres::PostgresStorage;
use waymark_server::storage::sqlite::DataDir;
use waymark_server::storage::{Batch, Storage};

use crate::people::{self, caller};
use crate::records::{Author, queued};
use crate::target::{Running, Target};
use crate::times::{Times, words};

/// Senders at once, records a batch, batches of each sender.
const LOADS: [(usize, usize, usize); 4] = [(1, 1, 100), (16, 1, 40), (1, 1_000, 8), (16, 50, 8)];
const SENDERS: usize = 16;

#[derive(Debug, Args)]
pub struct Compared {
    /// The built `waymark-server`.
    #[arg(long)]
    server: PathBuf,
    /// A new folder for the data, on the same disk as the others' data.
    #[arg(long)]
    dir: PathBuf,
    /// An empty PostgreSQL database.
    #[arg(long)]
    postgres: String,
    /// The address of an empty PouchDB server.
    #[arg(long)]
    couch: String,
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

impl Compared {
    pub async fn run(self) {
        let bench = Bench::prepare(&self).await;
        println!("\nload {} before", crate::machine::load());
        println!("| Senders × records a batch | | records/s | p50, ms | p99, ms |\n|---|---|---:|---:|---:|");
        for load in LOADS {
            let mut runs = [const { Vec::new() }; WAYS.len()];
            for round in 0..self.rounds {
                for turn in 0..WAYS.len() {
                    // Another one first each time.
                    let way = (turn + round) % WAYS.len();
                    runs[way].push(bench.run(way, load, round).await);
                }
            }
            for (way, runs) in WAYS.iter().zip(runs) {
                println!("| {} × {} | {way} | {} |", load.0, load.1, numbers(load, runs));
            }
        }
        bench.served.stop();
    }
}

const WAYS: [&str; 6] = [
    "Waymark, SQLite",
    "bare SQLite",
    "Waymark, PostgreSQL",
    "bare PostgreSQL",
    "Waymark, SQLite, over HTTP",
    "express-pouchdb, over HTTP",
];

type Run = (Duration, Vec<Duration>);

/// The median of the runs' rates, and percentiles over all batches.
#[allow(clippy::cast_precision_loss)] // thousands
fn numbers((senders, size, batches): (usize, usize, usize), runs: Vec<Run>) -> String {
    let records = (senders * size * batches) as f64;
    let mut rates: Vec<f64> = runs.iter().map(|(whole, _)| records / whole.as_secs_f64()).collect();
    rates.sort_by(f64::total_cmp);
    let each: Times = runs.into_iter().flat_map(|(_, each)| each).collect();
    let [half, most] = [50, 99].map(|percent| words(each.percentile(percent)));
    format!("{:.0} | {half} | {most}", rates[rates.len() / 2])
}

struct Bench {
    /// All of one organisation: they wait for each other, which is the worst case.
    waymark: [(Arc<dyn Storage>, Vec<Session>); 2],
    sqlite: SqlitePool,
    postgres: PgPool,
    served: Running,
    /// Of them each has sent little, as no device may ask too often.
    phones: Vec<Session>,
    couch: String,
}

impl Bench {
    async fn prepare(options: &Compared) -> Self {
        let Compared { server, dir, postgres: url, couch, rounds } = options;
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
        let waymark = [
            (own.clone(), travellers(own, SENDERS).await),
            (theirs.clone(), travellers(theirs, SENDERS).await),
        ];
        let target = Target { server: server.clone(), dir: dir.join("served"), postgres: None };
        let storage = target.storage().await;
        let phones = travellers(storage.clone(), SENDERS * rounds).await;
        storage.close().await;
        let served = target.serve().await;
        let couch = format!("{}/bench", couch.trim_end_matches('/'));
        let made = reply(&ask_couch("PUT", couch.clone(), None)).await.unwrap();
        assert_eq!(made.status, 201, "{}", String::from_utf8_lossy(&made.body));
        Self { waymark, sqlite, postgres, served, phones, couch }
    }

    async fn run(&self, way: usize, (senders, size, batches): (usize, usize, usize), round: usize) -> Run {
        let mut work = vec![];
        for sender in 0..senders {
            let session = match way {
                2 | 3 => &self.waymark[1].1[sender],
                4 | 5 => &self.phones[round * SENDERS + sender],
                _ => &self.waymark[0].1[sender],
            };
            let mut author = Author::new(session.clone());
            let mut batch = || (0..size).map(|_| author.checkin(clock::now())).collect();
            let all: Vec<Vec<Event>> = (0..batches).map(|_| batch()).collect();
            work.push((session.clone(), all));
        }
        let begun = Instant::now();
        let sending: Vec<_> = work
            .into_iter()
            .map(|(session, all)| match way {
                0 | 2 => tokio::spawn(ingest(self.waymark[way / 2].0.clone(), session, all)),
                1 => tokio::spawn(bare_sqlite(self.sqlite.clone(), all)),
                3 => tokio::spawn(bare_postgres(self.postgres.clone(), all)),
                4 => tokio::spawn(send(self.served.wire.clone(), session, all)),
                _ => tokio::spawn(bulk_docs(self.couch.clone(), all)),
            })
            .collect();
        let mut each = vec![];
        for sending in sending {
            each.extend(sending.await.unwrap());
        }
        (begun.elapsed(), each)
    }
}

async fn travellers(storage: Arc<dyn Storage>, count: usize) -> Vec<Session> {
    people::organisation(storage, "acme".to_owned(), count, |_| (Role::Traveller, vec![])).await
}

async fn ingest(storage: Arc<dyn Storage>, session: Session, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let caller = caller(&session);
    let mut times = vec![];
    for events in all {
        let begun = Instant::now();
        let batch = Batch { caller: caller.clone(), clockoffset: Some(0), received: clock::now(), events };
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
            .bind(json!(rows).to_string())
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

/// As a phone does, but without its queue.
async fn send(wire: Wire, session: Session, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let mut times = vec![];
    for events in all {
        let batch: Vec<_> = events.iter().map(queued).collect();
        let begun = Instant::now();
        let answer = wire.ask(&reference::send(&session, &batch, clock::now())).await.map_err(as_browser);
        times.push(begun.elapsed());
        match reference::read_send(answer, clock::now()) {
            Answer::Receipts(receipts) => {
                assert!(receipts.receipts.iter().all(|receipt| receipt.outcome == "accepted"));
            }
            other => panic!("{other:?}"),
        }
    }
    times
}

/// The same records to a PouchDB server (`POST /{db}/_bulk_docs` of CouchDB).
async fn bulk_docs(database: String, all: Vec<Vec<Event>>) -> Vec<Duration> {
    let mut times = vec![];
    for events in all {
        let docs: Vec<Value> = events
            .iter()
            .map(|event| {
                let mut doc = event.to_json();
                doc["_id"] = event.id.to_string().into();
                doc
            })
            .collect();
        let body = json!({ "docs": docs }).to_string();
        let request = ask_couch("POST", format!("{database}/_bulk_docs"), Some(body));
        let begun = Instant::now();
        let answer = reply(&request).await.unwrap();
        times.push(begun.elapsed());
        let rows: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
        assert!(answer.status == 201 && rows.len() == events.len(), "{}", answer.status);
        assert!(rows.iter().all(|row| row["ok"] == true), "{}", rows[0]);
    }
    times
}

fn ask_couch(method: &'static str, path: String, body: Option<String>) -> Request {
    let headers = vec![("content-type", "application/json".to_owned())];
    let body = body.map(Payload::Text);
    Request { method, path, headers, body, timeout_ms: 60_000, max_bytes: 8 << 20, no_cors: false }
}
