//! What screens read. Screens never fetch: [`crate::actions`] and the courier write here, screens follow.

mod attention;
mod carry;
mod chain;
mod device;
mod guidance;
mod movements;
mod photos;
mod records;
mod session;
mod standards;
mod sync;

use leptos::prelude::*;
use waymark_core::event::{AreaLevel, Stamp, WatchRules};
use waymark_core::layer::Layer;
use waymark_core::rules::levels::rules_of;
pub use waymark_core::sync::UnsentLoss;

pub use attention::{Attention, Permission, Sound};
pub use carry::{Answered, CarriedFor, CarryOutcome, CarrySeen, CarryTrouble, Stranger, TookIn};
pub use chain::ChainState;
pub use device::{DeviceState, FixState, StorageReport, Theme};
pub use guidance::{GuidanceStanding, GuidanceState, PackTrouble};
use movements::judge_all;
pub use movements::{Directory, Judged, MovementsState, Reading, Shown};
pub use photos::{PhotoSize, PhotosState, SendingPhoto};
pub use records::{RecordsState, WaitingList};
pub use session::{Person, SessionState};
pub use standards::{StandardsSeen, StandardsTrouble};
pub use sync::{BackendState, Live, SyncPhase, SyncStatus};

use crate::reactive::{effect, memo};
use crate::services::Services;

const MINUTE_MS: i64 = 60_000;

/// Everything a screen can know. One context, `Copy`, provided once by [`AppState::provide`].
#[derive(Clone, Copy)]
pub struct AppState {
    pub session: RwSignal<SessionState>,
    pub sync: RwSignal<SyncStatus>,
    pub live: RwSignal<Live>,
    pub records: RecordsState,
    pub movements: MovementsState,
    pub chain: ChainState,
    pub guidance: GuidanceState,
    pub standards: RwSignal<StandardsSeen>,
    /// The organisation's own layers of the map, by name.
    pub layers: RwSignal<Vec<(String, Layer)>>,
    pub photos: PhotosState,
    pub device: DeviceState,
    pub attention: RwSignal<Attention>,
    /// The phone's clock, moved on every few seconds for texts such as "47 min ago".
    pub now: RwSignal<Stamp>,
    /// The same, at the last full minute: long lists say no more than that of when something was.
    pub minute: Memo<i64>,
    services: StoredValue<Services, LocalStorage>,
}

impl AppState {
    /// Makes the state and hands it to everything below.
    pub fn provide(services: Services, now: Stamp) -> Self {
        let now = RwSignal::new(now);
        let state = Self {
            session: RwSignal::new(SessionState::Loading),
            sync: RwSignal::new(SyncStatus::default()),
            live: RwSignal::new(Live::default()),
            records: RecordsState::default(),
            movements: MovementsState::default(),
            chain: ChainState::default(),
            guidance: GuidanceState::default(),
            standards: RwSignal::default(),
            layers: RwSignal::default(),
            photos: PhotosState::default(),
            device: DeviceState::default(),
            attention: RwSignal::default(),
            now,
            minute: memo(move || now.get().0.div_euclid(MINUTE_MS) * MINUTE_MS),
            services: StoredValue::new_local(services),
        };
        provide_context(state);
        state.keep_judging();
        state
    }

    /// The state of this app; every screen stands below the one place that provides it.
    ///
    /// # Panics
    /// Outside of the app.
    pub fn get() -> Self {
        expect_context()
    }

    /// For actions and the courier only.
    pub(crate) fn services(self) -> Services {
        self.services.get_value()
    }

    /// What travels by hand. It lives beside this state, which is handed around by value and is large enough.
    pub fn carry(self) -> RwSignal<CarrySeen> {
        self.services.with_value(|services| services.carry)
    }

    /// The signed-in person, if there is one; tracks.
    pub fn person(self) -> Option<Person> {
        self.session.with(|session| match session {
            SessionState::SignedIn(person) => Some(person.clone()),
            SessionState::Loading | SessionState::SignedOut => None,
        })
    }

    /// The places to which records go, the home first; tracks.
    pub fn backends<T>(self, read: impl FnOnce(&[BackendState]) -> T) -> T {
        self.sync.with(|sync| read(&sync.backends))
    }

    /// The time by the server's clock, as well as is known; tracks. What is watched is judged by it.
    pub fn server_now(self) -> Stamp {
        let offset = self.sync.with(|sync| sync.clockoffset);
        self.now.get().corrected(offset)
    }

    /// How closely people are watched on this level: as the server's operator set it, else the organisation's pack, else
    /// as is usual; tracks.
    pub fn watch_rules(self, level: &AreaLevel) -> WatchRules {
        self.movements.directory.with(|directory| {
            self.guidance.rules.with(|pack| rules_of(level, &directory.levels, &pack.levels))
        })
    }

    /// The movement that whoever is signed in travels in; tracks.
    pub fn my_movement(self) -> Memo<Option<Shown>> {
        memo(move || self.movements.current(&self.person()?.user, self.server_now()))
    }

    /// How many movements are overdue, for those who watch; tracks.
    pub fn late_movements(self) -> Memo<usize> {
        memo(move || {
            let late = |judged: &&Judged| judged.verdict.stage.is_overdue() && !judged.movement.exercise;
            let watches = self.person().is_some_and(|person| person.role.watches());
            if watches { self.movements.judged.with(|all| all.values().filter(late).count()) } else { 0 }
        })
    }

    /// Judges every open movement whenever one changes and as time goes by.
    fn keep_judging(self) {
        effect(move || {
            let now = self.server_now();
            let open = self.movements.open.get();
            let judged = self.movements.judged.with_untracked(|last| judge_all(&open, last, now));
            if let Some(judged) = judged {
                self.movements.judged.set(judged);
            }
        });
    }

    /// As [`Self::person`], without tracking.
    pub fn person_untracked(self) -> Option<Person> {
        untrack(|| self.person())
    }
}
