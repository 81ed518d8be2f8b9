//! The outbox machine: decides when to send what, and what an answer means. The store holds the queue; the machine
//! holds only how things stand. Its driver takes a lock for each batch, so that two tabs do not do the same work.

mod messages;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

pub use messages::{Answer, Command, FlightId, Input, Mode, OTHER_ORGANISATION, Settlement, Trouble, Wake};

use super::{Backoff, BatchLimit, Entry, Receipts, Refusal, Verdict, verdicts};
use crate::event::{EventId, Stamp};

/// How things stand. Begins with [`State::default`], which is right after every start of the app.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    mode: Mode,
    online: bool,
    limit: BatchLimit,
    backoff: Backoff,
    /// Length of the queue's head that is known to hold a record the backend chokes on.
    suspects: Option<usize>,
    /// Entries that got no decision; the others go on without them.
    set_aside: BTreeMap<EventId, Aside>,
    sent: Vec<Entry>,
    flight: FlightId,
    /// When the wait began: a clock that now shows less has been put back, and says nothing about the wait.
    waiting_since: Stamp,
    /// The backend asked to be left alone until then; only a tap or an emergency tries before.
    not_before: Option<Stamp>,
    /// A wake came while busy: look once more before resting.
    again: bool,
    trouble: Option<Trouble>,
}

#[derive(Debug, Clone, PartialEq)]
struct Aside {
    until: Stamp,
    backoff: Backoff,
    /// Its time has come: no longer passed over.
    released: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            mode: Mode::Idle,
            online: true,
            limit: BatchLimit::default(),
            backoff: Backoff::default(),
            suspects: None,
            set_aside: BTreeMap::new(),
            sent: Vec::new(),
            flight: FlightId(0),
            waiting_since: Stamp::default(),
            not_before: None,
            again: false,
            trouble: None,
        }
    }
}

/// One step: how things stand, and what happened, give how things stand now and what to do.
pub fn step(mut state: State, input: Input) -> (State, Vec<Command>) {
    let commands = match input {
        Input::Wake { why, now } => state.woken(why, now),
        Input::Offline => {
            state.online = false;
            vec![]
        }
        Input::Tick { now } => state.tick(now),
        Input::Loaded { entries, now } => state.loaded(entries, now),
        Input::Strangers { entries, now } => state.turned_away(entries, now),
        Input::Answered { flight, answer, now, took_ms, jitter } => {
            if flight == state.flight && state.mode == Mode::Sending {
                state.answered(answer, now, took_ms, jitter)
            } else {
                vec![]
            }
        }
        Input::Settled { .. } => {
            state.sent.clear();
            state.load_after_release()
        }
        Input::StoreFailed { now, jitter } => state.wait(Trouble::Storage, 0, now, jitter),
    };
    (state, commands)
}

impl State {
    pub fn mode(&self) -> &Mode {
        &self.mode
    }

    pub fn is_online(&self) -> bool {
        self.online
    }

    pub fn trouble(&self) -> Option<&Trouble> {
        self.trouble.as_ref()
    }

    /// What is on its way right now.
    pub fn in_flight(&self) -> &[Entry] {
        if self.mode == Mode::Sending || self.mode == Mode::Settling { &self.sent } else { &[] }
    }

    fn woken(&mut self, why: Wake, now: Stamp) -> Vec<Command> {
        self.notice_clock(now);
        if matches!(why, Wake::Online | Wake::Tap | Wake::SignedIn | Wake::Background) {
            self.online = true;
        }
        if !matches!(why, Wake::Saved { .. }) {
            self.backoff.reset();
            self.set_aside.values_mut().for_each(|aside| aside.until = now);
        }
        let insists = matches!(why, Wake::Tap | Wake::SignedIn | Wake::Saved { urgent: true });
        match (&self.mode, why) {
            _ if !self.online => vec![],
            (Mode::Waiting(_), _) if !insists && self.not_before.is_some_and(|until| now < until) => vec![],
            (Mode::Sending, Wake::Saved { urgent: true }) if !self.sent.iter().any(|entry| entry.urgent) => {
                self.again = true;
                vec![Command::Abort { flight: self.flight }]
            }
            (Mode::Loading | Mode::Sending | Mode::Settling, _) => {
                self.again = true;
                vec![]
            }
            // An urgent record tries at once; others keep to the wait, which ends by itself.
            (Mode::Paused, Wake::Saved { .. }) | (Mode::Waiting(_), Wake::Saved { urgent: false }) => vec![],
            _ => self.load(),
        }
    }

