//! The simulator over many seeds, on all cores.
//!
//! `cargo run --profile release-native -p waymark-core --example simulator -- [seeds] [first seed]`. Ends with 1 at the first
//! seed that breaks a promise, with the smallest schedule that does so.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss)]

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use waymark_core::testing::simulator::{Report, run_seed};

/// Seeds that a thread takes at once.
const CHUNK: u64 = 64;
const PROGRESS: Duration = Duration::from_secs(10);

/// What all threads share.
struct Work {
    next: AtomicU64,
    end: u64,
    broken: AtomicBool,
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().expect("a number"));
    let seeds: u64 = numbers.next().unwrap_or(100_000);
    let first: u64 = numbers.next().unwrap_or(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = Work { next: AtomicU64::new(first), end: first + seeds, broken: AtomicBool::new(false) };
    let load = load();
    let begun = Instant::now();
    let (total, broken) = thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| take_seeds(&work))).collect();
        scope.spawn(|| show_progress(&work, first, begun));
        let mut total = Report::default();
        let mut broken = vec![];
        for thread in running {
            let (report, words) = thread.join().expect("a thread that ends");
            total.add(&report);
            broken.extend(words);
        }
        // For the one that shows progress.
        work.next.store(work.end, Ordering::Relaxed);
        (total, broken)
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!("| Seeds | Steps | Records | Threads | Time, s | Seeds/s | Steps/s | Load, before and after |");
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    let (per_second, steps) = (total.seeds as f64 / seconds, total.steps as f64 / seconds);
    println!(
        "| {} | {} | {} | {threads} | {seconds:.0} | {per_second:.0} | {steps:.0} | {load}, {} |",
        total.seeds,
        total.steps,
        total.saved,
        self::load()
    );
    for (fault, count) in total.faults() {
        println!("{fault}: {count}");
    }
    for words in &broken {
        println!("\n{words}");
    }
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn take_seeds(work: &Work) -> (Report, Option<String>) {
    let mut total = Report::default();
    while !work.broken.load(Ordering::Relaxed) {
        let start = work.next.fetch_add(CHUNK, Ordering::Relaxed);
        for seed in start..(start + CHUNK).min(work.end) {
            match run_seed(seed) {
                Ok(report) => total.add(&report),
                Err(words) => {
                    work.broken.store(true, Ordering::Relaxed);
                    return (total, Some(words));
                }
            }
        }
        if start >= work.end {
            break;
        }
    }
    (total, None)
}

fn show_progress(work: &Work, first: u64, begun: Instant) {
    let mut shown = Instant::now();
    loop {
        thread::sleep(Duration::from_millis(50));
        let next = work.next.load(Ordering::Relaxed);
        if next >= work.end || work.broken.load(Ordering::Relaxed) {
            return;
        }
        if shown.elapsed() >= PROGRESS {
            shown = Instant::now();
            let (done, all) = (next - first, work.end - first);
            let left = begun.elapsed().as_secs_f64() * (all - done) as f64 / done.max(1) as f64;
            eprintln!("{done} of {all} seeds, {left:.0} s left");
        }
    }
}

/// The system's load of the last minute; empty where it does not tell.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or_default().to_owned()
}
