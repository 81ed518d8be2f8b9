//! The same questions to a store that grows: what they cost with ten times, a hundred times the records.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use tokio::sync::mpsc;
use waymark_core::backend::reference;
use waymark_core::rules::Role;
use waymark_core::sync::Outcome;
use waymark_server::clock;
use waymark_server::remote::Wire;
use waymark_server::storage::{Batch, Storage};

use crate::machine;
use crate::people::{self, caller};
use crate::phone::{Phone, fetch};
use crate::target::{Running, Target};
use crate::times::{Times, words};

#[derive(Debug, Args)]
pub struct Growth {
    #[command(flatten)]
    target: Target,
    /// Records in the store, rising.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000])]
    sizes: Vec<usize>,
}

const ORG: &str = "acme";
const PHONES: usize = 500;
/// Records of one device in one transaction while the store is filled.
const FILL: usize = 2_000;
/// What the records are spread over, before now.
const YEAR_MS: i64 = 365 * 86_400_000;
/// How often each question is asked.
const TIMES: usize = 40;
/// Records in a batch of some.
const BATCH: usize = 50;

impl Growth {
    pub async fn run(mut self) {
        self.sizes.sort_unstable();
        let storage = self.target.storage().await;
        let sessions = people::organisation(storage.clone(), ORG.to_owned(), PHONES, people::post).await;
        storage.close().await;
        let mut store = Store { phones: sessions.into_iter().map(Phone::new).collect(), records: 0, turn: 0 };
        let largest = *self.sizes.last().expect("a size");
        let mut columns = vec![];
        for size in self.sizes.clone() {
            let load = machine::load();
            let mut column = vec![
                ("load before", load),
                ("filled, records/s", store.fill(&self.target, size, largest).await),
            ];
            column.extend(self.measure(&mut store).await);
            columns.push((size, column));
        }
        self.print(&columns);
    }

