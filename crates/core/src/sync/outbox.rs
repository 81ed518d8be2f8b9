//! The outbox machine: decides when to send what, and what an answer means. The store holds the queue; the machine
//! holds only how things stand. Its driver takes a lock for each batch, so that two tabs do not do the same work.

use std::collections::{BTreeMap, BTreeSet};

use super::{Backoff, BatchLimit, Entry, Epoch, Receipts, Refusal, Verdict, verdicts};
use crate::event::{EventId, Stamp};

/// Names one request, so that a late answer is not taken for another's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlightId(pub u64);

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

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    Idle,
    /// Asked the store for the head of the queue.
    Loading,
    Sending,
    Settling,
    /// Will try again then.
    Waiting(Stamp),
    /// The backend does not know this phone any more: sign in again.
    Paused,
}

#[derive(Debug, Clone, PartialEq)]
struct Aside {
    until: Stamp,
    backoff: Backoff,
    /// Its time has come: no longer passed over.
    released: bool,
}

/// Why nothing goes out, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// No connection to the backend.
    Unreachable,
    TimedOut,
    /// Something other than the backend answered: a sign-in page of a network, a proxy.
    NotTheBackend,
    SignIn,
    /// The backend asked for time.
    Busy,
    /// The backend failed, with this HTTP status.
    Backend(u16),
    /// The storage of this phone failed.
    Storage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    Saved {
        urgent: bool,
    },
    Online,
    Visible,
    Tap,
    SignedIn,
    /// Background Sync, or another tab.
    Background,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    Wake {
        why: Wake,
        now: Stamp,
    },
    Offline,
    Tick {
        now: Stamp,
    },
    Loaded {
        entries: Vec<Entry>,
        now: Stamp,
    },
    Answered {
        flight: FlightId,
        answer: Answer,
        now: Stamp,
        took_ms: i64,
        jitter: u32,
    },
    Settled {
        now: Stamp,
    },
    /// Loading or settling failed; nothing changed in the store.
    StoreFailed {
        now: Stamp,
        jitter: u32,
    },
}

/// What came back for a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Receipts(Receipts),
    /// 401 or 403.
    SignIn,
    /// 413, with the backend's words if they were its own.
    TooLarge(Option<Refusal>),
    /// 429 or 503; milliseconds it asked to be left alone.
    Busy(Option<i64>),
    /// The batch as a whole was refused, in the backend's words.
    BadBatch(Refusal),
    Backend(u16),
    /// No receipt, and not an error of the backend either: HTML, 204, cut off, another type.
    NotTheBackend,
    Unreachable,
    TimedOut,
    /// We took it back ourselves.
    Aborted,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Take the lock and read the head of the queue.
    Load {
        limit: BatchLimit,
        passing_over: BTreeSet<EventId>,
    },
    /// Send these of the entries that were loaded.
    Send {
        flight: FlightId,
        ids: Vec<EventId>,
    },
    Abort {
        flight: FlightId,
    },
    Settle(Settlement),
    /// Give the lock back.
    Release,
    WakeAt(Stamp),
}

/// What leaves the outbox, on whose word.
#[derive(Debug, Clone, PartialEq)]
pub struct Settlement {
    /// `None` when the decision was not made by receipts (a batch of one that was refused as a whole).
    pub epoch: Option<Epoch>,
    /// The server's clock; else the phone's.
    pub at: Stamp,
    pub stored: Vec<(Entry, Option<u64>)>,
    pub refused: Vec<(Entry, Refusal)>,
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
        vec![Command::Load { limit, passing_over: passed_over.map(|(id, _)| *id).collect() }]
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
                Verdict::Stored { seq } => settlement.stored.push((entry.clone(), seq)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Outcome, Receipt};
    use crate::testing::build;

    const NOW: Stamp = Stamp(1_000_000);
    const MAX: u32 = u32::MAX;

    fn entries(range: std::ops::RangeInclusive<u64>) -> Vec<Entry> {
        range.map(|n| Entry::of(&build::checkin(n), false, 600)).collect()
    }

