//! Drives core's machines: does what they command, and tells them what came of it.

mod blobs;
mod carry;
mod live;
mod pull;
mod status;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::task::spawn_local;
use waymark_core::backend::reference;
use waymark_core::event::{EventId, Stamp};
use waymark_core::sync::{
    Answer, Command, FlightId, Input, LocalStore, Mode, PullInput, PullState, Queued, Session, Settlement,
    State, Wake, step,
};
use web_sys::AbortController;

use crate::actions::{refresh, reload_session};
use crate::browser::channel::{Channel, Word};
use crate::browser::{clock, events, http, locks, network, service_worker};
use crate::services::Stale;
use crate::state::AppState;
use crate::store::IdbStore;

/// One tab sends at a time.
const LOCK: &str = "waymark-courier";
/// Screens follow the queue no more often than this while it drains.
const REFRESH_MS: u32 = 250;

pub struct Courier {
    store: Rc<IdbStore>,
    session: Rc<RefCell<Option<Session>>>,
    stale: Rc<Stale>,
    app: Cell<Option<AppState>>,
    outbox: RefCell<State>,
    pull: RefCell<PullState>,
    loaded: RefCell<Vec<Queued>>,
    lock: RefCell<Option<locks::Lock>>,
    flight: RefCell<Option<AbortController>>,
    outbox_timer: RefCell<Option<Timeout>>,
    pull_timer: RefCell<Option<Timeout>>,
    refresh_timer: RefCell<Option<Timeout>>,
    /// When the screens last followed.
    refreshed: Cell<Stamp>,
    stream: RefCell<Option<AbortController>>,
    others: RefCell<Option<Channel>>,
    photos: blobs::Photos,
    /// What is carried for others is being handed over.
    handing: Cell<bool>,
}

impl Courier {
    pub fn new(store: Rc<IdbStore>, session: Rc<RefCell<Option<Session>>>, stale: Rc<Stale>) -> Rc<Self> {
        Rc::new(Self {
            store,
            session,
            stale,
            app: Cell::new(None),
            outbox: RefCell::default(),
            pull: RefCell::default(),
            loaded: RefCell::default(),
            lock: RefCell::default(),
            flight: RefCell::default(),
            outbox_timer: RefCell::default(),
            pull_timer: RefCell::default(),
            refresh_timer: RefCell::default(),
            refreshed: Cell::new(Stamp(0)),
            stream: RefCell::default(),
            others: RefCell::default(),
            photos: blobs::Photos::default(),
            handing: Cell::default(),
        })
    }

    /// Begins to listen and to send.
    pub fn start(self: &Rc<Self>, app: AppState) {
        self.app.set(Some(app));
        let this = self.later();
        events::on_window("online", move || this(&|courier| courier.wake(Wake::Online)));
        let this = self.later();
        events::on_window("offline", move || this(&|courier| courier.outbox_input(Input::Offline)));
        let this = self.later();
        service_worker::on_wake(move || this(&|courier| courier.wake(Wake::Background)));
        let this = self.later();
        events::on_visibility(move |visible| this(&|courier| courier.seen(visible)));
        let this = self.later();
        self.others.replace(Some(Channel::open(move |word| this(&|courier| courier.heard(word)))));
        if network::is_online() {
            self.wake(Wake::Visible);
        } else {
            self.outbox_input(Input::Offline);
        }
        live::start(self);
    }

    /// Something may have changed for the better: try to send, and look for news.
    pub fn wake(self: &Rc<Self>, why: Wake) {
        self.outbox_input(Input::Wake { why, now: clock::now() });
        let is_save = matches!(why, Wake::Saved { .. });
        if !is_save && self.session.borrow().is_some() {
            self.pull_input(PullInput::Wake { now: clock::now() });
        }
        if !is_save {
            self.wake_photos(true);
            self.hand_over_carried(false);
        }
    }

    /// A record was saved: the other tabs want to know, and Background Sync is to wake us if there is no network.
    pub fn saved(self: &Rc<Self>, urgent: bool) {
        self.tell_others(if urgent { Word::Urgent } else { Word::Changed });
        let waits = matches!(self.outbox.borrow().mode(), Mode::Waiting(_));
        if waits || !network::is_online() {
            spawn_local(service_worker::ask_to_be_woken());
        }
    }

    /// A word to the other tabs.
    pub fn tell_others(&self, word: Word) {
        if let Some(channel) = self.others.borrow().as_ref() {
            channel.tell(word);
        }
    }

    fn heard(self: &Rc<Self>, word: Word) {
        self.stale.all();
        match word {
            Word::Changed => {}
            Word::Urgent => {
                self.give_way();
                if !self.in_flight().is_empty() {
                    self.outbox_input(Input::Wake { why: Wake::Saved { urgent: true }, now: clock::now() });
                }
            }
            Word::SignedIn => {
                if let Some(app) = self.app.get() {
                    spawn_local(reload_session(app));
                }
            }
        }
        self.refresh_soon();
    }

    /// What is on its way right now.
    pub fn in_flight(&self) -> Vec<EventId> {
        self.outbox.borrow().in_flight().iter().map(|entry| entry.id).collect()
    }

    fn seen(self: &Rc<Self>, visible: bool) {
        if visible {
            // A frozen page misses the event that says so.
            self.wake(if network::is_online() { Wake::Online } else { Wake::Visible });
        }
        live::visibility(self, visible);
    }

