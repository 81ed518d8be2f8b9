//! What watching costs: many movements with twenty check-ins each, all under way.
//!
//! `cargo run --profile release-native -p waymark-core --example watch -- [movements…]`
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use waymark_core::event::{Body, CheckinKind, Digest, EventId, PeopleState, Position, Stamp, UserId};
use waymark_core::rules::agenda::{Agenda, Need};
use waymark_core::testing::build::{self, MORNING};
use waymark_core::testing::random::Random;
use waymark_core::view::movement::{By, Report};

const CHECKINS: u64 = 20;
const MINUTE_MS: i64 = 60_000;
/// One check-in a minute before the hour is over: nobody was late.
const APART_MS: i64 = 59 * MINUTE_MS;
/// New check-ins whose cost is taken.
const ROUNDS: usize = 1_000;

/// What one size cost.
struct Cost {
    movements: u64,
    filling: Duration,
    making: Duration,
    first_look: Duration,
    overdue: usize,
    /// Peak of the process so far, in MiB; sizes are measured from the smallest up.
    peak_mib: u64,
    median: Duration,
    p99: Duration,
}

fn main() {
    let mut sizes: Vec<u64> =
        std::env::args().skip(1).map(|text| text.parse().expect("a number of movements")).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000];
    }
    sizes.sort_unstable();
    println!(
        "| Movements | Taking in, ms | First look, ms | Overdue | Peak memory, MiB | New check-in, median, µs | 99 %, µs |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for movements in sizes {
        let cost = measure(movements);
        println!(
            "| {} | {:.0} | {:.0} | {} | {} | {:.1} | {:.1} |",
            cost.movements,
            ms(cost.filling.saturating_sub(cost.making)),
            ms(cost.first_look),
            cost.overdue,
            cost.peak_mib,
            ms(cost.median) * 1e3,
            ms(cost.p99) * 1e3,
        );
    }
}

fn measure(movements: u64) -> Cost {
    // What making the records costs is not what watching costs.
    let begun = Instant::now();
    for report in all(movements) {
        black_box(report);
    }
    let making = begun.elapsed();
    let mut agenda = Agenda::default();
    let begun = Instant::now();
    agenda.take_in_all(all(movements));
    let filling = begun.elapsed();
    let now = MORNING.plus_ms(APART_MS * i64::try_from(CHECKINS).unwrap());
    let begun = Instant::now();
    let needs = agenda.needs(now);
    let first_look = begun.elapsed();
    let overdue = needs.iter().filter(|need| matches!(need, Need::Overdue { .. })).count();
    let peak_mib = peak_mib();
    let mut times = new_checkins(&mut agenda, movements, now);
    times.sort_unstable();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    Cost { movements, filling, making, first_look, overdue, peak_mib, median, p99 }
}

/// Takes one check-in after the other in, each in a movement drawn at random, and asks what is needed.
fn new_checkins(agenda: &mut Agenda, movements: u64, now: Stamp) -> Vec<Duration> {
    let mut random = Random(7);
    let mut touched = std::collections::BTreeSet::new();
    let mut times = vec![];
    while times.len() < ROUNDS {
        let n = random.draw() % movements;
        // Each movement once, so that all have as many check-ins, as far as there are as many.
        if !touched.insert(n) && movements > ROUNDS as u64 * 2 {
            continue;
        }
        let at = now.plus_ms(i64::try_from(times.len()).unwrap());
        let report = checkin(n, CHECKINS + times.len() as u64, at);
        let begun = Instant::now();
        agenda.take_in(report);
        black_box(agenda.needs(at));
        times.push(begun.elapsed());
    }
    times
}

/// Plans first, then check-ins in the order of their time: each movement's are far apart, as they come in.
fn all(movements: u64) -> impl Iterator<Item = Report> {
    let plans = (0..movements).map(planned);
    let heard = move |turn: u64| {
        let at = MORNING.plus_ms(APART_MS * i64::try_from(turn).unwrap());
        // One in a hundred is not heard the last time.
        (0..movements).filter(move |n| turn + 1 < CHECKINS || n % 100 != 0).map(move |n| checkin(n, turn, at))
    };
    plans.chain((0..CHECKINS).flat_map(heard))
}

fn planned(n: u64) -> Report {
    report(id(n, 0), n, MORNING, build::planned(build::plan()))
}

fn checkin(n: u64, turn: u64, at: Stamp) -> Report {
    let mut made = build::heard(id(n, 0), CheckinKind::Scheduled, PeopleState::Safe);
    let east = 20.8 + turn as f64 / 20.0;
    made.position = Position::Gps { lat: 13.8, lon: east, accuracy: 12.0, fixed: at };
    made.note = Some("all well at the bridge".to_owned());
    report(id(n, turn + 1), n, at, Body::CheckinMade(made))
}

fn report(id: EventId, n: u64, at: Stamp, body: Body) -> Report {
    Report {
        id,
        digest: Digest::of_bytes(&[]),
        by: By { user: UserId(format!("u{n:020}")), name: "Idriss Mahamat".to_owned(), at },
        body,
        received: Some(at.plus_ms(5_000)),
        told: true,
        exercise: false,
        protected: false,
        pack: "builtin@1".into(),
    }
}

fn id(movement: u64, record: u64) -> EventId {
    let mut random = [0; 10];
    random[..8].copy_from_slice(&movement.to_be_bytes());
    random[8..].copy_from_slice(&u16::try_from(record).unwrap().to_be_bytes());
    EventId::new(u64::try_from(MORNING.0).unwrap(), random)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The most memory this process has had at once; 0 where the system does not tell.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1_024
}