    fn wake(why: Wake) -> Input {
        Input::Wake { why, now: NOW }
    }

    /// A state that has just sent `entries`.
    fn sending(entries: Vec<Entry>) -> State {
        sending_from(State::default(), entries)
    }

    fn sending_from(state: State, entries: Vec<Entry>) -> State {
        let (state, _) = step(state, wake(Wake::Tap));
        let (state, commands) = step(state, Input::Loaded { entries, now: NOW });
        assert!(matches!(commands.as_slice(), [Command::Send { .. }]), "{commands:?}");
        state
    }

    fn answer(state: State, answer: Answer) -> (State, Vec<Command>) {
        let flight = state.flight;
        step(state, Input::Answered { flight, answer, now: NOW, took_ms: 100, jitter: MAX })
    }

    fn receipts(entries: &[Entry], outcome: &Outcome) -> Receipts {
        let line = |entry: &Entry| {
            Receipt::new(
                "/orgs/acme/devices/d1",
                &entry.id.to_string(),
                &entry.digest.to_string(),
                outcome,
                Some(1),
            )
        };
        Receipts { epoch: Epoch("e1".into()), received: NOW, receipts: entries.iter().map(line).collect() }
    }

    fn loaded_limit(commands: &[Command]) -> usize {
        commands
            .iter()
            .find_map(|command| match command {
                Command::Load { limit, .. } => Some(limit.records),
                _ => None,
            })
            .unwrap()
    }

    #[test]
    fn a_batch_goes_out_is_settled_and_the_next_is_asked_for() {
        let state = sending(entries(1..=3));
        let (state, commands) =
            answer(state, Answer::Receipts(receipts(&entries(1..=3), &Outcome::Accepted)));
        let [Command::Settle(settlement)] = commands.as_slice() else { panic!("{commands:?}") };
        assert_eq!(settlement.stored.len(), 3);
        let (state, commands) = step(state, Input::Settled { now: NOW });
        assert_eq!(loaded_limit(&commands), 100, "it grows");
        let (state, commands) = step(state, Input::Loaded { entries: vec![], now: NOW });
        assert_eq!(commands, [Command::Release]);
        assert_eq!(state.mode(), &Mode::Idle);
    }

    #[test]
    fn nothing_but_a_matching_receipt_settles() {
        for no_receipt in [
            Answer::Receipts(receipts(&entries(7..=9), &Outcome::Accepted)),
            Answer::Receipts(receipts(&entries(1..=3), &Outcome::Retry)),
            Answer::Receipts(receipts(&[], &Outcome::Accepted)),
            Answer::NotTheBackend,
            Answer::Unreachable,
            Answer::TimedOut,
            Answer::Backend(500),
            Answer::SignIn,
            Answer::Busy(None),
            Answer::TooLarge(None),
            Answer::Aborted,
        ] {
            let (_, commands) = answer(sending(entries(1..=3)), no_receipt.clone());
            assert!(!commands.iter().any(|command| matches!(command, Command::Settle(_))), "{no_receipt:?}");
        }
    }

    #[test]
    fn too_few_receipts_settle_only_what_they_name() {
        let (state, commands) =
            answer(sending(entries(1..=3)), Answer::Receipts(receipts(&entries(1..=2), &Outcome::Accepted)));
        let [Command::Settle(settlement)] = commands.as_slice() else { panic!("{commands:?}") };
        assert_eq!(settlement.stored.len(), 2);
        let (state, commands) = step(state, Input::Settled { now: NOW });
        let Some(Command::Load { passing_over, .. }) = commands.last() else { panic!("{commands:?}") };
        assert!(passing_over.contains(&entries(3..=3)[0].id), "the third waits and does not block");
        let (state, commands) = step(state, Input::Loaded { entries: vec![], now: NOW });
        assert_eq!(commands[1], Command::WakeAt(NOW.plus_ms(2_000)));
        let (_, commands) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
    }

