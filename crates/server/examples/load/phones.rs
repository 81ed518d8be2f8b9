//! Ten thousand phones of a few organisations that sync every ten minutes, some of them with long queues; then faster
//! until the server no longer keeps up; then whether the store holds what was acknowledged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::sleep_until;
use waymark_server::clock;
use waymark_server::secret;
use waymark_server::storage::OWN_ID;
use waymark_server::verify::verify;

use crate::ledger::{Audit, Ledger};
use crate::machine;
use crate::people;
use crate::phone::Phone;
use crate::target::{Running, Target};
use crate::times::words;

#[derive(Debug, Args)]
pub struct Phones {
    #[command(flatten)]
    target: Target,
    #[arg(long = "phones", default_value_t = 10_000)]
    count: usize,
    /// How many organisations they are of.
    #[arg(long, default_value_t = 5)]
    orgs: usize,
    /// Seconds between two syncs of a phone.
    #[arg(long, default_value_t = 600)]
    every: u32,
    /// For how many seconds phones sync at that rate.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Records in a long queue; one phone of fifty has one.
    #[arg(long, default_value_t = 500)]
    queue: usize,
    /// Of a hundred syncs, how many bring a new record.
    #[arg(long, default_value_t = 50)]
    saves: u8,
    /// Syncs a second, one rate after the other, until one is not kept.
    #[arg(long, value_delimiter = ',', default_values_t = [50, 100, 150, 200, 300, 400, 600, 800, 1_200, 1_600, 2_400])]
    rates: Vec<u32>,
    /// Seconds at each of these rates.
    #[arg(long, default_value_t = 15)]
    step: u64,
}

/// A rate is kept when so much of it is served, and 99 of 100 syncs end within a second of when they were due.
const KEPT: f64 = 0.95;
const IN_TIME_MS: f64 = 1_000.0;

type Shared = Arc<Mutex<Phone>>;

impl Phones {
    pub async fn run(self) {
        let phones = self.enrol().await;
        let running = self.target.serve().await;
        let rate = f64::from(u32::try_from(phones.len()).unwrap()) / f64::from(self.every);
        println!(
            "\n{} phones of {} organisations, {}; load {} before",
            phones.len(),
            self.orgs,
            self.target.name(),
            machine::load()
        );
        println!(
            "| Syncs/s asked | served | records/s in | out | push, ms: p50 | p99 | max | pull, ms: p50 | p99 | max | sync, ms: p50 | p99 | max | CPU a sync, ms: server | database | of the machine's two: server | database | phones | peak, MiB | refused or failed |"
        );
        println!("|{}", "---:|".repeat(20));
        let mut crowd = Crowd { phones, next: 0, saves: self.saves };
        let mut all = crowd.at_rate(&running, rate, Duration::from_secs(self.seconds)).await.0;
        for rate in self.rates.iter().copied().map(f64::from) {
            let (ledger, kept) = crowd.at_rate(&running, rate, Duration::from_secs(self.step)).await;
            all.take(ledger);
            if !kept {
                println!("not kept: {rate} syncs/s");
                break;
            }
        }
        running.stop();
        let mut waiting = 0;
        for phone in &crowd.phones[..crowd.next.min(crowd.phones.len())] {
            waiting += phone.lock().await.waiting();
        }
        self.check(all, waiting).await;
    }

    async fn enrol(&self) -> Vec<Shared> {
        let begun = Instant::now();
        let storage = self.target.storage().await;
        let mut enrolling = JoinSet::new();
        for org in 0..self.orgs {
            let (storage, phones) = (storage.clone(), self.count / self.orgs);
            enrolling.spawn(people::organisation(storage, format!("org{org}"), phones, people::post));
        }
        let all = enrolling.join_all().await;
        storage.close().await;
        // One of each organisation after the other, as they come.
        let mut phones = vec![];
        for n in 0..self.count / self.orgs {
            for org in &all {
                let mut phone = Phone::new(org[n].clone());
                if n % 50 == 7 {
                    let trips = phone.author.trips(self.queue, clock::now());
                    phone.save(&trips);
                }
                phones.push(Arc::new(Mutex::new(phone)));
            }
        }
        println!("enrolled in {:.0} s", begun.elapsed().as_secs_f64());
        phones
    }

