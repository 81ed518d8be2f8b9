//! What came of the checks.

use serde::Serialize;

use super::check::{Check, Fault, Miss, Outcome};

/// All checks that were made, in order.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    pub checks: Vec<Line>,
}

/// One check and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    pub name: &'static str,
    pub sentence: &'static str,
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Verdict {
    Passed,
    Failed(Fault),
    NotApplicable { why: String },
}

impl Report {
    pub(super) fn add(&mut self, check: &Check, outcome: Outcome) {
        let verdict = match outcome {
            Ok(()) => Verdict::Passed,
            Err(Miss::Failed(fault)) => Verdict::Failed(*fault),
            Err(Miss::NotApplicable(why)) => Verdict::NotApplicable { why },
        };
        self.checks.push(Line { name: check.name, sentence: check.sentence, verdict });
    }

    /// The names of those that failed.
    pub fn failed(&self) -> Vec<&'static str> {
        self.named(|verdict| matches!(verdict, Verdict::Failed(_)))
    }

    /// The names of those that could not be made.
    pub fn not_applicable(&self) -> Vec<&'static str> {
        self.named(|verdict| matches!(verdict, Verdict::NotApplicable { .. }))
    }

    fn named(&self, of: impl Fn(&Verdict) -> bool) -> Vec<&'static str> {
        self.checks.iter().filter(|line| of(&line.verdict)).map(|line| line.name).collect()
    }
}
