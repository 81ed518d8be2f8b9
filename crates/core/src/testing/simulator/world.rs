//! Phones, a network and the places where records go: what each step of a schedule does to them.

use std::collections::{BTreeMap, BTreeSet};

use super::flaw::Flaw;
use super::names::{self, DISK_FAULTS, MANAGERS, NETWORKS, PHONES};
use super::phone::{Chosen, Phone};
use super::places::{Place, Places};
use super::report::{Broken, Promise, Report};
use super::schedule::{Act, Kept, Network, Note, Schedule, Step};
use super::tab::Pending;
use crate::event::{About, Body, DeviceId, Digest, EventId, PeopleState, Stamp, Unsaved};
use crate::rules::Role;
use crate::sync::{LocalStore, To, Wake};
use crate::testing::memory_store::Fault;
use crate::testing::model_server::{Account, CHOKING_NOTE, Database, ODD_NOTE, REFUSED_NOTE};
use crate::testing::{block_on, build};

/// Something was written down on a phone.
#[derive(Debug, Clone)]
pub struct Written {
    pub digest: Digest,
    pub devseq: u64,
    pub urgent: bool,
    /// What each place makes of it: see [`Place::wants`].
    pub note: Note,
    pub waits_for_answer: bool,
    /// The places that it was meant for, at any time since it was written.
    pub meant: BTreeSet<Place>,
}

pub struct World {
    pub(super) now: Stamp,
    pub(super) places: Places,
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

impl World {
    pub fn new(flaw: Option<Flaw>) -> Self {
        let role = |at| if at < MANAGERS { Role::Manager } else { Role::Traveller };
        let account = |(at, device): (usize, &&str)| {
            let account = Account { user: (*device).into(), role: role(at), signed_in: true };
            (DeviceId::from(*device), account)
        };
        let phone = |(at, device): (usize, &&str)| Phone::new(device, role(at), flaw);
        let mut places = Places::new(&PHONES.iter().enumerate().map(account).collect());
        places.own.forgetful = flaw == Some(Flaw::StoresTwice);
        Self {
            now: build::MORNING,
            places,
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
            let held = self.held();
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
            Act::Half(pick) => {
                let loads = |pending: &Pending| matches!(pending, Pending::Load { .. });
                if !self.phones[at].tabs[tab].pending.iter().any(loads) {
                    self.phones[at].wake(tab, Wake::Background, self.now);
                }
                self.phones[at].half(tab, pick.into());
            }
            Act::Deliver(pick) => self.deliver(at, pick.into()),
            Act::Wake(why) => self.phones[at].wake(tab, why, self.now),
            Act::Offline => self.phones[at].offline(tab),
            Act::Tick => self.tick(at, tab),
            Act::Kill => self.phones[at].kill(tab),
            Act::Disk(fault) => self.break_disk(at, fault),
            Act::SignOut => self.sign(at, false),
            Act::SignIn => {
                self.sign(at, true);
                self.phones[at].wake(tab, Wake::SignedIn, self.now);
            }
            Act::Clock(clock) => {
                let mut lines = self.phones[at].tabs.iter().flat_map(|tab| &tab.lines);
                if lines.any(|line| line.to != To::HOME && line.waits()) {
                    self.report.met("clock jumped while a mirror waited");
                }
                self.phones[at].clock_error = clock.error_ms();
            }
            Act::Backup => self.backups.push(self.places.own.database.clone()),
            Act::Restore(pick) => {
                let backup = pick_of(&self.backups, pick.into()).cloned().unwrap_or_default();
                self.restore(Place::Own, backup);
            }
            Act::Wipe => self.restore(Place::Own, Database::default()),
            Act::WipeCopy => self.restore(Place::Copy, Database::default()),
            Act::Mirror(place, kept) => self.mirror(at, tab, place, kept),
            Act::Home(home) => self.move_home(at, tab, home),
            Act::Fails(place, condition) => drop(self.places.conditions.insert(place, condition)),
        }
        Ok(())
    }

