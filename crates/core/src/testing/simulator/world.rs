//! Phones, a network and a server: what each step of a schedule does to them.

use std::collections::{BTreeMap, BTreeSet};

use super::flaw::Flaw;
use super::names::{self, DISK_FAULTS, MANAGERS, NETWORKS, PHONES};
use super::phone::{Pending, Phone, Tab};
use super::report::{Broken, Promise, Report};
use super::schedule::{Act, Network, Note, Schedule, Step};
use crate::event::{About, Body, DeviceId, Digest, EventId, PeopleState, Stamp};
use crate::rules::Role;
use crate::sync::{Input, LocalStore, PullInput, Wake};
use crate::testing::memory_store::Fault;
use crate::testing::model_server::{Account, CHOKING_NOTE, Database, ModelServer, REFUSED_NOTE};
use crate::testing::{block_on, build};

/// Something was written down on a phone.
#[derive(Debug, Clone)]
pub struct Written {
    pub digest: Digest,
    pub devseq: u64,
    pub urgent: bool,
    /// The server refuses it.
    pub unwanted: bool,
    pub waits_for_answer: bool,
}

pub struct World {
    pub(super) now: Stamp,
    pub(super) server: ModelServer,
    /// What the server held at the end of each of its former lives, by their epochs.
    pub(super) former: BTreeMap<String, Database>,
    backups: Vec<Database>,
    pub(super) phones: Vec<Phone>,
    pub(super) devices: Vec<DeviceId>,
    /// By phone: what it said to be saved, and what it saved and died before it could say so.
    pub(super) written: Vec<BTreeMap<EventId, Written>>,
    /// What a manager has answered.
    pub(super) answered: BTreeSet<EventId>,
    counter: u64,
    pub(super) steps: usize,
    pub(super) report: Report,
}

/// Each manager's, when nothing fails any more: the answers to these must reach everybody.
const ANSWERS_AT_THE_END: usize = 3;
/// More rounds than any queue and feed of these runs takes to be worked off.
const LONGEST: usize = 4_000;

impl World {
    pub fn new(flaw: Option<Flaw>) -> Self {
        let role = |at| if at < MANAGERS { Role::Manager } else { Role::Traveller };
        let account = |(at, device): (usize, &&str)| {
            let account = Account { user: (*device).into(), role: role(at), signed_in: true };
            (DeviceId::from(*device), account)
        };
        let phone = |(at, device): (usize, &&str)| Phone::new(device, role(at), flaw);
        let mut server = ModelServer::new(PHONES.iter().enumerate().map(account).collect());
        server.forgetful = flaw == Some(Flaw::StoresTwice);
        Self {
            now: build::MORNING,
            server,
            former: BTreeMap::new(),
            backups: vec![],
            phones: PHONES.iter().enumerate().map(phone).collect(),
            devices: PHONES.iter().map(|device| DeviceId::from(*device)).collect(),
            written: vec![BTreeMap::new(); PHONES.len()],
            answered: BTreeSet::new(),
            counter: 0,
            steps: 0,
            report: Report { seeds: 1, ..Report::default() },
        }
    }

    /// Runs a schedule to its end, and on without faults until all is well.
    ///
    /// # Errors
    /// The first promise that was broken.
    pub fn run(&mut self, schedule: &Schedule) -> Result<(), Broken> {
        for step in &schedule.0 {
            self.steps += 1;
            self.report.steps += 1;
            let held = self.server.database.feed.len();
            self.apply(step)?;
            self.check_step(step, held)?;
        }
        self.heal()
    }

    pub fn into_report(self) -> Report {
        self.report
    }

    pub(super) fn broken<T>(&self, promise: Promise, words: String) -> Result<T, Broken> {
        Err(Broken { promise, steps: self.steps, words })
    }

    fn apply(&mut self, step: &Step) -> Result<(), Broken> {
        self.pass(i64::from(step.after_ms));
        let Step { phone: at, tab, act, .. } = *step;
        if let Some(fault) = act.fault() {
            self.report.met(fault);
        }
        match act {
            Act::Save(note) => self.save(at, tab, note)?,
            Act::SaveAgain => self.save_again(at, tab)?,
            Act::Confirm(pick) => self.confirm(at, tab, pick.into())?,
            Act::Retry(pick) => self.retry(at, tab, pick.into()),
            Act::Go { pick, network, jitter } => {
                let other = self.phones[at].tabs[tab].pending.is_empty();
                self.go(
                    at,
                    if other { 1 - tab } else { tab },
                    pick.into(),
                    network,
                    u32::from(jitter) * JITTER,
                );
            }
            Act::Deliver(pick) => self.deliver(at, pick.into()),
            Act::Wake(why) => self.phones[at].wake(tab, why, self.now),
            Act::Offline => self.phones[at].input(tab, Input::Offline),
            Act::Tick => self.tick(at, tab),
            Act::Kill => self.phones[at].kill(tab),
            Act::Disk(fault) => self.break_disk(at, fault),
            Act::SignOut => self.sign(at, false),
            Act::SignIn => {
                self.sign(at, true);
                self.phones[at].wake(tab, Wake::SignedIn, self.now);
            }
            Act::Clock(clock) => self.phones[at].clock_error = clock.error_ms(),
            Act::Backup => self.backups.push(self.server.database.clone()),
            Act::Restore(pick) => {
                let backup = pick_of(&self.backups, pick.into()).cloned().unwrap_or_default();
                self.restore(backup);
            }
            Act::Wipe => self.restore(Database::default()),
        }
        Ok(())
    }

