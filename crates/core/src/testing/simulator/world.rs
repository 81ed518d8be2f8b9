use std::collections::{BTreeMap, BTreeSet};

use super::phone::{Pending, Phone, Tab};
use crate::backend::{NoResponse, Response};
use crate::event::{Body, DeviceId, Digest, EventId, PeopleState, Stamp};
use crate::rules::Role;
use crate::sync::{Epoch, Input, LocalStore, PullInput, Session, Wake};
use crate::testing::memory_store::{Disk, Fault, MemoryStore};
use crate::testing::model_server::{Account, CHOKING_NOTE, Database, ModelServer, REFUSED_NOTE};
use crate::testing::random::Random;
use crate::testing::{block_on, build};
use crate::view::{RecordState, RecordView};

/// The phone that confirms; the others travel.
const MANAGER: usize = 0;
const PHONES: [&str; 4] = ["manager", "one", "two", "three"];

pub struct World {
    seed: u64,
    steps: usize,
    random: Random,
    now: Stamp,
    server: ModelServer,
    backups: Vec<Database>,
    phones: Vec<Phone>,
    /// What was said to be saved: by whom, with what digest.
    saved: BTreeMap<EventId, (usize, Digest)>,
    unwanted: BTreeSet<EventId>,
    counter: u64,
    report: Report,
}

/// What happened, added up.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub saved: u32,
    pub confirmed: u32,
    pub refused: u32,
    faults: BTreeMap<&'static str, u32>,
}

const FAULTS: [&str; 19] = [
    "request lost",
    "reply lost",
    "delivered twice",
    "reply cut short",
    "captive portal",
    "204",
    "receipts too few",
    "receipts with wrong digest",
    "413",
    "429",
    "500",
    "timed out",
    "signed out",
    "tab killed",
    "server restored",
    "clock jumped",
    "transaction aborted",
    "storage full",
    "dead handle",
];

impl Report {
    /// Each kind of fault and how often it was met.
    pub fn faults(&self) -> impl Iterator<Item = (&'static str, u32)> {
        FAULTS.into_iter().map(|fault| (fault, self.faults.get(fault).copied().unwrap_or(0)))
    }

    pub fn add(&mut self, other: &Self) {
        self.saved += other.saved;
        self.confirmed += other.confirmed;
        self.refused += other.refused;
        for (fault, count) in &other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
    }
}

impl World {
    pub fn new(seed: u64) -> Self {
        let account = |device: &str, role| {
            let account = Account { user: device.into(), role, signed_in: true };
            (DeviceId::from(device), account)
        };
        let role = |at| {
            if at == MANAGER { Role::Manager } else { Role::Traveller }
        };
        let accounts = PHONES.iter().enumerate().map(|(at, device)| account(device, role(at))).collect();
        let phones = PHONES.iter().enumerate().map(|(at, device)| phone(device, role(at))).collect();
        Self {
            seed,
            steps: 0,
            random: Random(seed),
            now: build::MORNING,
            server: ModelServer::new(accounts),
            backups: vec![Database::default()],
            phones,
            saved: BTreeMap::new(),
            unwanted: BTreeSet::new(),
            counter: 0,
            report: Report::default(),
        }
    }

    pub fn report(self) -> Report {
        self.report
    }

    /// One thing happens, and the promise is checked.
    pub fn step(&mut self) {
        self.steps += 1;
        let ms = i64::try_from(self.random.below(3_000)).unwrap_or(0);
        self.pass(ms);
        let at = self.random.below(self.phones.len());
        let tab = self.random.below(self.phones[at].tabs.len());
        match self.random.below(20) {
            0..=3 => self.save(at, tab),
            4 => self.confirm(tab),
            5..=10 => self.progress(at, tab, true),
            11..=14 => self.progress(at, tab, false),
            15 => self.wake(at, tab),
            16 => self.tick(at, tab),
            17 => self.break_store(at),
            18 => self.break_something(at, tab),
            _ => self.backups.push(self.server.database.clone()),
        }
        self.check();
    }

