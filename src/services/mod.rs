//! What actions and the courier work with; screens never see it.

mod readings;
mod stale;

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{RwSignal, Update as _, WithUntracked as _};
use waymark_core::sync::{LocalStore, Session};

use crate::courier::Courier;
use crate::state::{AppState, CarrySeen};
use crate::store::{DATABASE, IdbStore};

pub use readings::Readings;
pub use stale::{Stale, ToRead};

#[derive(Clone)]
pub struct Services {
    pub store: Rc<IdbStore>,
    pub courier: Rc<Courier>,
    pub stale: Rc<Stale>,
    /// See [`AppState::carry`].
    pub carry: RwSignal<CarrySeen>,
    /// Of the records.
    pub readings: Rc<Readings>,
    pub carry_readings: Rc<Readings>,
    session: Rc<RefCell<Option<Session>>>,
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
        let (readings, carry_readings) = Default::default();
        Self { courier, store, stale, carry: RwSignal::default(), readings, carry_readings, session }
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