    fn save(&mut self, at: usize, tab: usize, note: Note) -> Result<(), Broken> {
        let (people, note) = match note {
            Note::Fine => (PeopleState::Safe, "fine"),
            Note::Urgent => (PeopleState::NotSafe, "hurry"),
            Note::Refused => (PeopleState::Safe, REFUSED_NOTE),
            Note::Choking => (PeopleState::Safe, CHOKING_NOTE),
        };
        self.write(at, tab, build::checkin_body(people, note))
    }

    /// An answer of this manager to one of the records that wait for one, if one does.
    fn confirm(&mut self, at: usize, tab: usize, pick: usize) -> Result<(), Broken> {
        let waiting = block_on(self.phones[at].store.waiting(usize::MAX)).unwrap_or_default().first;
        let Some(held) = pick_of(&waiting, pick) else { return Ok(()) };
        self.write(at, tab, build::confirmation_of(&held.record.event))
    }

    fn write(&mut self, at: usize, tab: usize, body: Body) -> Result<(), Broken> {
        self.counter += 1;
        let phone = &self.phones[at];
        let mut unsaved = build::unsaved(PHONES[at], self.counter, body);
        unsaved.time = phone.clock(self.now);
        unsaved.recorded = unsaved.time;
        unsaved.clockoffset = block_on(phone.store.meta()).unwrap_or_default().clockoffset;
        self.put_down(at, tab, unsaved)
    }

    fn save_again(&mut self, at: usize, tab: usize) -> Result<(), Broken> {
        match self.phones[at].form.clone() {
            Some(unsaved) => self.put_down(at, tab, unsaved),
            None => Ok(()),
        }
    }

    fn put_down(&mut self, at: usize, tab: usize, unsaved: crate::event::Unsaved) -> Result<(), Broken> {
        let (id, urgent) = (unsaved.id, unsaved.body.is_urgent());
        let (about, waits_for_answer) = (unsaved.body.about(), unsaved.body.waits_for_answer());
        let note = if let Body::CheckinMade(made) = &unsaved.body { made.note.as_deref() } else { None };
        let unwanted = [Some(REFUSED_NOTE), Some(CHOKING_NOTE)].contains(&note);
        let said = self.phones[at].save(unsaved);
        let on_disk =
            self.phones[at].store.look(|disk| disk.events.get(&id).map(|row| row.record.event.clone()));
        let confirmed = said.is_some();
        let Some(event) = said.or(on_disk) else { return Ok(()) };
        let written =
            Written { digest: event.digest, devseq: event.devseq, urgent, unwanted, waits_for_answer };
        self.check_next(at, id, &written)?;
        self.written[at].insert(id, written);
        if let About::Record(subject) = about {
            self.answered.insert(subject);
        }
        if confirmed {
            self.report.saved += 1;
            self.phones[at].wake(tab, Wake::Saved { urgent }, self.now);
        }
        Ok(())
    }

    fn retry(&mut self, at: usize, tab: usize, pick: usize) {
        let refused: Vec<EventId> =
            self.phones[at].store.look(|disk| disk.refused.keys().map(|(id, _)| *id).collect());
        let Some(id) = pick_of(&refused, pick).copied() else { return };
        let phone = &mut self.phones[at];
        phone.passed_over.insert(id);
        if block_on(phone.store.retry(id)).is_ok() {
            phone.wake(tab, Wake::Tap, self.now);
        }
    }

    /// Something that is under way in this tab goes on.
    fn go(&mut self, at: usize, tab: usize, pick: usize, network: Network, jitter: u32) {
        let phone = &mut self.phones[at];
        let locked_by_another = phone.tabs[1 - tab].holds_lock;
        let count = phone.tabs[tab].pending.len().max(1);
        let Some(pending) = phone.tabs[tab].pending.remove(pick % count) else {
            return;
        };
        if matches!(pending, Pending::Load { .. }) {
            if locked_by_another {
                phone.tabs[tab].pending.push_back(pending);
                return;
            }
            phone.tabs[tab].holds_lock = true;
        }
        if !pending.is_request() {
            phone.do_store_work(tab, pending, self.now, jitter);
            return;
        }
        match network {
            Network::Well => {}
            Network::Cut(_) => self.report.met("cut"),
            other => self.report.met(names::of(&NETWORKS, other)),
        }
        let device = self.devices[at].clone();
        let reply = self.carry(&device, &pending, network);
        let took_ms = if network == Network::Slow { 5_000 } else { 100 };
        self.phones[at].answer(tab, &pending, reply, took_ms, jitter);
        if network == Network::Delayed {
            self.phones[at].give_up(pending);
        }
    }

