//! A phone with one or two tabs over one disk: what the app's courier does, without a browser.

use std::collections::{BTreeSet, VecDeque};

use super::super::block_on;
use super::super::memory_store::MemoryStore;
use crate::backend::{NoResponse, Request, Response, reference};
use crate::event::Stamp;
use crate::sync::{
    BatchLimit, Command, FlightId, Input, LocalStore, Mode, PullCommand, PullInput, PullState, Queued, State,
    Wake, pull_step, step,
};

/// Something under way between a tab and the world.
#[derive(Debug, Clone)]
pub enum Pending {
    Records {
        flight: FlightId,
        request: Request,
    },
    Feed {
        request: Request,
    },
    /// The store was asked; the answer comes when the scheduler says so.
    Load {
        limit: BatchLimit,
        passing_over: BTreeSet<crate::event::EventId>,
    },
    Settle(Box<crate::sync::Settlement>),
    Apply(Box<crate::sync::FeedPage>),
    Adopt(crate::sync::Epoch),
}

impl Pending {
    pub fn is_request(&self) -> bool {
        matches!(self, Self::Records { .. } | Self::Feed { .. })
    }
}

#[derive(Debug, Default)]
pub struct Tab {
    pub state: State,
    pub pull: PullState,
    loaded: Vec<Queued>,
    pub holds_lock: bool,
    pub wants_lock: bool,
    pub pending: VecDeque<Pending>,
    /// Timers run by a clock that nobody puts back.
    pub outbox_timer: Option<Stamp>,
    pub pull_timer: Option<Stamp>,
}

impl Tab {
    /// Whether nothing is under way and nothing will happen by itself.
    pub fn rests(&self) -> bool {
        let waits = matches!(self.state.mode(), Mode::Waiting(_)) || self.pull.is_waiting();
        self.pending.is_empty() && !waits
    }
}

#[derive(Debug)]
pub struct Phone {
    pub store: MemoryStore,
    pub tabs: Vec<Tab>,
    /// Milliseconds that this phone's clock is ahead of the server's.
    pub clock_error: i64,
    /// The time in the world.
    pub world: Stamp,
}

impl Phone {
    pub fn clock(&self, now: Stamp) -> Stamp {
        now.plus_ms(self.clock_error)
    }

    /// The tab dies, and with it all that was under way; the disk stays.
    pub fn kill(&mut self, tab: usize) {
        self.tabs[tab] = Tab::default();
    }

    pub fn wake(&mut self, tab: usize, why: Wake, now: Stamp) {
        let now = self.clock(now);
        self.input(tab, Input::Wake { why, now });
        if !matches!(why, Wake::Saved { .. }) {
            self.pull_input(tab, PullInput::Wake { now });
        }
    }

    pub fn input(&mut self, at: usize, input: Input) {
        let tab = &mut self.tabs[at];
        let (state, commands) = step(std::mem::take(&mut tab.state), input);
        tab.state = state;
        for command in commands {
            self.perform(at, command);
        }
    }

    fn perform(&mut self, at: usize, command: Command) {
        let tab = &mut self.tabs[at];
        match command {
            Command::Load { limit, passing_over } => {
                tab.wants_lock = true;
                tab.pending.push_back(Pending::Load { limit, passing_over });
            }
            Command::Send { flight, ids } => {
                let mut batch = std::mem::take(&mut tab.loaded);
                batch.retain(|queued| ids.contains(&queued.entry.id));
                let session = block_on(self.store.meta()).unwrap_or_default().session;
                if let Some(session) = session {
                    let request = reference::send(&session, &batch, Stamp(0));
                    tab.pending.push_back(Pending::Records { flight, request });
                }
            }
            Command::Abort { flight } => {
                let ours =
                    |pending: &Pending| matches!(pending, Pending::Records { flight: f, .. } if *f == flight);
                tab.pending.retain(|pending| !ours(pending));
                let answer = reference::read_send(Err(NoResponse::Aborted), Stamp(0));
                self.input(at, Input::Answered { flight, answer, now: Stamp(0), took_ms: 0, jitter: 0 });
            }
            Command::Settle(settlement) => tab.pending.push_back(Pending::Settle(Box::new(settlement))),
            Command::Release => {
                tab.holds_lock = false;
                tab.wants_lock = false;
            }
            Command::WakeAt(stamp) => {
                tab.outbox_timer = Some(stamp.plus_ms(-self.clock_error).max(self.world));
            }
        }
    }

    pub fn pull_input(&mut self, at: usize, input: PullInput) {
        let tab = &mut self.tabs[at];
        let (pull, commands) = pull_step(std::mem::take(&mut tab.pull), input);
        tab.pull = pull;
        for command in commands {
            self.perform_pull(at, command);
        }
    }

    fn perform_pull(&mut self, at: usize, command: PullCommand) {
        let meta = block_on(self.store.meta()).unwrap_or_default();
        let tab = &mut self.tabs[at];
        match command {
            PullCommand::Fetch => {
                if let Some(session) = &meta.session {
                    tab.pending.push_back(Pending::Feed { request: reference::feed(session, &meta) });
                }
            }
            PullCommand::Apply(page) => tab.pending.push_back(Pending::Apply(Box::new(page))),
            PullCommand::AdoptEpoch(epoch) => tab.pending.push_back(Pending::Adopt(epoch)),
            PullCommand::WakeAt(stamp) => {
                tab.pull_timer = Some(stamp.plus_ms(-self.clock_error).max(self.world));
            }
        }
    }

    /// The answer to a request, or that there is none.
    pub fn answer(
        &mut self,
        at: usize,
        pending: &Pending,
        reply: Result<Response, NoResponse>,
        now: Stamp,
        jitter: u32,
    ) {
        let now = self.clock(now);
        match pending {
            Pending::Records { flight, .. } => {
                let answer = reference::read_send(reply, now);
                self.input(at, Input::Answered { flight: *flight, answer, now, took_ms: 100, jitter });
            }
            Pending::Feed { .. } => {
                let answer = reference::read_feed(reply, now);
                self.pull_input(at, PullInput::Answered { answer, now, jitter });
            }
            _ => {}
        }
    }

    /// Lets a request to the store have its answer.
    pub fn do_store_work(&mut self, at: usize, pending: Pending, now: Stamp, jitter: u32) {
        let now = self.clock(now);
        match pending {
            Pending::Load { limit, passing_over } => match block_on(self.store.head(limit, &passing_over)) {
                Ok(queued) => {
                    let entries = queued.iter().map(|queued| queued.entry.clone()).collect();
                    self.tabs[at].loaded = queued;
                    self.input(at, Input::Loaded { entries, now });
                }
                Err(_) => self.input(at, Input::StoreFailed { now, jitter }),
            },
            Pending::Settle(settlement) => match block_on(self.store.settle(&settlement)) {
                Ok(()) => self.input(at, Input::Settled { now }),
                Err(_) => self.input(at, Input::StoreFailed { now, jitter }),
            },
            Pending::Apply(page) => match block_on(self.store.apply(&page)) {
                Ok(_) => self.pull_input(at, PullInput::Stored { more: page.more }),
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::Adopt(epoch) => match block_on(self.store.adopt_epoch(&epoch)) {
                Ok(_) => {
                    self.pull_input(at, PullInput::Stored { more: true });
                    self.input(at, Input::Wake { why: Wake::Background, now });
                }
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::Records { .. } | Pending::Feed { .. } => {}
        }
    }
}
