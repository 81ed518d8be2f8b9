//! The seeded simulator: three phones and two managers, two tabs each, a network and a server that fail in every way we
//! know of, one step at a time.
//!
//! A seed gives a [`Schedule`], a schedule gives a run. After every step the promise is checked: a record is in exactly
//! one of three places, the phone's outbox, its refused list, or a backend that has acknowledged it by name and digest;
//! nothing is twice; what a phone wrote keeps its order. When the faults end, everything must arrive, be confirmed, and
//! be the same on every phone that may see it. A schedule that fails is made small and printed; its text runs again.

mod flaw;
mod generate;
mod heal;
mod line;
mod names;
mod network;
mod phone;
mod places;
mod promises;
mod report;
mod schedule;
mod shrink;
mod tab;
#[cfg(test)]
mod tests;
mod world;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use flaw::Flaw;
pub use generate::generate;
pub use places::{Condition, Place};
pub use report::{Broken, Promise, Report};
pub use schedule::{Act, Clock, Kept, Network, NotAStep, Note, Schedule, Step};
pub use shrink::shrink;

use world::World;

/// Runs a schedule, perhaps with something broken on purpose, and says what happened on the way.
///
/// # Errors
/// The first promise that was broken.
pub fn run(schedule: &Schedule, flaw: Option<Flaw>) -> Result<Report, Broken> {
    let mut world = World::new(flaw);
    let ran = catch_unwind(AssertUnwindSafe(|| world.run(schedule)));
    let steps = world.steps;
    match ran {
        Ok(kept) => kept.map(|()| world.into_report()),
        Err(panic) => Err(Broken { promise: Promise::NoPanic, steps, words: words_of(panic.as_ref()) }),
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// The smallest schedule found that breaks the same promise as this one, and what it breaks.
pub fn smallest(schedule: &Schedule, broken: Broken, flaw: Option<Flaw>) -> (Schedule, Broken) {
    let same = |other: &Schedule| run(other, flaw).is_err_and(|found| found.promise == broken.promise);
    let mut cut = schedule.clone();
    cut.0.truncate(broken.steps);
    let small = shrink(if same(&cut) { cut } else { schedule.clone() }, same);
    let found = run(&small, flaw).err().unwrap_or(broken);
    (small, found)
}

/// Runs the schedule of a seed.
///
/// # Errors
/// If a promise was broken: what, and the smallest schedule found that breaks it, as text to be run again.
pub fn run_seed(seed: u64) -> Result<Report, String> {
    let schedule = generate(seed);
    run(&schedule, None).map_err(|broken| {
        let (small, found) = smallest(&schedule, broken, None);
        format!("seed {seed}: {found}\nThe smallest schedule that breaks it:\n{small}")
    })
}