    fn print(&self, columns: &[(usize, Vec<(&'static str, String)>)]) {
        let sizes: Vec<_> = columns.iter().map(|(size, _)| size.to_string()).collect();
        println!("\n| {}, ms where nothing else is said | {} |", self.target.name(), sizes.join(" | "));
        println!("|---|{}", "---:|".repeat(sizes.len()));
        for row in 0..columns[0].1.len() {
            let cells: Vec<_> = columns.iter().map(|(_, column)| column[row].1.clone()).collect();
            println!("| {} | {} |", columns[0].1[row].0, cells.join(" | "));
        }
    }

    async fn measure(&self, store: &mut Store) -> Vec<(&'static str, String)> {
        let mut all = vec![];
        let bytes = self.bytes().await;
        #[allow(clippy::cast_precision_loss)] // less than 2^53
        all.push(("bytes of the database a record", format!("{:.0}", bytes as f64 / store.records as f64)));
        let begun = Instant::now();
        let running = self.target.serve().await;
        all.push(("start until it listens", words(begun.elapsed().as_secs_f64() * 1_000.0)));
        store.pull(&running, &mut all).await;
        store.push(&running, &mut all).await;
        all.push(("peak of the server, MiB", format!("{:.0}", running.memory().1)));
        running.stop();
        let storage = self.target.storage().await;
        let begun = Instant::now();
        let open = storage.open(&ORG.into(), clock::now()).await.unwrap();
        all.push(("the watch reads what is open", words(begun.elapsed().as_secs_f64() * 1_000.0)));
        all.push(("… records of that", open.len().to_string()));
        storage.close().await;
        let (seconds, peak) = self.verify();
        all.push(("verify, s", format!("{seconds:.1}")));
        all.push(("verify, peak, MiB", format!("{peak:.0}")));
        all
    }

    /// Of the database on the disk, with its indexes.
    async fn bytes(&self) -> u64 {
        match &self.target.postgres {
            Some(url) => {
                let mut connection = PgConnection::connect(url).await.unwrap();
                let sql = "SELECT pg_database_size(current_database())";
                let bytes: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
                u64::try_from(bytes).unwrap()
            }
            None => size(&self.target.data().database()),
        }
    }

    /// How long `waymark-server verify` takes in seconds, and the most memory it has, in MiB.
    fn verify(&self) -> (f64, f64) {
        let begun = Instant::now();
        let mut child = self.target.command("verify").stdout(std::process::Stdio::null()).spawn().unwrap();
        let mut peak = 0_f64;
        let status = loop {
            peak = peak.max(machine::memory(child.id()).1);
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "verify ended with {status}");
        (begun.elapsed().as_secs_f64(), peak)
    }
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map(|meta| meta.len()).unwrap_or_default()
}

/// One organisation's phones, and how much they have written.
struct Store {
    phones: Vec<Phone>,
    records: usize,
    turn: usize,
}

impl Store {
    /// Fills the store up to so many records, straight into the database; gives how many a second. They arrive evenly over
    /// the year that ends when there are `largest`.
    async fn fill(&mut self, target: &Target, size: usize, largest: usize) -> String {
        let storage = target.storage().await;
        let (batches, mut ready) = mpsc::channel(4);
        let mut phones = std::mem::take(&mut self.phones);
        let (from, mut turn, end) = (self.records, self.turn, clock::now());
        let central = one(Role::Central, &phones);
        // Making them takes a processor of its own.
        let making = tokio::task::spawn_blocking(move || {
            let mut made = from;
            while made < size {
                let left = i64::try_from(largest.saturating_sub(made)).unwrap();
                let received = end.plus_ms(-YEAR_MS / i64::try_from(largest).unwrap() * left);
                let at = writer(&mut turn, phones.len());
                let events = phones[at].author.trips(FILL.min(size - made), received);
                made += events.len();
                let mut answers = phones[central].author.confirm(&events, received);
                answers.truncate(size - made);
                made += answers.len();
                for (who, events) in [(at, events), (central, answers)] {
                    let caller = caller(&phones[who].session);
                    if batches.blocking_send(Batch { caller, clockoffset: None, received, events }).is_err() {
                        return (phones, turn);
                    }
                }
            }
            (phones, turn)
        });
        let begun = Instant::now();
        while let Some(batch) = ready.recv().await {
            ingest(&storage, batch).await;
        }
        let took = begun.elapsed().as_secs_f64();
        (self.phones, self.turn) = making.await.unwrap();
        storage.close().await;
        self.records = size;
        #[allow(clippy::cast_precision_loss)] // less than 2^53
        let rate = (size - from) as f64 / took;
        format!("{rate:.0}")
    }

    async fn push(&mut self, running: &Running, all: &mut Vec<(&'static str, String)>) {
        let single = self.send(&running.wire, 1).await;
        all.push(("one record is sent, p50", words(single.percentile(50))));
        all.push(("… longest", words(single.percentile(100))));
        let some = self.send(&running.wire, BATCH).await;
        all.push(("fifty are sent, p50", words(some.percentile(50))));
        all.push(("… longest", words(some.percentile(100))));
    }

    /// Batches one after the other, each of another phone.
    async fn send(&mut self, wire: &Wire, size: usize) -> Times {
        let mut times = Times::default();
        for _ in 0..TIMES {
            let at = writer(&mut self.turn, self.phones.len());
            let phone = &mut self.phones[at];
            let events = phone.author.trips(size, clock::now());
            let request = {
                let batch: Vec<_> = events.iter().map(crate::records::queued).collect();
                reference::send(&phone.session, &batch, clock::now())
            };
            let begun = Instant::now();
            let response = wire.ask(&request).await.unwrap();
            times.push(begun.elapsed());
            assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
            self.records += events.len();
        }
        times
    }

    async fn pull(&mut self, running: &Running, all: &mut Vec<(&'static str, String)>) {
        let newest = u64::try_from(self.records).unwrap();
        let [traveller, area, central] =
            [Role::Traveller, Role::Manager, Role::Central].map(|role| one(role, &self.phones));
        for (name, who, from) in [
            ("traveller: nothing new", traveller, newest),
            ("traveller: the first page", traveller, 0),
            ("manager of one area of ten: nothing new", area, newest),
            ("… the first page", area, 0),
            ("… the page in the middle", area, newest / 2),
            ("central: nothing new", central, newest),
            ("… the first page", central, 0),
            ("… the page in the middle", central, newest / 2),
            ("… the last 500", central, newest.saturating_sub(500)),
        ] {
            let mut times = Times::default();
            self.phones[who].read_from(from);
            for _ in 0..TIMES {
                // No device may ask more often.
                tokio::time::sleep(Duration::from_millis(50)).await;
                let (took, page) = self.phones[who].page(&running.wire).await;
                let page = page.unwrap();
                assert_eq!(page.records.is_empty(), from == newest, "{name}");
                times.push(took);
            }
            all.push((name, words(times.percentile(50))));
        }
        let mut times = Times::default();
        for _ in 0..TIMES {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let begun = Instant::now();
            fetch(&running.wire, reference::directory(&self.phones[area].session)).await.unwrap();
            times.push(begun.elapsed());
        }
        all.push(("directory of 500", words(times.percentile(50))));
    }
}

/// The first phone of somebody with this role.
fn one(role: Role, phones: &[Phone]) -> usize {
    phones.iter().position(|phone| phone.session.role == role).expect("somebody")
}

/// The next phone that writes: those who travel.
fn writer(turn: &mut usize, phones: usize) -> usize {
    loop {
        *turn += 1;
        let at = *turn % phones;
        if people::post(at).0 == Role::Traveller {
            return at;
        }
    }
}

async fn ingest(storage: &Arc<dyn Storage>, batch: Batch) {
    let taken = storage.ingest(batch).await.unwrap();
    assert!(taken.iter().all(|taken| taken.outcome == Outcome::Accepted), "{:?}", taken.first());
}