    /// A clock that was put back would make every wait longer by as much.
    fn notice_clock(&mut self, now: Stamp) {
        if now >= self.waiting_since {
            return;
        }
        self.waiting_since = now;
        self.not_before = None;
        for aside in self.set_aside.values_mut() {
            aside.until = now;
        }
        if let Mode::Waiting(until) = &mut self.mode {
            *until = now;
        }
    }

    fn tick(&mut self, now: Stamp) -> Vec<Command> {
        self.notice_clock(now);
        match self.mode {
            Mode::Waiting(until) if now >= until && self.online => self.load(),
            Mode::Waiting(until) if now < until => vec![Command::WakeAt(until)],
            _ => vec![],
        }
    }

    fn load(&mut self) -> Vec<Command> {
        self.mode = Mode::Loading;
        self.again = false;
        let limit = match self.suspects {
            Some(suspects) => BatchLimit { records: suspects.div_ceil(2), ..self.limit },
            None => self.limit,
        };
        let passed_over = self.set_aside.iter().filter(|(_, aside)| !aside.released);
        let mut passing_over = BTreeSet::new();
        passing_over.extend(passed_over.map(|(id, _)| *id));
        vec![Command::Load { limit, passing_over }]
    }

    fn load_after_release(&mut self) -> Vec<Command> {
        let mut commands = vec![Command::Release];
        commands.extend(self.load());
        commands
    }

    fn loaded(&mut self, mut entries: Vec<Entry>, now: Stamp) -> Vec<Command> {
        if entries.is_empty() {
            return self.rest(now);
        }
        if entries.first().is_some_and(|first| first.urgent) {
            entries.retain(|entry| entry.urgent);
        }
        self.mode = Mode::Sending;
        self.flight.0 += 1;
        let ids = entries.iter().map(|entry| entry.id).collect();
        self.sent = entries;
        vec![Command::Send { flight: self.flight, ids }]
    }

    /// Nothing was heard of the backend, so its trouble and its backoff stay as they are.
    fn turned_away(&mut self, strangers: Vec<Entry>, now: Stamp) -> Vec<Command> {
        self.mode = Mode::Settling;
        self.sent.clear();
        let refusal = Refusal::new(OTHER_ORGANISATION, String::new());
        let refused = strangers.into_iter().map(|entry| (entry, refusal.clone())).collect();
        vec![Command::Settle(Settlement { epoch: None, at: now, stored: vec![], refused })]
    }

    /// Nothing to send but perhaps what was set aside.
    fn rest(&mut self, now: Stamp) -> Vec<Command> {
        self.suspects = None;
        if self.set_aside.is_empty() {
            self.trouble = None;
        }
        // What was released and is still not in the queue has been sent by another tab.
        self.set_aside.retain(|_, aside| !aside.released);
        let mut due = false;
        for aside in self.set_aside.values_mut().filter(|aside| aside.until <= now) {
            aside.released = true;
            due = true;
        }
        if due || self.again {
            return self.load_after_release();
        }
        let Some(until) = self.set_aside.values().map(|aside| aside.until).min() else {
            self.mode = Mode::Idle;
            return vec![Command::Release];
        };
        self.mode = Mode::Waiting(until);
        self.waiting_since = now;
        vec![Command::Release, Command::WakeAt(until)]
    }

    fn answered(&mut self, answer: Answer, now: Stamp, took_ms: i64, jitter: u32) -> Vec<Command> {
        match answer {
            Answer::Receipts(receipts) => self.receipted(receipts, now, took_ms, jitter),
            // Somebody signed in while this request was on its way with the old credential.
            Answer::SignIn if self.again => self.load_after_release(),
            Answer::SignIn => {
                self.mode = Mode::Paused;
                self.trouble = Some(Trouble::SignIn);
                vec![Command::Release]
            }
            Answer::TooLarge(words) => match words {
                Some(refusal) => self.narrow(refusal, now, jitter, true),
                None if self.sent.len() > 1 => {
                    self.limit = self.limit.halved(self.sent.len());
                    self.load_after_release()
                }
                None => {
                    self.put_sent_aside(now, jitter);
                    self.load_after_release()
                }
            },
            Answer::BadBatch(refusal) => self.narrow(refusal, now, jitter, false),
            Answer::Busy(at_least) => self.wait(Trouble::Busy, at_least.unwrap_or(0), now, jitter),
            Answer::Backend(status) => {
                // A single record may be what the backend chokes on: let the others pass.
                if self.sent.len() == 1 {
                    self.put_sent_aside(now, jitter);
                }
                self.limit = self.limit.halved(self.sent.len());
                self.wait(Trouble::Backend(status), 0, now, jitter)
            }
            Answer::NotTheBackend => self.wait(Trouble::NotTheBackend, 0, now, jitter),
            Answer::Unreachable => self.wait(Trouble::Unreachable, 0, now, jitter),
            Answer::TimedOut => {
                self.limit = self.limit.halved(self.sent.len());
                self.wait(Trouble::TimedOut, 0, now, jitter)
            }
            Answer::Aborted => self.load_after_release(),
        }
    }