    /// How much the places hold.
    pub(super) fn held(&self) -> [usize; 3] {
        let Places { own, copy, hook, .. } = &self.places;
        [own.database.feed.len(), copy.database.feed.len(), hook.taken.len()]
    }

    fn mirror(&mut self, at: usize, tab: usize, place: Place, kept: Kept) {
        let mut chosen = self.phones[at].chosen.clone();
        match kept {
            Kept::Off => drop(chosen.mirrors.remove(&place)),
            // It is the home already.
            _ if chosen.home == place => return,
            Kept::Beside | Kept::Must => drop(chosen.mirrors.insert(place, kept == Kept::Must)),
        }
        self.direct(at, tab, chosen);
    }

    pub(super) fn move_home(&mut self, at: usize, tab: usize, home: Place) {
        let mut mirrors = self.phones[at].chosen.mirrors.clone();
        mirrors.remove(&home);
        self.direct(at, tab, Chosen { home, mirrors });
    }

    fn direct(&mut self, at: usize, tab: usize, chosen: Chosen) {
        self.phones[at].direct(tab, chosen);
        let places = self.phones[at].chosen.places();
        self.written[at].values_mut().for_each(|written| written.meant.extend(&places));
    }

    pub(super) fn save(&mut self, at: usize, tab: usize, note: Note) -> Result<(), Broken> {
        let (people, text) = match note {
            Note::Fine => (PeopleState::Safe, "fine"),
            Note::Urgent => (PeopleState::NotSafe, "hurry"),
            Note::Refused => (PeopleState::Safe, REFUSED_NOTE),
            Note::Choking => (PeopleState::Safe, CHOKING_NOTE),
            Note::Odd => (PeopleState::Safe, ODD_NOTE),
            Note::Strange => (PeopleState::Safe, STRANGE_NOTE),
        };
        self.write(at, tab, build::checkin_body(people, text))
    }

    /// An answer of this manager to one of the records that wait for one, if one does.
    pub(super) fn confirm(&mut self, at: usize, tab: usize, pick: usize) -> Result<(), Broken> {
        let waiting = block_on(self.phones[at].store.waiting(usize::MAX)).unwrap_or_default().first;
        let Some(held) = pick_of(&waiting, pick) else { return Ok(()) };
        self.write(at, tab, build::confirmation_of(&held.record.event))
    }

    fn write(&mut self, at: usize, tab: usize, body: Body) -> Result<(), Broken> {
        self.counter += 1;
        let phone = &self.phones[at];
        let strange = note_of(&body) == Note::Strange;
        let mut unsaved = build::unsaved(PHONES[at], self.counter, body);
        unsaved.time = phone.clock(self.now);
        unsaved.recorded = unsaved.time;
        unsaved.clockoffset = phone.meta().clockoffset;
        if strange {
            unsaved.source.org = "elsewhere".into();
        }
        self.put_down(at, tab, unsaved)
    }

    pub(super) fn save_again(&mut self, at: usize, tab: usize) -> Result<(), Broken> {
        match self.phones[at].form.clone() {
            Some(unsaved) => self.put_down(at, tab, unsaved),
            None => Ok(()),
        }
    }

    fn put_down(&mut self, at: usize, tab: usize, unsaved: Unsaved) -> Result<(), Broken> {
        let (id, urgent) = (unsaved.id, unsaved.body.is_urgent());
        let (about, waits_for_answer) = (unsaved.body.about(), unsaved.body.waits_for_answer());
        let note = note_of(&unsaved.body);
        let said = self.phones[at].save(unsaved);
        let on_disk =
            self.phones[at].store.look(|disk| disk.events.get(&id).map(|row| row.record.event.clone()));
        let confirmed = said.is_some();
        let Some(event) = said.or(on_disk) else { return Ok(()) };
        let mut meant = self.phones[at].chosen.places();
        meant.extend(self.written[at].get(&id).into_iter().flat_map(|before| &before.meant));
        let (digest, devseq) = (event.digest, event.devseq);
        let written = Written { digest, devseq, urgent, note, waits_for_answer, meant };
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
        self.retry_one(at, tab, id);
    }

