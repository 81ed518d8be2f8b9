//! What actions and the courier work with; screens never see it.

mod stale;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::{RwSignal, Update as _, WithUntracked as _};
use waymark_core::sync::{LocalStore, Session};

use crate::courier::Courier;
use crate::state::{AppState, CarrySeen};
use crate::store::{DATABASE, IdbStore};

pub use stale::{Stale, ToRead};

#[derive(Clone)]
pub struct Services {
    pub store: Rc<IdbStore>,
    pub courier: Rc<Courier>,
    pub stale: Rc<Stale>,
    /// See [`AppState::carry`].
    pub carry: RwSignal<CarrySeen>,
    session: Rc<RefCell<Option<Session>>>,
    refreshes: Rc<Refreshes>,
}

/// Which reading of the store began when, so that a slow one does not overwrite what a later one has shown.
#[derive(Default)]
struct Refreshes {
    begun: Cell<u32>,
    shown: Cell<u32>,
}

/// A clock that is off by less than this is not worth noting again.
const CLOCK_NEWS_MS: i64 = 1_000;

impl Services {
    pub fn new() -> Self {
        let store = Rc::new(IdbStore::new(DATABASE));
        let session = Rc::default();
        let stale: Rc<Stale> = Rc::default();
        stale.all();
        let courier = Courier::new(Rc::clone(&store), Rc::clone(&session), Rc::clone(&stale));
        Self { courier, store, stale, carry: RwSignal::default(), session, refreshes: Rc::default() }
    }

    /// A reading of the store begins; gives its number.
    pub fn refresh_begins(&self) -> u32 {
        self.refreshes.begun.set(self.refreshes.begun.get() + 1);
        self.refreshes.begun.get()
    }

    /// Whether what this reading found is still news.
    pub fn may_show(&self, refresh: u32) -> bool {
        let news = refresh > self.refreshes.shown.get();
        if news {
            self.refreshes.shown.set(refresh);
        }
        news
    }

    /// Who is signed in, with the credential.
    pub fn session(&self) -> Option<Session> {
        self.session.borrow().clone()
    }

    /// Who is signed in to a server of ours, if the home is one: others have no directory, packs, photos or notices.
    pub fn server_session(&self) -> Option<Session> {
        self.session().filter(|_| self.courier.has_server())
    }

    /// Whether whoever asked is who is signed in now: what was answered to another is not for them.
    pub fn is_still(&self, asked: &Session) -> bool {
        self.session().is_some_and(|own| own.org == asked.org && own.device == asked.device)
    }

    pub fn set_session(&self, session: Option<Session>) {
        self.session.replace(session);
    }

    /// Remembers how wrong this phone's clock is.
    pub async fn learn_clock(&self, app: AppState, offset: i64) {
        let known = app.sync.with_untracked(|sync| sync.clockoffset);
        if known.is_some_and(|known| (known - offset).abs() < CLOCK_NEWS_MS) {
            return;
        }
        app.sync.update(|sync| sync.clockoffset = Some(offset));
        // If it cannot be stored, it is measured again at the next contact.
        let _ = self.store.learn_clock(offset).await;
    }
}

impl Default for Services {
    fn default() -> Self {
        Self::new()
    }
}
