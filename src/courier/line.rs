//! One backend's part of the outbox: drives core's machine for it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::task::spawn_local;
use waymark_core::backend::deliver;
use waymark_core::event::{EventId, Stamp};
use waymark_core::sync::{
    Answer, Command, Destination, FlightId, Footing, Head, Input, LocalStore, Queued, Settlement, State, To,
    Wake, step,
};
use web_sys::AbortController;

use super::{Courier, status, talk, timer};
use crate::browser::channel::Word;
use crate::browser::{clock, locks};

/// One tab sends at a time.
const LOCK: &str = "waymark-courier";

pub struct Line {
    pub(super) to: To,
    pub(super) destination: Destination,
    pub(super) state: RefCell<State>,
    /// When the backend last answered, by this phone's clock.
    pub(super) heard: Cell<Option<Stamp>>,
    loaded: RefCell<Vec<Queued>>,
    /// What is loaded is sent by this.
    footing: RefCell<Footing>,
    lock: RefCell<Option<locks::Lock>>,
    flight: RefCell<Option<AbortController>>,
    timer: RefCell<Option<Timeout>>,
    /// The place is no longer one of this phone's under this number: nothing more is sent, and nothing settled.
    ended: Cell<bool>,
}

impl Line {
    pub(super) fn new(to: To, destination: Destination) -> Rc<Self> {
        Rc::new(Self {
            to,
            destination,
            state: RefCell::default(),
            heard: Cell::default(),
            loaded: RefCell::default(),
            footing: RefCell::default(),
            lock: RefCell::default(),
            flight: RefCell::default(),
            timer: RefCell::default(),
            ended: Cell::default(),
        })
    }

    /// What is on its way right now.
    pub(super) fn in_flight(&self) -> Vec<EventId> {
        self.state.borrow().in_flight().iter().map(|entry| entry.id).collect()
    }

    pub(super) fn input(self: &Rc<Self>, courier: &Rc<Courier>, input: Input) {
        if self.ended.get() {
            self.lock.take();
            // The store failed when it was asked what comes in its place.
            if courier.goes_by(self) {
                let (this, courier) = (Rc::clone(self), Rc::clone(courier));
                spawn_local(async move { this.give_up(&courier).await });
            }
            return;
        }
        let (state, commands) = step(self.state.take(), input);
        self.state.replace(state);
        for command in commands {
            self.perform(courier, command);
        }
        status::show(courier);
        if self.to == To::HOME {
            courier.follow_outbox();
        }
    }

    fn perform(self: &Rc<Self>, courier: &Rc<Courier>, command: Command) {
        match command {
            Command::Load { limit, passing_over } => {
                let (this, courier) = (Rc::clone(self), Rc::clone(courier));
                spawn_local(async move {
                    let lock = locks::acquire(&this.lock_name()).await;
                    this.lock.replace(Some(lock));
                    let Ok(Head { queued, meta }) = courier.store.head(this.to, limit, &passing_over).await
                    else {
                        return this.store_failed(&courier);
                    };
                    let footing = meta.footing(this.to, &this.destination);
                    let Some(footing) = footing.filter(|_| !this.ended.get()) else {
                        return this.give_up(&courier).await;
                    };
                    let footing = Footing { session: courier.follow(footing.session), ..footing };
                    // A tab that was killed may have added a place, and told nobody.
                    let added = courier.go_by(&meta);
                    this.take_up(&courier, footing, queued);
                    if added.iter().any(|line| line.to == To::HOME) {
                        // What comes from there is to be read, too.
                        return courier.wake(Wake::Background);
                    }
                    for line in added {
                        line.input(&courier, Input::Wake { why: Wake::Background, now: clock::now() });
                    }
                });
            }
            Command::Send { flight, ids } => self.send(courier, flight, &ids),
            Command::Abort { .. } => {
                if let Some(controller) = self.flight.borrow().as_ref() {
                    controller.abort();
                }
            }
            Command::Settle(settlement) => self.settle(courier, settlement),
            Command::Release => {
                self.lock.take();
            }
            Command::WakeAt(at) => {
                let (this, courier) = (Rc::downgrade(self), Rc::downgrade(courier));
                let timer = timer(at.ms_since(clock::now()), move || {
                    if let (Some(this), Some(courier)) = (this.upgrade(), courier.upgrade()) {
                        this.input(&courier, Input::Tick { now: clock::now() });
                    }
                });
                self.timer.replace(Some(timer));
            }
        }
    }

