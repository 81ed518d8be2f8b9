//! The checks, by what they are about. Each writes its own records, so that any can be made alone.

mod batches;
mod clocks;
mod enrolment;
mod errors;
mod feeds;
mod judgement;
mod packs;
mod photos;
mod receipts;
mod sight;
mod streams;
mod words;

use super::check::Check;

/// All checks, in the order in which they are made.
pub fn all() -> Vec<Check> {
    let groups = [
        enrolment::checks(),
        receipts::checks(),
        judgement::checks(),
        words::checks(),
        batches::checks(),
        errors::checks(),
        clocks::checks(),
        feeds::checks(),
        sight::checks(),
        streams::checks(),
        photos::checks(),
        packs::checks(),
        // What it does may keep the others out.
        enrolment::last(),
    ];
    groups.into_iter().flatten().collect()
}

/// A group of checks: what each is called, the function that makes it, and the sentence.
macro_rules! group {
    ($($name:literal $run:ident $sentence:literal)+) => {
        vec![$($crate::conformance::check::Check {
            name: $name,
            sentence: $sentence,
            run: |bench| Box::pin($run(bench)),
        }),+]
    };
}

use group;
