//! What a check is, and what can come of it.

use futures_util::future::BoxFuture;
use serde::Serialize;

use super::bench::Bench;

/// What a check ends with.
pub type Outcome = Result<(), Miss>;

/// One point of the protocol.
pub struct Check {
    /// Stable: scripts may rely on it.
    pub name: &'static str,
    /// The sentence of docs/SYNC-PROTOCOL.md that it holds a backend to.
    pub sentence: &'static str,
    pub(super) run: for<'a> fn(&'a Bench) -> BoxFuture<'a, Outcome>,
}

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub enum Miss {
    Failed(Box<Fault>),
    NotApplicable(String),
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub sent: String,
    pub expected: String,
    pub came: String,
}

impl Miss {
    pub fn failed(sent: impl Into<String>, expected: impl Into<String>, came: impl Into<String>) -> Self {
        Self::Failed(Box::new(Fault { sent: sent.into(), expected: expected.into(), came: came.into() }))
    }

    pub fn not_applicable(why: impl Into<String>) -> Self {
        Self::NotApplicable(why.into())
    }
}