    fn receipted(&mut self, receipts: Receipts, now: Stamp, took_ms: i64, jitter: u32) -> Vec<Command> {
        let mut settlement = Settlement {
            epoch: Some(receipts.epoch),
            at: receipts.received,
            stored: vec![],
            refused: vec![],
        };
        let mut undecided = vec![];
        let decided = verdicts(&self.sent, &receipts.receipts);
        for (entry, (_, verdict)) in self.sent.iter().zip(decided) {
            match verdict {
                Verdict::Stored { received } => {
                    settlement.stored.push((entry.clone(), received.unwrap_or(settlement.at)));
                }
                Verdict::Refused(refusal) => settlement.refused.push((entry.clone(), refusal)),
                Verdict::Undecided => undecided.push(entry.id),
            }
        }
        for id in undecided {
            self.put_aside(id, now, jitter);
        }
        if settlement.stored.is_empty() && settlement.refused.is_empty() {
            return self.wait(Trouble::NotTheBackend, 0, now, jitter);
        }
        self.suspects =
            self.suspects.map(|suspects| suspects.saturating_sub(self.sent.len())).filter(|left| *left > 0);
        self.limit = self.limit.after_success(took_ms);
        self.settle(settlement)
    }

    /// The batch was refused as a whole: find the record that is at fault by halving.
    fn narrow(&mut self, refusal: Refusal, now: Stamp, jitter: u32, too_large: bool) -> Vec<Command> {
        if let [only] = self.sent.as_slice() {
            let refused = vec![(only.clone(), refusal)];
            self.suspects = None;
            return self.settle(Settlement { epoch: None, at: now, stored: vec![], refused });
        }
        if self.sent.is_empty() {
            return self.wait(Trouble::NotTheBackend, 0, now, jitter);
        }
        if too_large {
            self.limit = self.limit.halved(self.sent.len());
        } else {
            self.suspects = Some(self.sent.len());
        }
        self.load_after_release()
    }

    fn settle(&mut self, settlement: Settlement) -> Vec<Command> {
        for (entry, _) in &settlement.stored {
            self.set_aside.remove(&entry.id);
        }
        for (entry, _) in &settlement.refused {
            self.set_aside.remove(&entry.id);
        }
        self.mode = Mode::Settling;
        self.not_before = None;
        self.backoff.reset();
        self.trouble = None;
        vec![Command::Settle(settlement)]
    }

    fn put_aside(&mut self, id: EventId, now: Stamp, jitter: u32) {
        let aside = self.set_aside.entry(id).or_insert(Aside {
            until: now,
            backoff: Backoff::default(),
            released: false,
        });
        aside.released = false;
        aside.until = now.plus_ms(aside.backoff.fail(jitter));
    }

    fn put_sent_aside(&mut self, now: Stamp, jitter: u32) {
        let ids: Vec<EventId> = self.sent.iter().map(|entry| entry.id).collect();
        for id in ids {
            self.put_aside(id, now, jitter);
        }
    }

    fn wait(&mut self, trouble: Trouble, at_least_ms: i64, now: Stamp, jitter: u32) -> Vec<Command> {
        let until = now.plus_ms(self.backoff.fail(jitter).max(at_least_ms));
        self.trouble = Some(trouble);
        self.not_before = (at_least_ms > 0).then_some(until);
        self.sent.clear();
        // A tap or the network's return while busy asks for a try right after this one.
        if std::mem::take(&mut self.again) && at_least_ms == 0 && self.online {
            return self.load_after_release();
        }
        self.mode = Mode::Waiting(until);
        self.waiting_since = now;
        vec![Command::Release, Command::WakeAt(until)]
    }
}