    fn outbox_input(self: &Rc<Self>, input: Input) {
        let state = self.outbox.take();
        let (state, commands) = step(state, input);
        self.outbox.replace(state);
        for command in commands {
            self.perform(command);
        }
        status::show(self);
        self.follow_outbox();
    }

    fn perform(self: &Rc<Self>, command: Command) {
        match command {
            Command::Load { limit, passing_over } => {
                let this = Rc::clone(self);
                spawn_local(async move {
                    let lock = locks::acquire(LOCK).await;
                    this.lock.replace(Some(lock));
                    this.follow_session().await;
                    match this.store.head(limit, &passing_over).await {
                        Ok(queued) => this.take_up(queued),
                        Err(_) => this.store_failed(),
                    }
                });
            }
            Command::Send { flight, ids } => self.send(flight, &ids),
            Command::Abort { .. } => {
                if let Some(controller) = self.flight.borrow().as_ref() {
                    controller.abort();
                }
            }
            Command::Settle(settlement) => self.settle(settlement),
            Command::Release => {
                self.lock.take();
            }
            Command::WakeAt(at) => {
                let this = self.later();
                let timer = timer(at.ms_since(clock::now()), move || {
                    this(&|courier| courier.outbox_input(Input::Tick { now: clock::now() }));
                });
                self.outbox_timer.replace(Some(timer));
            }
        }
    }

    /// Another tab may have signed in again: what is sent goes out under the credential that is good now.
    async fn follow_session(&self) {
        if let Ok(meta) = self.store.meta().await
            && meta.session.is_some()
        {
            self.session.replace(meta.session);
        }
    }

    fn take_up(self: &Rc<Self>, queued: Vec<Queued>) {
        let entries = queued.iter().map(|queued| queued.entry.clone()).collect();
        self.loaded.replace(queued);
        self.outbox_input(Input::Loaded { entries, now: clock::now() });
    }

    fn send(self: &Rc<Self>, flight: FlightId, ids: &[EventId]) {
        let mut batch = self.loaded.take();
        batch.retain(|queued| ids.contains(&queued.entry.id));
        let Some(session) = self.session.borrow().clone() else {
            self.answered(flight, Answer::SignIn, 0);
            return;
        };
        let sent = clock::now();
        let request = reference::send(&session, &batch, sent);
        let controller = AbortController::new().ok();
        self.flight.replace(controller.clone());
        self.refresh_soon();
        let this = Rc::clone(self);
        spawn_local(async move {
            let reply = http::fetch(&request, controller.as_ref()).await;
            let now = clock::now();
            let answer = reference::read_send(reply, now);
            if let Answer::Receipts(receipts) = &answer {
                let half_way = sent.plus_ms(now.ms_since(sent) / 2);
                status::contact(&this, receipts.received.ms_since(half_way)).await;
            }
            this.answered(flight, answer, now.ms_since(sent));
        });
    }

    fn answered(self: &Rc<Self>, flight: FlightId, answer: Answer, took_ms: i64) {
        let (now, jitter) = (clock::now(), clock::jitter());
        self.outbox_input(Input::Answered { flight, answer, now, took_ms, jitter });
        self.refresh_soon();
    }

    fn settle(self: &Rc<Self>, settlement: Settlement) {
        let this = Rc::clone(self);
        spawn_local(async move {
            let settled = this.store.settle(&settlement).await;
            let stored = settlement.stored.iter().map(|(entry, _)| entry.id);
            this.stale.settled(stored.chain(settlement.refused.iter().map(|(entry, _)| entry.id)));
            match settled {
                Ok(()) => this.outbox_input(Input::Settled { now: clock::now() }),
                Err(_) => this.store_failed(),
            }
            this.refresh_soon();
            this.tell_others(Word::Changed);
        });
    }

    fn store_failed(self: &Rc<Self>) {
        self.outbox_input(Input::StoreFailed { now: clock::now(), jitter: clock::jitter() });
    }

    /// Lets the screens follow: at once, but not at every single step of a long drain.
    fn refresh_soon(self: &Rc<Self>) {
        let Some(app) = self.app.get() else { return };
        if self.refresh_timer.borrow().is_some() {
            return;
        }
        let rested = clock::now().ms_since(self.refreshed.get());
        let this = Rc::downgrade(self);
        // A clock that is put back keeps nobody waiting for long.
        let wait = i64::from(REFRESH_MS).saturating_sub(rested.max(0));
        let timer = timer(wait, move || {
            if let Some(this) = this.upgrade() {
                this.refresh_timer.borrow_mut().take();
                this.refreshed.set(clock::now());
            }
            spawn_local(refresh(app));
        });
        self.refresh_timer.replace(Some(timer));
    }

    /// A callback that does something with the courier if it still exists.
    fn later(self: &Rc<Self>) -> impl Fn(&Work<'_>) + 'static {
        let this = Rc::downgrade(self);
        move |work| {
            if let Some(this) = this.upgrade() {
                work(&this);
            }
        }
    }
}

/// Something to do with a courier.
type Work<'a> = dyn Fn(&Rc<Courier>) + 'a;

/// A timer for a moment that may be past; browsers count to 2³¹ ms.
fn timer(ms: i64, then: impl FnOnce() + 'static) -> Timeout {
    Timeout::new(u32::try_from(ms.clamp(0, i64::from(i32::MAX))).unwrap_or(0), then)
}