    /// Every acknowledged record is in the store once, no other is, and all follows from them that should.
    async fn check(&self, all: Ledger, waiting: usize) {
        let mut snapshot = self.target.snapshot().await;
        let mut stored = vec![];
        for (org, _) in snapshot.orgs().await.unwrap() {
            let mut each = |row: waymark_server::storage::snapshot::StoredRecord| {
                if row.author != OWN_ID {
                    stored.push(row.id);
                }
            };
            snapshot.records(&org, &mut each).await.unwrap();
        }
        let audit = Audit::of(&all.acknowledged, &stored);
        let begun = Instant::now();
        let findings = verify(&mut *snapshot, &self.target.data().blobs(), None).await.unwrap();
        let took = begun.elapsed().as_secs_f64();
        snapshot.close().await.unwrap();
        println!("{audit:?}; still queued: {waiting}; read: {}; troubles: {:?}", all.read, all.trouble);
        println!(
            "verify ({took:.1} s): {}",
            if findings.is_good() { "good".to_owned() } else { findings.text() }
        );
        assert!(audit.is_good() && findings.is_good(), "the store is not what was acknowledged");
    }
}

struct Crowd {
    phones: Vec<Shared>,
    next: usize,
    saves: u8,
}

impl Crowd {
    /// Lets phones sync at this rate, at times that know nothing of each other, whether the server keeps up or not; waits
    /// for the last. Gives what came of it, and whether the rate was kept.
    async fn at_rate(&mut self, running: &Running, rate: f64, length: Duration) -> (Ledger, bool) {
        let mut syncing = JoinSet::new();
        let used = running.used();
        let begun = Instant::now();
        let mut due = begun;
        loop {
            due += Duration::from_secs_f64(-share().ln() / rate);
            if due >= begun + length {
                break;
            }
            sleep_until(due.into()).await;
            let phone = self.phones[self.next % self.phones.len()].clone();
            self.next += 1;
            let saves = share() * 100.0 < f64::from(self.saves);
            let wire = running.wire.clone();
            syncing.spawn(async move {
                let mut phone = phone.lock().await;
                if saves {
                    let event = phone.author.checkin(clock::now());
                    phone.save(&[event]);
                }
                phone.sync(&wire, due).await
            });
        }
        let asked = syncing.len();
        let mut all = Ledger::default();
        while let Some(done) = syncing.join_next().await {
            all.take(done.unwrap());
        }
        let took = begun.elapsed().max(length).as_secs_f64();
        let spent = running.used().into_iter().zip(used).map(|(after, before)| after - before);
        let used = ["server", "database", "phones"].into_iter().zip(spent).collect();
        let served = Served { asked, took, length: length.as_secs_f64(), used, peak: running.memory().1 };
        println!("{}", served.line(&all));
        let kept = served.kept(&all);
        (all, kept)
    }
}

/// What a while at one rate came to.
struct Served {
    asked: usize,
    took: f64,
    length: f64,
    used: BTreeMap<&'static str, f64>,
    peak: f64,
}

#[allow(clippy::cast_precision_loss)] // thousands
impl Served {
    fn rate(&self) -> f64 {
        self.asked as f64 / self.took
    }

    fn kept(&self, all: &Ledger) -> bool {
        let asked = self.asked as f64 / self.length;
        self.rate() >= KEPT * asked && all.syncs.percentile(99) <= IN_TIME_MS && all.troubles() == 0
    }

    fn line(&self, all: &Ledger) -> String {
        let [taken, read] = [all.acknowledged.len(), all.read].map(|count| count as f64 / self.took);
        let sync = |who: &str| words(self.used[who] * 1_000.0 / all.syncs.count() as f64);
        // Of two processors.
        let share = |who: &str| format!("{:.0} %", self.used[who] * 50.0 / self.took);
        format!(
            "| {:.1} | {:.1} | {taken:.0} | {read:.0} | {} | {} | {} | {} | {} | {} | {} | {} | {:.0} | {} |",
            self.asked as f64 / self.length,
            self.rate(),
            all.pushes.cells(),
            all.pulls.cells(),
            all.syncs.cells(),
            sync("server"),
            sync("database"),
            share("server"),
            share("database"),
            share("phones"),
            self.peak,
            all.troubles(),
        )
    }
}

/// A number above 0, up to 1.
#[allow(clippy::cast_precision_loss)] // 53 bits fit
fn share() -> f64 {
    let bits = u64::from_be_bytes(secret::random().unwrap()) >> 11;
    (bits + 1) as f64 / (1_u64 << 53) as f64
}