    fn lock_name(&self) -> String {
        if self.to == To::HOME { LOCK.to_owned() } else { format!("{LOCK}-{}", self.to.0) }
    }

    /// Another tab has changed where records go.
    async fn give_up(&self, courier: &Rc<Courier>) {
        self.end();
        // If the store fails now, the next wake comes here again.
        if courier.redirect().await.is_ok() {
            courier.wake(Wake::Background);
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.ended.get()
    }

    /// Nothing more is sent from here: the backend is no longer one of this phone's.
    pub(super) fn end(&self) {
        self.ended.set(true);
        self.lock.take();
        self.timer.take();
        if let Some(controller) = self.flight.take() {
            controller.abort();
        }
    }

    fn take_up(self: &Rc<Self>, courier: &Rc<Courier>, footing: Footing, queued: Vec<Queued>) {
        let input = footing.look_through(&queued, clock::now());
        self.loaded.replace(queued);
        self.footing.replace(footing);
        self.input(courier, input);
    }

    fn send(self: &Rc<Self>, courier: &Rc<Courier>, flight: FlightId, ids: &[EventId]) {
        let mut batch = self.loaded.take();
        batch.retain(|queued| ids.contains(&queued.entry.id));
        let Footing { session, epoch, clockoffset } = self.footing.take();
        let Some(session) = session else {
            self.answered(courier, flight, Answer::SignIn, 0);
            return;
        };
        let controller = AbortController::new().ok();
        self.flight.replace(controller.clone());
        courier.refresh_soon();
        let (this, courier) = (Rc::clone(self), Rc::clone(courier));
        spawn_local(async move {
            let (now, watch) = (clock::now(), clock::Stopwatch::start());
            let dialogue = deliver(&this.destination, &session, epoch.as_ref(), &batch, now, clockoffset);
            let answer = talk(dialogue, controller.as_ref()).await;
            // Somebody may have set the clock meanwhile.
            let (now, took_ms) = (clock::now(), watch.took_ms());
            if let Answer::Receipts(receipts) = &answer {
                this.heard.set(Some(now));
                if this.destination.is_ours() {
                    let half_way = now.plus_ms(-took_ms / 2);
                    status::contact(&courier, receipts.received.ms_since(half_way)).await;
                } else if this.to == To::HOME {
                    status::heard(&courier);
                }
            }
            this.answered(&courier, flight, answer, took_ms);
        });
    }

    fn answered(self: &Rc<Self>, courier: &Rc<Courier>, flight: FlightId, answer: Answer, took_ms: i64) {
        let (now, jitter) = (clock::now(), clock::jitter());
        self.input(courier, Input::Answered { flight, answer, now, took_ms, jitter });
        courier.refresh_soon();
    }

    fn settle(self: &Rc<Self>, courier: &Rc<Courier>, settlement: Settlement) {
        let (this, courier) = (Rc::clone(self), Rc::clone(courier));
        spawn_local(async move {
            if this.ended.get() {
                return this.give_up(&courier).await;
            }
            let settled = courier.store.settle(this.to, Some(&this.destination), &settlement).await;
            let stored = settlement.stored.iter().map(|(entry, _)| entry.id);
            courier.stale.settled(stored.chain(settlement.refused.iter().map(|(entry, _)| entry.id)));
            match settled {
                Ok(true) => this.input(&courier, Input::Settled { now: clock::now() }),
                // The answer took its time: another tab has changed the places since.
                Ok(false) => return this.give_up(&courier).await,
                Err(_) => this.store_failed(&courier),
            }
            courier.refresh_soon();
            courier.tell_others(Word::Changed);
        });
    }

    fn store_failed(self: &Rc<Self>, courier: &Rc<Courier>) {
        self.input(courier, Input::StoreFailed { now: clock::now(), jitter: clock::jitter() });
    }
}
