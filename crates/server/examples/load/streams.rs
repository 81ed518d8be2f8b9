//! A thousand managers who look at their screens: how soon the last of them knows that a record came, and has it.

use std::time::{Duration, Instant};

use clap::Args;
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use waymark_core::backend::reference;
use waymark_core::rules::Role;
use waymark_core::sync::Session;
use waymark_server::clock;
use waymark_server::remote::Wire;

use crate::machine;
use crate::people;
use crate::phone::Phone;
use crate::target::Target;
use crate::times::{Times, words};

#[derive(Debug, Args)]
pub struct Streams {
    #[command(flatten)]
    target: Target,
    #[arg(long = "streams", default_value_t = 1_000)]
    count: usize,
    /// Records that come, one after the other.
    #[arg(long, default_value_t = 10)]
    rounds: usize,
    /// For how many seconds the streams are only held.
    #[arg(long, default_value_t = 30)]
    quiet: u64,
}

/// Between two records.
const BETWEEN: Duration = Duration::from_secs(2);
/// A hint that has not come by then is lost.
const LOST: Duration = Duration::from_secs(30);

/// Who has heard of which place in the feed, and when.
type Heard = (usize, u64, Instant);

impl Streams {
    pub async fn run(self) {
        let storage = self.target.storage().await;
        let post = |n| (if n == 0 { Role::Traveller } else { Role::Manager }, vec![]);
        let mut sessions =
            people::organisation(storage.clone(), "acme".to_owned(), self.count + 1, post).await;
        storage.close().await;
        let mut traveller = Phone::new(sessions.remove(0));
        let running = self.target.serve().await;
        let before = running.memory().0;
        let (heard, mut hearing) = mpsc::unbounded_channel();
        let mut streams = JoinSet::new();
        for (n, session) in sessions.iter().cloned().enumerate() {
            streams.spawn(follow(running.wire.clone(), session, n, heard.clone()));
        }
        // Each says at once how far the feed is.
        collect(&mut hearing, self.count, 0).await;
        let open = running.memory().0;
        let each = (open - before) * 1_024.0 / f64::from(u32::try_from(self.count).unwrap());
        println!("\n{} streams, {}; load {}", self.count, self.target.name(), machine::load());
        println!(
            "memory of the server: {before:.0} MiB before, {open:.0} MiB with them: {each:.1} KiB a stream"
        );
        let used = running.used();
        sleep(Duration::from_secs(self.quiet)).await;
        let held = running.used();
        let share = |at: usize| (held[at] - used[at]) * 100.0 / Duration::from_secs(self.quiet).as_secs_f64();
        println!("held for {} s: {:.1} % of one processor, database {:.1} %", self.quiet, share(0), share(1));

        let (mut first, mut median, mut last, mut read) =
            (Times::default(), Times::default(), Times::default(), Times::default());
        let used = running.used();
        for _ in 0..self.rounds {
            let event = traveller.author.checkin(clock::now());
            traveller.save(&[event]);
            let begun = Instant::now();
            let ledger = traveller.sync(&running.wire, begun).await;
            assert_eq!((ledger.acknowledged.len(), ledger.troubles()), (1, 0), "{:?}", ledger.trouble);
            let place = newest(&running.wire, &sessions[0]).await;
            let times = collect(&mut hearing, self.count, place).await;
            let times: Times = times.into_iter().map(|at| at.saturating_duration_since(begun)).collect();
            let ms = |percent| Duration::from_secs_f64(times.percentile(percent) / 1_000.0);
            first.push(ms(0));
            median.push(ms(50));
            last.push(ms(100));
            let begun = Instant::now();
            pull_all(&running.wire, &sessions, place).await;
            read.push(begun.elapsed());
            sleep(BETWEEN).await;
        }
        let spent = running.used();
        println!("| From sending one record, ms | median of {} | longest |\n|---|---:|---:|", self.rounds);
        for (name, times) in [
            ("the first has the hint", &first),
            ("half of them have", &median),
            ("the last has", &last),
            ("after that, all at once: the last has read the record", &read),
        ] {
            println!("| {name} | {} | {} |", words(times.percentile(50)), words(times.percentile(100)));
        }
        let per =
            |at: usize| (spent[at] - used[at]) * 1_000.0 / f64::from(u32::try_from(self.rounds).unwrap());
        println!("CPU a round, ms: server {:.0}, database {:.0}, managers {:.0}", per(0), per(1), per(2));
        println!("peak of the server: {:.0} MiB", running.memory().1);
        streams.abort_all();
        running.stop();
    }
}

/// When each of so many has heard of this place, in that order.
async fn collect(hearing: &mut mpsc::UnboundedReceiver<Heard>, count: usize, place: u64) -> Vec<Instant> {
    let mut when = vec![None; count];
    let mut missing = count;
    while missing > 0 {
        let heard = timeout(LOST, hearing.recv()).await.unwrap_or_else(|_| panic!("{missing} heard nothing"));
        let (who, seq, at) = heard.expect("all streams have ended");
        if seq >= place && when[who].is_none() {
            when[who] = Some(at);
            missing -= 1;
        }
    }
    let mut when: Vec<Instant> = when.into_iter().flatten().collect();
    when.sort_unstable();
    when
}

#[derive(Deserialize)]
struct Hint {
    seq: u64,
}

async fn follow(wire: Wire, session: Session, who: usize, heard: mpsc::UnboundedSender<Heard>) {
    let request = waymark_core::backend::Request { timeout_ms: u32::MAX, ..reference::stream(&session) };
    let mut text = String::new();
    let ended = wire
        .follow(&request, &mut |answer| {
            assert!(answer.status.is_success(), "{}", answer.status);
            let at = Instant::now();
            text.push_str(&String::from_utf8_lossy(&answer.body));
            while let Some(end) = text.find("\n\n") {
                let event: String = text.drain(..end + 2).collect();
                if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                    let hint: Hint = serde_json::from_str(data).unwrap();
                    if heard.send((who, hint.seq, at)).is_err() {
                        return false;
                    }
                }
            }
            true
        })
        .await;
    panic!("a stream ended: {ended:?}");
}

/// How far the feed is.
async fn newest(wire: &Wire, manager: &Session) -> u64 {
    let (_, page) = Phone::new(manager.clone()).page(wire).await;
    page.unwrap().next
}

/// Everybody asks for what came last, at once, as apps do on a hint.
async fn pull_all(wire: &Wire, sessions: &[Session], place: u64) {
    let mut pulling = JoinSet::new();
    for session in sessions.iter().cloned() {
        let wire = wire.clone();
        pulling.spawn(async move {
            let mut phone = Phone::new(session);
            phone.read_from(place - 1);
            let page = phone.page(&wire).await.1.unwrap();
            assert_eq!(page.records.len(), 1);
        });
    }
    pulling.join_all().await;
}
