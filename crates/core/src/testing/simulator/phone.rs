//! A phone with one or two tabs over one disk: what the app's courier does, without a browser.

mod store_work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::block_on;
use super::super::memory_store::MemoryStore;
use super::flaw::{self, Flaw};
use super::line::{Line, redirected};
use super::places::Place;
use super::tab::{Dialogue, Pending, Tab};
use crate::backend::{NoResponse, Request, Response, Talk, Turn, deliver, fetch, reference};
use crate::event::{EventId, Stamp, Unsaved};
use crate::rules::Role;
use crate::sync::{
    Answer, Command, FeedAnswer, FlightId, Footing, Input, LocalStore, Meta, Mode, PullCommand, PullInput,
    Session, To, Wake, pull_step, step,
};
use crate::testing::build;
use crate::testing::model_server::ORG;

/// Where a person wants records to go: the home, and for each mirror whether it must have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    pub home: Place,
    pub mirrors: BTreeMap<Place, bool>,
}

impl Chosen {
    pub fn places(&self) -> BTreeSet<Place> {
        self.mirrors.keys().copied().chain([self.home]).collect()
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
    pub chosen: Chosen,
    /// What the store did not confirm, and so stands in the form still.
    pub form: Option<Unsaved>,
    /// Requests that nobody waits for any more; each may still arrive.
    pub given_up: Vec<Request>,
    /// Records that lost their place in the order on purpose: others went there before them.
    pub passed_over: BTreeSet<(Place, EventId)>,
    flaw: Option<Flaw>,
    /// See [`Flaw::LooksThenApplies`].
    looked: bool,
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
        let meta = block_on(store.meta()).unwrap_or_default();
        Self {
            store,
            tabs: [Tab::open(&meta), Tab::open(&meta)],
            clock_error: 0,
            world: build::MORNING,
            chosen: Chosen { home: Place::Own, mirrors: BTreeMap::new() },
            form: None,
            given_up: vec![],
            passed_over: BTreeSet::new(),
            flaw,
            looked: false,
        }
    }

    pub fn clock(&self, now: Stamp) -> Stamp {
        now.plus_ms(self.clock_error)
    }

