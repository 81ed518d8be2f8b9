//! Makes a failing schedule small: delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
//! Input", 2002), then each step that is left is made as plain as it can be.

use super::schedule::{Act, Kept, Network, Note, Schedule, Step};

/// The smallest schedule found that still fails; `fails` is asked of each that is tried. No step of it can be left out.
pub fn shrink(schedule: Schedule, fails: impl Fn(&Schedule) -> bool) -> Schedule {
    let mut best = schedule;
    loop {
        let before = best.clone();
        best = without_chunks(best, &fails);
        best = plainer(best, &fails);
        if best == before {
            return best;
        }
    }
}

fn without_chunks(mut best: Schedule, fails: &impl Fn(&Schedule) -> bool) -> Schedule {
    let mut size = best.0.len().div_ceil(2);
    while size > 0 {
        let mut removed = false;
        let mut end = best.0.len();
        while end > 0 {
            let start = end.saturating_sub(size);
            let mut fewer = best.clone();
            fewer.0.drain(start..end);
            if fails(&fewer) {
                best = fewer;
                removed = true;
            }
            end = start;
        }
        // What could not go before may go now that others are gone.
        if !(removed && size == 1) {
            size /= 2;
        }
    }
    best
}

fn plainer(mut best: Schedule, fails: &impl Fn(&Schedule) -> bool) -> Schedule {
    for at in 0..best.0.len() {
        for change in PLAINER {
            let mut other = best.clone();
            change(&mut other.0[at]);
            if other != best && fails(&other) {
                best = other;
            }
        }
    }
    best
}

/// Each makes a step plainer or leaves it alone, so that shrinking ends.
const PLAINER: [fn(&mut Step); 7] = [
    |step| step.after_ms = 0,
    |step| step.tab = 0,
    |step| match &mut step.act {
        Act::Go { pick, .. }
        | Act::Confirm(pick)
        | Act::Retry(pick)
        | Act::Deliver(pick)
        | Act::Restore(pick) => {
            *pick = 0;
        }
        _ => {}
    },
    |step| {
        if let Act::Go { jitter, .. } = &mut step.act {
            *jitter = 0;
        }
    },
    |step| {
        if let Act::Go { network, .. } = &mut step.act {
            *network = Network::Well;
        }
    },
    |step| {
        if let Act::Save(note) = &mut step.act {
            *note = Note::Fine;
        }
    },
    |step| {
        if let Act::Mirror(_, kept @ Kept::Must) = &mut step.act {
            *kept = Kept::Beside;
        }
    },
];

#[cfg(test)]
mod tests {
    use super::super::generate::generate;
    use super::*;

    /// Fails if a tab is killed some time after a save; the two that are left are the plainest of their kind.
    #[test]
    fn what_does_not_matter_is_left_out() {
        let fails = |schedule: &Schedule| {
            let saved = schedule.0.iter().position(|step| matches!(step.act, Act::Save(_)));
            let after = saved.map_or(&[][..], |at| &schedule.0[at..]);
            after.iter().any(|step| step.act == Act::Kill)
        };
        let seed = (0..500).find(|seed| fails(&generate(*seed))).unwrap();
        let small = shrink(generate(seed), fails);
        let acts: Vec<Act> = small.0.iter().map(|step| step.act).collect();
        assert_eq!(acts, [Act::Save(Note::Fine), Act::Kill]);
        assert!(small.0.iter().all(|step| step.after_ms == 0 && step.tab == 0), "{small}");
    }
}
