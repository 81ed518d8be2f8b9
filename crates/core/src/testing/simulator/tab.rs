//! A tab: what it holds in memory, which dies with it.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

use super::line::{Line, redirected};
use super::places::Place;
use crate::backend::{Request, Talk};
use crate::event::{EventId, Stamp};
use crate::sync::{
    Answer, BatchLimit, Epoch, FeedPage, FlightId, Meta, PullState, Queued, Reader, Settlement,
};

/// Something under way between a tab and the world.
#[derive(Debug)]
pub enum Pending {
    Records {
        line: u32,
        flight: FlightId,
        request: Request,
        talk: Dialogue,
    },
    Feed {
        request: Request,
    },
    /// The store was asked; the answer comes when the scheduler says so.
    Load {
        line: u32,
        limit: BatchLimit,
        passing_over: BTreeSet<EventId>,
        /// What the store has told of it so far, where that takes two questions: a flaw, as other tabs write in between.
        told: Option<Told>,
    },
    Settle {
        line: u32,
        settlement: Box<Settlement>,
    },
    Apply(Box<FeedPage>),
    Adopt(Epoch),
    /// The other of these two, whose reader has been looked at in a transaction of its own: that is a flaw.
    LookedAt(Box<Pending>),
    /// The other tab has changed where records go, and its word is on its way.
    Hear,
}

/// One of two answers of the store.
#[derive(Debug)]
pub enum Told {
    /// See [`super::flaw::Flaw::JudgesByTheFuture`].
    Queued(Vec<Queued>),
    /// See [`super::flaw::Flaw::JudgesByThePast`].
    Meta(Box<Meta>),
}

/// What is said to and fro about a batch.
pub struct Dialogue(pub Talk<Answer>);

impl fmt::Debug for Dialogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dialogue")
    }
}

impl Pending {
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Records { .. } | Self::Feed { .. })
    }

    /// Which line it belongs to, if it does to one.
    pub fn line(&self) -> Option<u32> {
        match self {
            Self::Records { line, .. } | Self::Load { line, .. } | Self::Settle { line, .. } => Some(*line),
            Self::Feed { .. } | Self::Apply(_) | Self::Adopt(_) | Self::LookedAt(_) | Self::Hear => None,
        }
    }
}

#[derive(Debug, Default)]
pub struct Tab {
    /// The home's comes first.
    pub lines: Vec<Line>,
    pub last_line: u32,
    pub pull: PullState,
    pub asked: Option<Reader>,
    pub pending: VecDeque<Pending>,
    /// Timers run by a clock that nobody puts back.
    pub pull_timer: Option<Stamp>,
}

impl Tab {
    /// Just opened, over what the store says.
    pub fn open(meta: &Meta) -> Self {
        let mut tab = Self::default();
        (tab.lines, _) = redirected(vec![], meta, &mut tab.last_line);
        tab
    }

    pub fn line(&mut self, id: u32) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.id == id)
    }

    /// Whether nothing is under way, and nothing will happen by itself, but for places of which nothing is expected.
    pub fn rests(&self, expected: &impl Fn(Place) -> bool) -> bool {
        let of_expected = |id: u32| self.lines.iter().any(|line| line.id == id && expected(line.place()));
        let busy = self.pending.iter().any(|pending| pending.line().is_none_or(of_expected));
        let waits = self.lines.iter().any(|line| expected(line.place()) && line.waits());
        !busy && !waits && !self.pull.is_waiting()
    }

    pub fn next_timer(&self) -> Option<Stamp> {
        self.lines.iter().map(|line| line.timer).chain([self.pull_timer]).flatten().min()
    }
}
