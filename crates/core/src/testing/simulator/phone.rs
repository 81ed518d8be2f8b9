//! A phone with one or two tabs over one disk: what the app's courier does, without a browser.

use std::collections::{BTreeSet, VecDeque};

use super::super::block_on;
use super::super::memory_store::MemoryStore;
use super::flaw::{self, Flaw};
use crate::backend::{NoResponse, Request, Response, reference};
use crate::event::{Event, EventId, Stamp, Unsaved};
use crate::rules::Role;
use crate::sync::{
    Answer, BatchLimit, Command, Epoch, FeedAnswer, FlightId, Input, LocalStore, Mode, PullCommand,
    PullInput, PullState, Queued, Session, Settlement, State, StoreError, To, Wake, pull_step, step,
};
use crate::testing::build;
use crate::testing::model_server::ORG;

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
        passing_over: BTreeSet<EventId>,
    },
    Settle(Box<Settlement>),
    Apply(Box<crate::sync::FeedPage>),
    Adopt(Epoch),
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
    pub tabs: [Tab; 2],
    /// Milliseconds that this phone's clock is ahead of the server's.
    pub clock_error: i64,
    /// The time in the world.
    pub world: Stamp,
    /// What the store did not confirm, and so stands in the form still.
    pub form: Option<Unsaved>,
    /// Requests that nobody waits for any more; each may still reach the server.
    pub given_up: Vec<Request>,
    /// Records that lost their place in the order on purpose: others went before them.
    pub passed_over: BTreeSet<EventId>,
    flaw: Option<Flaw>,
}

impl Phone {
    /// Enrolled, with nothing on it.
    pub fn new(device: &str, role: Role, flaw: Option<Flaw>) -> Self {
        let store = MemoryStore::default();
        let session = Session {
            org: ORG.into(),
            org_name: "Acme".into(),
            user: device.into(),
            name: device.into(),
            role,
            areas: vec![],
            device: device.into(),
            token: device.into(),
        };
        // Nothing can fail yet.
        let _ = block_on(store.sign_in(&session));
        let _ = block_on(store.learn_clock(0));
        Self {
            store,
            tabs: Default::default(),
            clock_error: 0,
            world: build::MORNING,
            form: None,
            given_up: vec![],
            passed_over: BTreeSet::new(),
            flaw,
        }
    }

    pub fn clock(&self, now: Stamp) -> Stamp {
        now.plus_ms(self.clock_error)
    }