    fn deliver(&mut self, at: usize, pick: usize) {
        let count = self.phones[at].given_up.len();
        if count > 0 {
            let request = self.phones[at].given_up.remove(pick % count);
            let device = self.devices[at].clone();
            self.serve(&device, &request);
        }
    }

    fn tick(&mut self, at: usize, tab: usize) {
        let tab_state = &self.phones[at].tabs[tab];
        let next = [tab_state.outbox_timer, tab_state.pull_timer].into_iter().flatten().min();
        if let Some(next) = next {
            self.pass(next.ms_since(self.now).max(1) - 1);
            self.tick_if_due(at, tab);
            self.pass(1);
            self.tick_if_due(at, tab);
        }
    }

    fn pass(&mut self, ms: i64) {
        self.now = self.now.plus_ms(ms);
        for phone in &mut self.phones {
            phone.world = self.now;
        }
    }

    fn break_disk(&mut self, at: usize, fault: Fault) {
        self.phones[at].store.fail_next(fault);
        self.report.met(match names::of(&DISK_FAULTS, fault) {
            "aborted" => "disk aborted",
            "full" => "disk full",
            "dead" => "disk dead",
            _ => "disk killed",
        });
    }

    fn sign(&mut self, at: usize, signed_in: bool) {
        if let Some(account) = self.server.accounts.get_mut(&self.devices[at]) {
            account.signed_in = signed_in;
        }
    }

    fn restore(&mut self, backup: Database) {
        self.former.insert(self.server.epoch().0, std::mem::take(&mut self.server.database));
        self.server.restore(backup);
        // What was written before is sent again, in the midst of what comes after.
        for (phone, written) in self.phones.iter_mut().zip(&self.written) {
            phone.passed_over.extend(written.keys());
        }
    }

    /// The faults end: everything must arrive, be confirmed, and be the same everywhere.
    fn heal(&mut self) -> Result<(), Broken> {
        self.server.accounts.values_mut().for_each(|account| account.signed_in = true);
        for at in 0..self.phones.len() {
            self.phones[at].clock_error = 0;
            self.phones[at].store.heal();
            self.save_again(at, 0)?;
            while !self.phones[at].given_up.is_empty() {
                self.deliver(at, 0);
            }
        }
        // What one sends in the first round the others read in the second.
        self.settle_down([true, true])?;
        self.settle_down([true, false])?;
        for at in 0..MANAGERS {
            for _ in 0..ANSWERS_AT_THE_END {
                self.confirm(at, 0, 0)?;
            }
        }
        self.settle_down([true, false])?;
        self.settle_down([true, false])?;
        self.check_end()
    }

    /// Wakes these tabs of every phone, and lets everything go well until nothing is left to do.
    fn settle_down(&mut self, woken: [bool; 2]) -> Result<(), Broken> {
        for phone in &mut self.phones {
            for (tab, _) in woken.iter().enumerate().filter(|(_, woken)| **woken) {
                phone.wake(tab, Wake::SignedIn, self.now);
            }
        }
        for _ in 0..LONGEST {
            let mut busy = false;
            for at in 0..self.phones.len() {
                for tab in 0..self.phones[at].tabs.len() {
                    busy |= !self.phones[at].tabs[tab].pending.is_empty();
                    self.go(at, tab, 0, Network::Well, u32::MAX / 2);
                    self.tick_if_due(at, tab);
                    busy |= !self.phones[at].tabs[tab].pending.is_empty();
                }
            }
            let tabs = || self.phones.iter().flat_map(|phone| &phone.tabs);
            if busy {
                self.pass(100);
            } else if tabs().all(Tab::rests) {
                return Ok(());
            } else {
                let next = tabs().flat_map(|tab| [tab.outbox_timer, tab.pull_timer]).flatten().min();
                let Some(next) = next else { break };
                self.pass(next.ms_since(self.now).max(0));
            }
        }
        let busy = |phone: &Phone| phone.tabs.iter().any(|tab| !tab.rests());
        let busy: Vec<_> = PHONES.iter().zip(&self.phones).filter(|(_, phone)| busy(phone)).collect();
        let names: Vec<_> = busy.iter().map(|(name, _)| **name).collect();
        self.broken(Promise::Rest, format!("{} never came to rest", names.join(", ")))
    }

    fn tick_if_due(&mut self, at: usize, tab: usize) {
        let world = self.now;
        let phone = &mut self.phones[at];
        let now = phone.clock(world);
        if phone.tabs[tab].outbox_timer.take_if(|due| *due <= world).is_some() {
            phone.input(tab, Input::Tick { now });
        }
        if phone.tabs[tab].pull_timer.take_if(|due| *due <= world).is_some() {
            phone.pull_input(tab, PullInput::Tick { now });
        }
    }
}

/// From a step's 256 values to the whole range of the machine's jitter.
const JITTER: u32 = u32::MAX / 255;

/// Counted around among what is there.
fn pick_of<T>(from: &[T], pick: usize) -> Option<&T> {
    from.get(pick % from.len().max(1))
}
