//! The seeded simulator: phones, tabs, a network and a server that fail in every way we know of, one step at a time.
//!
//! After every step the promise is checked: a record that was said to be saved is in exactly one of three places, the
//! phone's outbox, its refused list, or a backend that has acknowledged it by name and digest. When the faults end,
//! everything must arrive, once, and be confirmed.

#![allow(clippy::panic, clippy::missing_panics_doc)] // a test

mod phone;
mod world;

pub use world::{Report, World};

/// Runs one seed to its end and says what happened on the way.
///
/// # Panics
/// When a promise is broken; the message names the seed and the step.
pub fn run(seed: u64, steps: usize) -> Report {
    let mut world = World::new(seed);
    for _ in 0..steps {
        world.step();
    }
    world.heal();
    world.report()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `WAYMARK_SEEDS` asks for more.
    fn seeds() -> u64 {
        std::env::var("WAYMARK_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(1_000)
    }

    #[test]
    fn nothing_is_lost_and_nothing_is_double_under_any_fault() {
        let mut total = Report::default();
        for seed in 0..seeds() {
            total.add(&run(seed, 400));
        }
        println!("{total:?}");
        // A simulator in which nothing goes wrong would prove nothing.
        for (what, count) in total.faults() {
            assert!(count > 0, "no seed ever met: {what}");
        }
        assert!(total.confirmed > 0 && total.refused > 0);
    }
}