    fn is(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// The tab dies, and with it all that was under way; the disk stays, and so does what is on its way.
    pub fn kill(&mut self, tab: usize) {
        if self.is(Flaw::ReusesNumbers) {
            self.store.tamper(|disk| disk.devseq = 0);
        }
        for pending in std::mem::take(&mut self.tabs[tab]).pending {
            self.give_up(pending);
        }
    }

    /// Nobody waits for this any more.
    pub fn give_up(&mut self, pending: Pending) {
        if let Pending::Records { request, .. } = pending {
            self.given_up.push(request);
        }
    }

    pub fn wake(&mut self, tab: usize, why: Wake, now: Stamp) {
        let now = self.clock(now);
        if why == Wake::SignedIn && self.is(Flaw::StaysPaused) && *self.tabs[tab].state.mode() == Mode::Paused
        {
            return;
        }
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
        let (clock, backwards) = (self.clock(self.world), self.is(Flaw::SendsBackwards));
        let tab = &mut self.tabs[at];
        match command {
            Command::Load { limit, passing_over } => {
                self.passed_over.extend(&passing_over);
                tab.pending.push_back(Pending::Load { limit, passing_over });
            }
            Command::Send { flight, ids } => {
                let mut batch = std::mem::take(&mut tab.loaded);
                batch.retain(|queued| ids.contains(&queued.entry.id));
                if backwards {
                    batch.reverse();
                }
                let session = block_on(self.store.meta()).unwrap_or_default().session;
                if let Some(session) = session {
                    let request = reference::send(&session, &batch, clock);
                    tab.pending.push_back(Pending::Records { flight, request });
                }
            }
            Command::Abort { flight } => {
                let ours =
                    |pending: &Pending| matches!(pending, Pending::Records { flight: f, .. } if *f == flight);
                let (aborted, rest): (VecDeque<_>, VecDeque<_>) =
                    std::mem::take(&mut tab.pending).into_iter().partition(ours);
                tab.pending = rest;
                for pending in aborted {
                    self.give_up(pending);
                }
                let answer = reference::read_send(Err(NoResponse::Aborted), Stamp(0));
                self.input(at, Input::Answered { flight, answer, now: Stamp(0), took_ms: 0, jitter: 0 });
            }
            Command::Settle(settlement) => tab.pending.push_back(Pending::Settle(Box::new(settlement))),
            Command::Release => tab.holds_lock = false,
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

    /// The answer to a request, or that there is none; `took_ms` after it was sent.
    #[allow(clippy::panic)] // that is the flaw
    pub fn answer(
        &mut self,
        at: usize,
        pending: &Pending,
        reply: Result<Response, NoResponse>,
        took_ms: i64,
        jitter: u32,
    ) {
        let now = self.clock(self.world);
        let is_page =
            reply.as_ref().is_ok_and(|reply| reply.status == 200 && reply.content_type == "text/html");
        assert!(!(is_page && self.is(Flaw::Panics)), "a flaw");
        match pending {
            Pending::Records { flight, request } => {
                let mut answer = reference::read_send(reply, now);
                if is_page && self.is(Flaw::BelievesPortals) {
                    let epoch = block_on(self.store.meta()).unwrap_or_default().epoch;
                    answer = super::network::receipts_for(request, epoch, now);
                }
                if matches!(answer, Answer::Receipts(_)) {
                    self.learn_clock();
                }
                self.input(at, Input::Answered { flight: *flight, answer, now, took_ms, jitter });
            }
            Pending::Feed { .. } => {
                let answer = reference::read_feed(reply, now);
                if matches!(answer, FeedAnswer::Page(_)) {
                    self.learn_clock();
                }
                self.pull_input(at, PullInput::Answered { answer, now, jitter });
            }
            _ => {}
        }
    }

    /// The backend told its time.
    fn learn_clock(&self) {
        let offset = -self.clock_error;
        if block_on(self.store.meta()).unwrap_or_default().clockoffset != Some(offset) {
            // Told again with the next answer.
            let _ = block_on(self.store.learn_clock(offset));
        }
    }

    /// Lets a request to the store have its answer.
    pub fn do_store_work(&mut self, at: usize, pending: Pending, now: Stamp, jitter: u32) {
        let now = self.clock(now);
        match pending {
            Pending::Load { limit, passing_over } => {
                match block_on(self.store.head(To::HOME, limit, &passing_over)) {
                    Ok(queued) => {
                        let entries = queued.iter().map(|queued| queued.entry.clone()).collect();
                        self.tabs[at].loaded = queued;
                        self.input(at, Input::Loaded { entries, now });
                    }
                    Err(_) => self.input(at, Input::StoreFailed { now, jitter }),
                }
            }
            Pending::Settle(settlement) => match self.settle(&settlement) {
                Ok(()) => self.input(at, Input::Settled { now }),
                Err(_) => self.input(at, Input::StoreFailed { now, jitter }),
            },
            Pending::Apply(page) => match block_on(self.store.apply(&page)) {
                Ok(_) => {
                    if self.is(Flaw::ForgetsWhoWaits) {
                        flaw::forget_who_waits(&self.store);
                    }
                    self.pull_input(at, PullInput::Stored { more: page.more || self.is(Flaw::NeverRests) });
                }
                Err(_) if self.is(Flaw::SkipsPages) => {
                    self.store.tamper(|disk| _ = disk.meta.read_to(&page));
                    self.pull_input(at, PullInput::Stored { more: page.more });
                }
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::Adopt(epoch) => match self.adopt(&epoch) {
                Ok(()) => {
                    self.pull_input(at, PullInput::Stored { more: true });
                    self.input(at, Input::Wake { why: Wake::Background, now });
                }
                Err(_) => self.pull_input(at, PullInput::StoreFailed { now, jitter }),
            },
            Pending::Records { .. } | Pending::Feed { .. } => {}
        }
    }

    fn settle(&self, settlement: &Settlement) -> Result<(), StoreError> {
        if let (true, Some(epoch)) = (self.is(Flaw::ForgetsRestores), &settlement.epoch) {
            flaw::forget_restore(&self.store, epoch);
        }
        block_on(self.store.settle(To::HOME, settlement))?;
        if self.is(Flaw::RewritesTimes) {
            flaw::rewrite_times(&self.store, settlement);
        }
        if self.is(Flaw::KeepsRefused) {
            flaw::keep_refused(&self.store, settlement);
        }
        Ok(())
    }

    fn adopt(&self, epoch: &Epoch) -> Result<(), StoreError> {
        if self.is(Flaw::ForgetsRestores) {
            flaw::forget_restore(&self.store, epoch);
        }
        block_on(self.store.adopt_epoch(To::HOME, epoch)).map(drop)
    }

    /// Writes it down as the app does. What the store does not confirm stands in the form still, under the same id.
    pub fn save(&mut self, unsaved: Unsaved) -> Option<Event> {
        let saved = block_on(self.store.save(unsaved.clone(), None));
        if self.is(Flaw::SavesTwice) && self.form.as_ref().is_some_and(|form| form.id == unsaved.id) {
            flaw::enter_twice(&self.store, unsaved.id);
        }
        match saved {
            Ok(event) => {
                self.form = None;
                Some(event)
            }
            Err(_) if self.is(Flaw::SaysSavedTooSoon) => {
                let devseq = self.store.look(|disk| disk.devseq) + 1;
                Some(unsaved.into_event(devseq))
            }
            Err(_) => {
                self.form = Some(unsaved);
                None
            }
        }
    }
}