    #[test]
    fn an_entry_that_another_tab_sent_is_forgotten() {
        let (state, _) = answer(sending(entries(1..=1)), Answer::Receipts(receipts(&[], &Outcome::Accepted)));
        let later = NOW.plus_ms(900_000);
        let (mut state, mut commands) = step(state, Input::Tick { now: later });
        for _ in 0..4 {
            assert!(matches!(commands.last(), Some(Command::Load { .. })), "{commands:?}");
            (state, commands) = step(state, Input::Loaded { entries: vec![], now: later });
            if commands == [Command::Release] {
                return;
            }
        }
        panic!("it never came to rest");
    }

    #[test]
    fn one_bad_record_among_many_is_found_and_refused() {
        let bad = entries(37..=37)[0].id;
        let mut queue = entries(1..=50);
        let mut refused = vec![];
        let (mut state, mut commands) = step(State::default(), wake(Wake::Tap));
        for _ in 0..60 {
            let Some(Command::Load { limit, passing_over }) = commands.last().cloned() else {
                break;
            };
            let head: Vec<_> = queue
                .iter()
                .filter(|entry| !passing_over.contains(&entry.id))
                .take(limit.records)
                .cloned()
                .collect();
            (state, commands) = step(state, Input::Loaded { entries: head.clone(), now: NOW });
            let Some(Command::Send { ids, .. }) = commands.first().cloned() else {
                break;
            };
            let reply = if ids.contains(&bad) {
                Answer::BadBatch(Refusal::new("invalid_record", "the server's words".into()))
            } else {
                Answer::Receipts(receipts(&head, &Outcome::Accepted))
            };
            (state, commands) = answer(state, reply);
            if let [Command::Settle(settlement)] = commands.as_slice() {
                let gone = |id: EventId| settlement.stored.iter().any(|(entry, _)| entry.id == id);
                refused.extend(settlement.refused.iter().map(|(entry, why)| (entry.id, why.detail.clone())));
                queue.retain(|entry| !gone(entry.id) && !refused.iter().any(|(id, _)| *id == entry.id));
                (state, commands) = step(state, Input::Settled { now: NOW });
            }
        }
        assert_eq!(refused, [(bad, "the server's words".to_owned())]);
        assert!(queue.is_empty(), "{} left", queue.len());
    }

    #[test]
    fn sign_in_pauses_until_signed_in() {
        let (state, commands) = answer(sending(entries(1..=3)), Answer::SignIn);
        assert_eq!((state.mode(), commands.as_slice()), (&Mode::Paused, [Command::Release].as_slice()));
        let (state, commands) = step(state, wake(Wake::Saved { urgent: false }));
        assert_eq!(commands, []);
        let (state, commands) = step(state, Input::Tick { now: NOW.plus_ms(9_999_999) });
        assert_eq!(commands, []);
        let (_, commands) = step(state, wake(Wake::SignedIn));
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
    }

    #[test]
    fn a_late_refusal_of_the_old_credential_does_not_pause_again() {
        let (state, _) = answer(sending(entries(1..=3)), Answer::SignIn);
        let (state, _) = step(state, wake(Wake::Visible));
        let (state, _) = step(state, Input::Loaded { entries: entries(1..=3), now: NOW });
        let (state, _) = step(state, wake(Wake::SignedIn));
        let (state, commands) = answer(state, Answer::SignIn);
        assert!(matches!(commands.as_slice(), [Command::Release, Command::Load { .. }]), "{commands:?}");
        assert_ne!(state.mode(), &Mode::Paused);
    }