    fn met(&mut self, fault: &'static str) {
        *self.report.faults.entry(fault).or_default() += 1;
    }

    fn save(&mut self, at: usize, tab: usize) {
        let (people, note) = match self.random.below(12) {
            0 => (PeopleState::NotSafe, "hurry"),
            1 => (PeopleState::Safe, REFUSED_NOTE),
            2 => (PeopleState::Safe, CHOKING_NOTE),
            _ => (PeopleState::Safe, "fine"),
        };
        let id = self.write(at, tab, build::checkin_body(people, note));
        if let (Some(id), REFUSED_NOTE | CHOKING_NOTE) = (id, note) {
            self.unwanted.insert(id);
        }
    }

    fn confirm(&mut self, tab: usize) {
        let waiting = block_on(self.phones[MANAGER].store.waiting(usize::MAX)).unwrap_or_default().first;
        if waiting.is_empty() {
            return;
        }
        let event = waiting[self.random.below(waiting.len())].record.event.clone();
        self.write(MANAGER, tab, build::confirmation_of(&event));
    }

    /// Saves, as the app does: whatever the store does not confirm was not said to be saved.
    fn write(&mut self, at: usize, tab: usize, body: Body) -> Option<EventId> {
        self.counter += 1;
        let urgent = body.is_urgent();
        let device = PHONES[at];
        let unsaved = build::unsaved(device, self.counter, body);
        let tab = tab.min(self.phones[at].tabs.len() - 1);
        let event = block_on(self.phones[at].store.save(unsaved, None)).ok()?;
        self.saved.insert(event.id, (at, event.digest));
        self.report.saved += 1;
        self.phones[at].wake(tab, Wake::Saved { urgent }, self.now);
        Some(event.id)
    }

    /// Something that is under way in this tab goes on, well or not.
    fn progress(&mut self, at: usize, tab: usize, well: bool) {
        let phone = &mut self.phones[at];
        let locked_by_another = phone.tabs.iter().enumerate().any(|(other, t)| other != tab && t.holds_lock);
        let count = phone.tabs[tab].pending.len();
        let Some(pending) = phone.tabs[tab].pending.remove(self.random.below(count)) else {
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
            let jitter = self.random.jitter();
            self.phones[at].do_store_work(tab, pending, self.now, jitter);
            return;
        }
        let reply = if well { Ok(self.serve(at, &pending)) } else { self.serve_badly(at, &pending) };
        let jitter = self.random.jitter();
        self.phones[at].answer(tab, &pending, reply, self.now, jitter);
    }

    fn serve(&mut self, at: usize, pending: &Pending) -> Response {
        let device = DeviceId::from(PHONES[at]);
        match pending {
            Pending::Records { request, .. } => self.server.records(&device, request.text(), self.now),
            Pending::Feed { request } => {
                let after =
                    parameter(&request.path, "after=").and_then(|text| text.parse().ok()).unwrap_or(0);
                let epoch = parameter(&request.path, "epoch=").map(|text| Epoch(text.to_owned()));
                self.server.feed(&device, after, epoch.as_ref(), 5)
            }
            _ => Response::default(),
        }
    }

    fn serve_badly(&mut self, at: usize, pending: &Pending) -> Result<Response, NoResponse> {
        let html = |status, body: &str| Response {
            status,
            content_type: "text/html".into(),
            retry_after: None,
            body: body.into(),
        };
        match self.random.below(11) {
            0 => {
                self.met("request lost");
                Err(NoResponse::Network)
            }
            1 => {
                self.met("reply lost");
                self.serve(at, pending);
                Err(NoResponse::Network)
            }
            2 => {
                self.met("delivered twice");
                self.serve(at, pending);
                Ok(self.serve(at, pending))
            }
            3 => {
                self.met("reply cut short");
                let mut reply = self.serve(at, pending);
                reply.body.truncate(self.random.below(reply.body.len()));
                Ok(reply)
            }
            4 => {
                self.met("captive portal");
                Ok(html(200, "<html>Sign in to the hotel's network</html>"))
            }
            5 => {
                self.met("204");
                Ok(html(204, ""))
            }
            6 => {
                self.met("413");
                Ok(html(413, "too large"))
            }
            7 => {
                self.met("429");
                Ok(Response { retry_after: Some("5".into()), ..html(429, "") })
            }
            8 => {
                self.met("500");
                Ok(html(500, ""))
            }
            9 => {
                self.met("timed out");
                self.serve(at, pending);
                Err(NoResponse::TimedOut)
            }
            _ => Ok(self.falsify(at, pending)),
        }
    }