    pub fn is(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    pub fn meta(&self) -> Meta {
        block_on(self.store.meta()).unwrap_or_default()
    }

    /// The tab dies, and with it all that was under way; the disk stays, and so does what is on its way.
    pub fn kill(&mut self, tab: usize) {
        if self.is(Flaw::ReusesNumbers) {
            self.store.tamper(|disk| disk.devseq = 0);
        }
        let opened = Tab::open(&self.meta());
        for pending in std::mem::replace(&mut self.tabs[tab], opened).pending {
            self.give_up(pending);
        }
    }

    /// Nobody waits for this any more.
    pub fn give_up(&mut self, pending: Pending) {
        if let Pending::Records { request, .. } = pending {
            self.given_up.push(request);
        }
    }

    /// What one home has refused is not sent to another until somebody says so; a request from before may bring it there, after
    /// those that were sent without it.
    pub fn comes_late(&mut self, request: &Request) {
        let place = Place::asked(request);
        if self.chosen.mirrors.contains_key(&place) {
            return;
        }
        let refused: Vec<EventId> = self.store.look(|disk| {
            let by_home = disk.refused.keys().filter(|(_, by)| *by == To::HOME);
            by_home.map(|(id, _)| *id).filter(|id| request.text().contains(&id.to_string())).collect()
        });
        self.passed_over.extend(refused.into_iter().map(|id| (place, id)));
    }

    /// Records go elsewhere from now on; the other tab is told, some time.
    pub fn direct(&mut self, tab: usize, chosen: Chosen) {
        let destinations: Vec<_> = chosen
            .mirrors
            .iter()
            .map(|(place, must)| place.destination(*must && !self.is(Flaw::ForgetsMust)))
            .collect();
        let before = self.meta().all_to();
        let done = block_on(self.store.direct(chosen.home.as_home().as_ref(), &destinations)).is_ok();
        if self.is(Flaw::DropsWithMirror) {
            flaw::drop_with_mirror(&self.store, &before);
        }
        if self.is(Flaw::OwesNothingToNew) {
            flaw::owe_nothing_to_new(&self.store, &before);
        }
        // It may have been written, though the tab did not hear so.
        let meta = self.meta();
        if done
            || (meta.home == chosen.home.as_home()
                && meta.mirrors.iter().map(|mirror| &mirror.destination).eq(&destinations))
        {
            self.chosen = chosen;
        }
        self.redirect(tab);
        if done {
            self.tabs[1 - tab].pending.push_back(Pending::Hear);
            self.wake(tab, Wake::Tap, self.world);
        }
    }

    /// This tab goes by what the store says.
    fn redirect(&mut self, at: usize) {
        let meta = self.meta();
        self.go_by(at, &meta);
    }

    /// This tab goes by what the store said, which is `meta`. Gives the lines that begin now; nobody has woken them.
    fn go_by(&mut self, at: usize, meta: &Meta) -> Vec<u32> {
        let tab = &mut self.tabs[at];
        let last = tab.last_line;
        let (lines, ended) = redirected(std::mem::take(&mut tab.lines), meta, &mut tab.last_line);
        tab.lines = lines;
        let of_ended =
            |pending: &Pending| pending.line().is_some_and(|id| ended.iter().any(|line| line.id == id));
        let (gone, rest) = std::mem::take(&mut tab.pending).into_iter().partition(of_ended);
        tab.pending = rest;
        let gone: VecDeque<_> = gone;
        for pending in gone {
            self.give_up(pending);
        }
        (last + 1..=self.tabs[at].last_line).collect()
    }

    /// Another tab has changed where records go.
    fn give_up_line(&mut self, at: usize) {
        self.redirect(at);
        self.wake(at, Wake::Background, self.world);
    }

    /// Whether this line has to wait for its lock.
    pub fn is_locked(&self, at: usize, id: u32) -> bool {
        if self.is(Flaw::SharesALock) {
            let others = self
                .tabs
                .iter()
                .enumerate()
                .flat_map(|(tab, all)| all.lines.iter().map(move |line| (tab, line)));
            return others.filter(|(tab, line)| (*tab, line.id) != (at, id)).any(|(_, line)| line.holds_lock);
        }
        let to = self.tabs[at].lines.iter().find(|line| line.id == id).map(|line| line.to);
        self.tabs[1 - at].lines.iter().any(|line| Some(line.to) == to && line.holds_lock)
    }

    pub fn wake(&mut self, tab: usize, why: Wake, now: Stamp) {
        let now = self.clock(now);
        let ids: Vec<u32> = self.tabs[tab].lines.iter().map(|line| line.id).collect();
        for id in ids {
            let stays = why == Wake::SignedIn && self.is(Flaw::StaysPaused);
            let paused = |line: &Line| *line.state.mode() == Mode::Paused;
            if !(stays && self.tabs[tab].line(id).is_some_and(|line| paused(line))) {
                self.input(tab, id, Input::Wake { why, now });
            }
        }
        if !matches!(why, Wake::Saved { .. }) {
            self.pull_input(tab, PullInput::Wake { now });
        }
    }

    pub fn offline(&mut self, tab: usize) {
        let ids: Vec<u32> = self.tabs[tab].lines.iter().map(|line| line.id).collect();
        for id in ids {
            self.input(tab, id, Input::Offline);
        }
    }

    pub fn tick_if_due(&mut self, at: usize) {
        let (world, now) = (self.world, self.clock(self.world));
        let due = |line: &mut Line| line.timer.take_if(|due| *due <= world).map(|_| line.id);
        let ids: Vec<u32> = self.tabs[at].lines.iter_mut().filter_map(due).collect();
        for id in ids {
            self.input(at, id, Input::Tick { now });
        }
        if self.tabs[at].pull_timer.take_if(|due| *due <= world).is_some() {
            self.pull_input(at, PullInput::Tick { now });
        }
    }

    fn input(&mut self, at: usize, id: u32, input: Input) {
        let Some(line) = self.tabs[at].line(id) else { return };
        let (state, commands) = step(std::mem::take(&mut line.state), input);
        line.state = state;
        for command in commands {
            self.perform(at, id, command);
        }
    }

    fn perform(&mut self, at: usize, id: u32, command: Command) {
        let (clock, backwards, shares) =
            (self.clock(self.world), self.is(Flaw::SendsBackwards), self.is(Flaw::SharesALock));
        let (world, clock_error) = (self.world, self.clock_error);
        let tab = &mut self.tabs[at];
        let Some(line) = tab.lines.iter_mut().find(|line| line.id == id) else { return };
        match command {
            Command::Load { limit, passing_over } => {
                let place = line.place();
                self.passed_over.extend(passing_over.iter().map(|id| (place, *id)));
                tab.pending.push_back(Pending::Load { line: id, limit, passing_over, told: None });
            }
            Command::Send { flight, ids } => {
                let mut batch = std::mem::take(&mut line.loaded);
                batch.retain(|queued| ids.contains(&queued.entry.id));
                if backwards {
                    batch.reverse();
                }
                let Footing { session, epoch, clockoffset } = std::mem::take(&mut line.footing);
                let Some(session) = session else { return };
                let talk = deliver(&line.destination, &session, epoch.as_ref(), &batch, clock, clockoffset);
                self.begin(at, id, flight, talk);
            }
            Command::Abort { flight } => {
                let ours = |pending: &Pending| matches!(pending, Pending::Records { line, flight: f, .. } if (*line, *f) == (id, flight));
                let (aborted, rest): (VecDeque<_>, VecDeque<_>) =
                    std::mem::take(&mut tab.pending).into_iter().partition(ours);
                tab.pending = rest;
                for pending in aborted {
                    self.give_up(pending);
                }
                let answer = reference::read_send(Err(NoResponse::Aborted), Stamp(0));
                self.input(at, id, Input::Answered { flight, answer, now: Stamp(0), took_ms: 0, jitter: 0 });
            }
            Command::Settle(settlement) => {
                tab.pending.push_back(Pending::Settle { line: id, settlement: Box::new(settlement) });
            }
            Command::Release => {
                let stuck = line.waits() || *line.state.mode() == Mode::Paused;
                line.holds_lock &= shares && stuck;
            }
            Command::WakeAt(stamp) => line.timer = Some(stamp.plus_ms(-clock_error).max(world)),
        }
    }

    fn begin(&mut self, at: usize, line: u32, flight: FlightId, mut talk: Talk<Answer>) {
        let now = self.clock(self.world);
        match talk.open(now) {
            Turn::Ask(request) => {
                let talk = Dialogue(talk);
                self.tabs[at].pending.push_back(Pending::Records { line, flight, request, talk });
            }
            Turn::Done(answer) => {
                self.input(at, line, Input::Answered { flight, answer, now, took_ms: 0, jitter: 0 });
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
        let meta = self.meta();
        let tab = &mut self.tabs[at];
        match command {
            PullCommand::Fetch => {
                tab.asked = Some(meta.reader());
                let fetch = |session| fetch(&meta.home(), session, meta.epoch.as_ref(), &meta.cursor);
                let turn = meta.session.as_ref().and_then(fetch).map(|mut talk| talk.open(self.world));
                if let Some(Turn::Ask(request)) = turn {
                    tab.pending.push_back(Pending::Feed { request });
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
        pending: Pending,
        reply: Result<Response, NoResponse>,
        took_ms: i64,
        jitter: u32,
    ) {
        let now = self.clock(self.world);
        let is_page =
            reply.as_ref().is_ok_and(|reply| reply.status == 200 && reply.content_type == "text/html");
        assert!(!(is_page && self.is(Flaw::Panics)), "a flaw");
        match pending {
            Pending::Records { line, flight, request, mut talk } => {
                let answer = match talk.0.reply(reply, now) {
                    Turn::Done(answer) => answer,
                    Turn::Ask(request) => {
                        let next = Pending::Records { line, flight, request, talk };
                        return self.tabs[at].pending.push_back(next);
                    }
                };
                let answer = if is_page && self.is(Flaw::BelievesPortals) {
                    let to = self.tabs[at].line(line).map(|line| line.to).unwrap_or_default();
                    let epoch = self.meta().epoch_of(to).cloned();
                    super::network::receipts_for(&request, epoch, now)
                } else {
                    answer
                };
                if matches!(answer, Answer::Receipts(_)) && Place::asked(&request) != Place::Hook {
                    self.learn_clock();
                }
                self.input(at, line, Input::Answered { flight, answer, now, took_ms, jitter });
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
        if self.meta().clockoffset != Some(offset) {
            // Told again with the next answer.
            let _ = block_on(self.store.learn_clock(offset));
        }
    }
}