    #[test]
    fn a_clock_that_is_put_back_does_not_lengthen_the_wait() {
        let (state, _) = answer(sending(entries(1..=1)), Answer::Busy(Some(60_000)));
        let a_year_ago = NOW.plus_ms(-31_536_000_000);
        let (_, commands) = step(state.clone(), Input::Tick { now: a_year_ago });
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]), "{commands:?}");
        let (_, commands) = step(state, Input::Wake { why: Wake::Visible, now: a_year_ago });
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]), "{commands:?}");
    }

    #[test]
    fn another_tabs_success_ends_this_tabs_trouble() {
        let (state, _) = answer(sending(entries(1..=1)), Answer::Unreachable);
        let (state, _) = step(state, wake(Wake::Tap));
        let (state, _) = step(state, Input::Loaded { entries: vec![], now: NOW });
        assert_eq!(state.trouble(), None);
    }

    #[test]
    fn an_emergency_takes_back_a_batch_on_its_way_and_goes_alone() {
        let state = sending(entries(1..=50));
        let (state, commands) = step(state, wake(Wake::Saved { urgent: true }));
        assert_eq!(commands, [Command::Abort { flight: state.flight }]);
        let (state, commands) = answer(state, Answer::Aborted);
        assert!(matches!(commands.as_slice(), [Command::Release, Command::Load { .. }]));
        let mut head = entries(1..=4);
        head[0].urgent = true;
        let (_, commands) = step(state, Input::Loaded { entries: head.clone(), now: NOW });
        let [Command::Send { ids, .. }] = commands.as_slice() else { panic!("{commands:?}") };
        assert_eq!(ids.as_slice(), [head[0].id]);
    }

    #[test]
    fn too_large_and_too_slow_make_smaller_batches() {
        let (_, commands) = answer(sending(entries(1..=50)), Answer::TooLarge(None));
        assert_eq!(loaded_limit(&commands), 25);
        let (state, _) = answer(sending(entries(1..=50)), Answer::TimedOut);
        let (_, commands) = step(state, wake(Wake::Tap));
        assert_eq!(loaded_limit(&commands), 25);
    }

    #[test]
    fn retry_after_is_honoured_but_by_a_tap_or_an_emergency() {
        let (state, commands) = answer(sending(entries(1..=1)), Answer::Busy(Some(60_000)));
        assert_eq!(commands[1], Command::WakeAt(NOW.plus_ms(60_000)));
        for (why, tries) in [
            (Wake::Visible, false),
            (Wake::Online, false),
            (Wake::Saved { urgent: false }, false),
            (Wake::Saved { urgent: true }, true),
            (Wake::Tap, true),
        ] {
            let (_, commands) = step(state.clone(), wake(why));
            assert_eq!(!commands.is_empty(), tries, "{why:?}");
        }
    }

    #[test]
    fn waits_grow_and_end_at_once_when_the_network_returns() {
        let (state, commands) = answer(sending(entries(1..=1)), Answer::Unreachable);
        assert_eq!(commands, [Command::Release, Command::WakeAt(NOW.plus_ms(2_000))]);
        let (state, _) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
        let (state, _) = step(state, Input::Loaded { entries: entries(1..=1), now: NOW });
        let (state, commands) = answer(state, Answer::Unreachable);
        assert_eq!(commands, [Command::Release, Command::WakeAt(NOW.plus_ms(4_000))]);
        let (_, commands) = step(state, wake(Wake::Online));
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
    }

    #[test]
    fn while_offline_only_the_network_or_a_tap_wakes_it() {
        let (state, _) = step(State::default(), Input::Offline);
        let (state, commands) = step(state, wake(Wake::Saved { urgent: true }));
        assert_eq!(commands, []);
        let (_, commands) = step(state, wake(Wake::Online));
        assert!(matches!(commands.as_slice(), [Command::Load { .. }]));
    }

    #[test]
    fn a_late_answer_of_another_flight_means_nothing() {
        let state = sending(entries(1..=1));
        let late = Input::Answered {
            flight: FlightId(0),
            answer: Answer::Receipts(receipts(&entries(1..=1), &Outcome::Accepted)),
            now: NOW,
            took_ms: 1,
            jitter: 0,
        };
        assert_eq!(step(state.clone(), late), (state, vec![]));
    }

    #[test]
    fn a_record_the_backend_chokes_on_does_not_block_the_others() {
        let (state, _) = answer(sending(entries(1..=1)), Answer::Backend(500));
        let (_, commands) = step(state, Input::Tick { now: NOW.plus_ms(2_000) });
        let [Command::Load { passing_over, .. }] = commands.as_slice() else { panic!("{commands:?}") };
        assert!(passing_over.contains(&entries(1..=1)[0].id));
    }
}