    /// An answer whose receipts are not those for what was sent.
    fn falsify(&mut self, at: usize, pending: &Pending) -> Response {
        let mut reply = self.serve(at, pending);
        let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(&reply.body) else {
            return reply;
        };
        let drop_some = self.random.once_in(2);
        if let Some(receipts) = json["receipts"].as_array_mut() {
            if drop_some {
                receipts.truncate(receipts.len() / 2);
            } else {
                for receipt in receipts.iter_mut() {
                    receipt["digest"] = "0".repeat(64).into();
                }
            }
            reply.body = json.to_string().into_bytes();
            self.met(if drop_some { "receipts too few" } else { "receipts with wrong digest" });
        }
        reply
    }

    fn wake(&mut self, at: usize, tab: usize) {
        let why = [Wake::Online, Wake::Visible, Wake::Tap, Wake::Background][self.random.below(4)];
        if self.random.once_in(3) {
            self.phones[at].input(tab, Input::Offline);
        } else {
            self.phones[at].wake(tab, why, self.now);
        }
    }

    /// A timer goes off, now and then a little early.
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

    fn break_store(&mut self, at: usize) {
        let (fault, name) = [
            (Fault::Aborted, "transaction aborted"),
            (Fault::Full, "storage full"),
            (Fault::DeadHandle, "dead handle"),
            (Fault::KilledAfterCommit, "dead handle"),
        ][self.random.below(4)];
        self.phones[at].store.fail_next(fault);
        self.met(name);
    }

    fn break_something(&mut self, at: usize, tab: usize) {
        match self.random.below(8) {
            0..=3 => {
                self.phones[at].kill(tab);
                self.met("tab killed");
            }
            4 | 5 => {
                let signed_in = self.random.once_in(2);
                if let Some(account) = self.server.accounts.get_mut(&DeviceId::from(PHONES[at])) {
                    account.signed_in = signed_in;
                }
                if signed_in {
                    self.phones[at].wake(tab, Wake::SignedIn, self.now);
                } else {
                    self.met("signed out");
                }
            }
            6 => {
                let backup = self.random.below(self.backups.len());
                self.server.restore(self.backups[backup].clone());
                self.met("server restored");
            }
            _ => {
                self.phones[at].clock_error =
                    [0, -31_536_000_000, 31_536_000_000, 7_200_000][self.random.below(4)];
                self.met("clock jumped");
            }
        }
    }

    /// The promise.
    fn check(&self) {
        let mut feed_ids = BTreeSet::new();
        for (event, _) in &self.server.database.feed {
            assert!(feed_ids.insert(event.id), "{}: {} is twice in the feed", self.place(), event.id);
        }
        for (id, (at, digest)) in &self.saved {
            self.phones[*at].store.look(|disk| self.check_one(disk, *id, PHONES[*at], *digest));
        }
    }

    fn check_one(&self, disk: &Disk, id: EventId, phone: &str, digest: Digest) {
        let kept = disk.events.get(&id).filter(|row| row.record.event.digest == digest);
        let Some(row) = kept else { panic!("{}: {id} is gone from {phone}", self.place()) };
        let event = &row.record.event;
        let key = (u8::from(!event.body().is_ok_and(|body| body.is_urgent())), event.devseq);
        let queued = disk.outbox.get(&key).is_some_and(|entry| entry.id == id && entry.digest == digest);
        let refused = disk.refused.contains_key(&id);
        assert!(!(queued && refused), "{}: {id} is queued and refused", self.place());
        if queued || refused {
            return;
        }
        let Some((epoch, _)) = disk.receipts.get(&id) else {
            panic!("{}: {id} left {phone} without a receipt", self.place())
        };
        // A receipt of an earlier life is made good when the phone hears of the new one.
        let held = self.server.database.by_id.get(&id) == Some(&digest);
        assert!(held || *epoch != self.server.epoch(), "{}: nobody holds {id}", self.place());
    }