    pub(super) fn retry_one(&mut self, at: usize, tab: usize, id: EventId) {
        let phone = &mut self.phones[at];
        phone.passed_over.extend([Place::Own, Place::Copy, Place::Hook].map(|place| (place, id)));
        if block_on(phone.store.retry(id)).is_ok() {
            phone.wake(tab, Wake::Tap, self.now);
        }
    }

    /// Something that is under way in this tab goes on.
    pub(super) fn go(&mut self, at: usize, tab: usize, pick: usize, network: Network, jitter: u32) {
        let phone = &mut self.phones[at];
        let count = phone.tabs[tab].pending.len().max(1);
        let Some(pending) = phone.tabs[tab].pending.remove(pick % count) else {
            return;
        };
        if let Pending::Load { line, .. } = pending
            && phone.is_locked(tab, line)
        {
            phone.tabs[tab].pending.push_back(pending);
            return;
        }
        if !pending.is_request() {
            phone.do_store_work(tab, pending, jitter);
            return;
        }
        match network {
            Network::Well => {}
            Network::Cut(_) => self.report.met("cut"),
            other => self.report.met(names::of(&NETWORKS, other)),
        }
        if let Pending::Records { request, .. } = &pending {
            self.phones[at].comes_late(request);
        }
        let reply = self.places.carry(&self.devices[at], &pending, network, self.now);
        let took_ms = if network == Network::Slow { 5_000 } else { 100 };
        if let (Network::Delayed, Pending::Records { request, .. }) = (network, &pending) {
            self.phones[at].given_up.push(request.clone());
        }
        self.phones[at].answer(tab, pending, reply, took_ms, jitter);
    }

    pub(super) fn deliver(&mut self, at: usize, pick: usize) {
        let count = self.phones[at].given_up.len();
        if count > 0 {
            let request = self.phones[at].given_up.remove(pick % count);
            self.phones[at].comes_late(&request);
            // Nobody waits for the answer.
            let _ = self.places.serve(&self.devices[at], &request, self.now);
        }
    }

    fn tick(&mut self, at: usize, tab: usize) {
        if let Some(next) = self.phones[at].tabs[tab].next_timer() {
            self.pass(next.ms_since(self.now).max(1) - 1);
            self.phones[at].tick_if_due(tab);
            self.pass(1);
            self.phones[at].tick_if_due(tab);
        }
    }

    pub(super) fn pass(&mut self, ms: i64) {
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
        if let Some(account) = self.places.own.accounts.get_mut(&self.devices[at]) {
            account.signed_in = signed_in;
        }
    }

    fn restore(&mut self, place: Place, backup: Database) {
        self.places.restore(place, backup);
        // What was written before is sent again, in the midst of what comes after.
        for (phone, written) in self.phones.iter_mut().zip(&self.written) {
            phone.passed_over.extend(written.keys().map(|id| (place, *id)));
        }
    }
}

/// A check-in with this note is written under the session of another organisation.
const STRANGE_NOTE: &str = "of elsewhere";

fn note_of(body: &Body) -> Note {
    let Body::CheckinMade(made) = body else { return Note::Fine };
    match made.note.as_deref() {
        Some(REFUSED_NOTE) => Note::Refused,
        Some(CHOKING_NOTE) => Note::Choking,
        Some(ODD_NOTE) => Note::Odd,
        Some(STRANGE_NOTE) => Note::Strange,
        _ => Note::Fine,
    }
}

/// From a step's 256 values to the whole range of the machine's jitter.
const JITTER: u32 = u32::MAX / 255;

/// Counted around among what is there.
fn pick_of<T>(from: &[T], pick: usize) -> Option<&T> {
    from.get(pick % from.len().max(1))
}
