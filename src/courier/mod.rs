//! Drives core's machines: does what they command, and tells them what came of it.

mod blobs;
mod carry;
mod line;
mod live;
mod pull;
mod status;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::task::spawn_local;
use waymark_core::backend::{Dialogue, Turn};
use waymark_core::event::{EventId, Stamp};
use waymark_core::sync::{
    Destination, Input, LocalStore, Meta, Mode, PullInput, PullState, Reader, Session, StoreError, To, Wake,
};
use web_sys::AbortController;

use crate::actions::{refresh, reload_session};
use crate::browser::channel::{Channel, Word};
use crate::browser::{clock, events, http, network, service_worker};
use crate::services::Stale;
use crate::state::AppState;
use crate::store::IdbStore;
use line::Line;

/// Screens follow the queue no more often than this while it drains.
const REFRESH_MS: u32 = 250;

pub struct Courier {
    store: Rc<IdbStore>,
    session: Rc<RefCell<Option<Session>>>,
    stale: Rc<Stale>,
    app: Cell<Option<AppState>>,
    /// The home's comes first.
    lines: RefCell<Vec<Rc<Line>>>,
    pull: RefCell<PullState>,
    asked: RefCell<Option<Reader>>,
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
            lines: RefCell::new(vec![Line::new(To::HOME, Destination::own_server())]),
            pull: RefCell::default(),
            asked: RefCell::default(),
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
        events::on_window("offline", move || this(&|courier| courier.all_lines(&Input::Offline)));
        let this = self.later();
        service_worker::on_wake(move || this(&|courier| courier.wake(Wake::Background)));
        let this = self.later();
        events::on_visibility(move |visible| this(&|courier| courier.seen(visible)));
        let this = self.later();
        self.others.replace(Some(Channel::open(move |word| this(&|courier| courier.heard(word)))));
        if network::is_online() {
            self.wake(Wake::Visible);
        } else {
            self.all_lines(&Input::Offline);
        }
        live::start(self);
    }

    /// Something may have changed for the better: try to send, and look for news.
    pub fn wake(self: &Rc<Self>, why: Wake) {
        self.all_lines(&Input::Wake { why, now: clock::now() });
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
        let waiting = |line: &Rc<Line>| matches!(line.state.borrow().mode(), Mode::Waiting(_));
        let waits = self.lines.borrow().iter().any(waiting);
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
                let urgent = Input::Wake { why: Wake::Saved { urgent: true }, now: clock::now() };
                let lines = self.lines.borrow().clone();
                for line in lines.iter().filter(|line| !line.in_flight().is_empty()) {
                    line.input(self, urgent.clone());
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
        self.home().in_flight()
    }

    fn seen(self: &Rc<Self>, visible: bool) {
        if visible {
            // A frozen page misses the event that says so.
            self.wake(if network::is_online() { Wake::Online } else { Wake::Visible });
        }
        live::visibility(self, visible);
    }

    /// The backend from which this phone reads, and without which no record counts as sent.
    pub(super) fn home(&self) -> Rc<Line> {
        Rc::clone(&self.lines.borrow()[0])
    }

    /// The home and its mirrors, as this tab knows them.
    pub fn places(&self) -> (Option<Destination>, Vec<Destination>) {
        let mut all =
            self.lines.borrow().iter().map(|line| line.destination.clone()).collect::<Vec<_>>().into_iter();
        (all.next(), all.collect())
    }

    /// Whether the home is a server of ours, whoever is signed in there.
    pub fn has_server(&self) -> bool {
        self.home().destination.is_ours()
    }

    /// Whether this is still one of those that it sends by.
    fn goes_by(&self, line: &Rc<Line>) -> bool {
        self.lines.borrow().iter().any(|other| Rc::ptr_eq(line, other))
    }

    fn all_lines(self: &Rc<Self>, input: &Input) {
        let lines = self.lines.borrow().clone();
        for line in lines {
            line.input(self, input.clone());
        }
    }

    /// Records go where the store says from now on.
    ///
    /// # Errors
    /// If the store cannot be read; then they go where they went.
    pub async fn redirect(self: &Rc<Self>) -> Result<(), StoreError> {
        self.go_by(&self.store.meta().await?);
        Ok(())
    }

    /// Records go where the store says, which is `meta`. Gives the lines that begin now; nobody has woken them.
    fn go_by(self: &Rc<Self>, meta: &Meta) -> Vec<Rc<Line>> {
        let before = self.lines.borrow().clone();
        let line = |(to, destination): (To, Destination)| {
            let is_it =
                |line: &&Rc<Line>| line.to == to && line.destination == destination && !line.has_ended();
            let same = before.iter().find(is_it);
            same.map_or_else(|| Line::new(to, destination), Rc::clone)
        };
        let lines: Vec<Rc<Line>> = meta.places().map(line).collect();
        let is_in = |line: &Rc<Line>, all: &[Rc<Line>]| all.iter().any(|other| Rc::ptr_eq(line, other));
        let added: Vec<_> = lines.iter().filter(|line| !is_in(line, &before)).map(Rc::clone).collect();
        before.iter().filter(|line| !is_in(line, &lines)).for_each(|line| line.end());
        if added.is_empty() && lines.len() == before.len() {
            return added;
        }
        self.lines.replace(lines);
        status::show(self);
        added
    }

    /// Another tab may have signed in again: what is sent goes out under the credential that is good now, which is
    /// `stored`. A store that was emptied knows nobody.
    fn follow(&self, stored: Option<Session>) -> Option<Session> {
        if stored.is_some() {
            self.session.replace(stored);
        }
        self.session.borrow().clone()
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

/// Makes the requests of a dialogue until there is an answer. `abort` takes back whichever is on its way.
pub async fn talk<A>(mut dialogue: Box<dyn Dialogue<Answer = A>>, abort: Option<&AbortController>) -> A {
    let mut turn = dialogue.open(clock::now());
    loop {
        match turn {
            Turn::Done(answer) => return answer,
            Turn::Ask(request) => {
                let reply = http::fetch(&request, abort).await;
                turn = dialogue.reply(reply, clock::now());
            }
        }
    }
}