    fn place(&self) -> String {
        format!("seed {}, step {}", self.seed, self.steps)
    }

    /// The faults end: everything must arrive and be confirmed.
    pub fn heal(&mut self) {
        self.server.accounts.values_mut().for_each(|account| account.signed_in = true);
        for phone in &mut self.phones {
            phone.clock_error = 0;
            phone.store.heal();
        }
        for _ in 0..6 {
            self.settle_down();
            while block_on(self.phones[MANAGER].store.waiting(0)).unwrap_or_default().count > 0 {
                self.confirm(0);
            }
        }
        self.settle_down();
        self.check();
        self.check_arrived();
    }

    fn settle_down(&mut self) {
        for at in 0..self.phones.len() {
            for tab in 0..self.phones[at].tabs.len() {
                self.phones[at].wake(tab, Wake::SignedIn, self.now);
            }
        }
        for _ in 0..40_000 {
            self.pass(100);
            let mut busy = false;
            for at in 0..self.phones.len() {
                for tab in 0..self.phones[at].tabs.len() {
                    busy |= !self.phones[at].tabs[tab].pending.is_empty();
                    self.progress(at, tab, true);
                    self.tick_if_due(at, tab);
                }
            }
            if !busy && self.phones.iter().all(|phone| phone.tabs.iter().all(Tab::rests)) {
                return;
            }
        }
        panic!(
            "{}: it never came to rest: {:?}",
            self.place(),
            self.phones.iter().map(|p| &p.tabs).collect::<Vec<_>>()
        );
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

    fn check_arrived(&mut self) {
        for (id, (at, digest)) in &self.saved {
            let (refused, queued, waits) = self.phones[*at].store.look(|disk| {
                let body = disk.events.get(id).and_then(|row| row.record.event.body().ok());
                let waits = body.is_some_and(|body| body.waits_for_answer());
                (disk.refused.contains_key(id), disk.outbox.len(), waits)
            });
            let arrived = self.server.database.by_id.get(id) == Some(digest);
            let unwanted = self.unwanted.contains(id);
            assert_eq!(refused, unwanted, "{}: {id} refused: {refused}", self.place());
            assert_eq!(arrived, !unwanted, "{}: {id} arrived: {arrived}", self.place());
            assert_eq!(queued, 0, "{}: {} still queues", self.place(), PHONES[*at]);
            self.report.refused += u32::from(refused);
            if *at != MANAGER && !unwanted && waits {
                self.check_confirmed(*id, *at);
                self.report.confirmed += 1;
            }
        }
    }

    fn check_confirmed(&self, id: EventId, at: usize) {
        let store = &self.phones[at].store;
        let held = block_on(store.held(id)).ok().flatten();
        let about = block_on(store.about(&[id])).unwrap_or_default().pop().unwrap_or_default();
        let state = held.map(|held| RecordView::fold(&held, &about, PHONES[at], false).state);
        let confirmed = matches!(&state, Some(RecordState::Confirmed { by, .. }) if by == "manager");
        assert!(confirmed, "{}: {id} of {} is {state:?}", self.place(), PHONES[at]);
    }
}

fn phone(device: &str, role: Role) -> Phone {
    let store = MemoryStore::default();
    let session = Session {
        org: "acme".into(),
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
    let tabs = vec![Tab::default(), Tab::default()];
    Phone { store, tabs, clock_error: 0, world: build::MORNING }
}

fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let rest = &path[path.find(name)? + name.len()..];
    rest.split('&').next()
}
