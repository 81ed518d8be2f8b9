use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use leptos::prelude::*;
use waymark_core::event::{AreaLevel, EventId, Person, Stamp, UserId, WatchRules};
use waymark_core::view::Movement;

/// A movement as it was last read; the same reading is the same thing.
#[derive(Clone)]
pub struct Shown(Arc<Movement>);

impl Shown {
    pub(crate) fn new(movement: Movement) -> Self {
        Self(Arc::new(movement))
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Shown {
    type Target = Movement;

    fn deref(&self) -> &Movement {
        &self.0
    }
}

/// The movements that nobody has closed; kept up to date by [`crate::actions::refresh`].
#[derive(Clone, Copy)]
pub struct MovementsState {
    pub open: RwSignal<HashMap<EventId, Shown>>,
    /// The store has been read for the first time.
    pub loaded: RwSignal<bool>,
    /// Who works here and what rules of the watch there are, as last heard from the backend.
    pub directory: RwSignal<Directory>,
}

/// See [`MovementsState::directory`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Directory {
    pub people: Vec<Person>,
    pub levels: BTreeMap<AreaLevel, WatchRules>,
}

impl Directory {
    pub fn rules(&self, level: &AreaLevel) -> WatchRules {
        self.levels.get(level).copied().unwrap_or_else(|| WatchRules::of_level(level))
    }
}

impl Default for MovementsState {
    fn default() -> Self {
        Self { open: RwSignal::default(), loaded: RwSignal::new(false), directory: RwSignal::default() }
    }
}

impl MovementsState {
    /// One open movement; tracks only that one's changes when used in a memo.
    pub fn get(self, id: EventId) -> Option<Shown> {
        self.open.with(|open| open.get(&id).cloned())
    }

    /// The movement this person travels in: the nearest to its departure that is under way or about to leave. One that
    /// has arrived and that nobody has closed comes last.
    pub fn current(self, me: &UserId, now: Stamp) -> Option<Shown> {
        self.travelled(me, now).into_iter().find(|movement| {
            movement.closed.is_none()
                && (movement.is_under_way() || movement.plan.plan.depart.ms_since(now) < ABOUT_TO_LEAVE_MS)
        })
    }

    /// All open movements this person travels in, the most likely one first at this moment.
    pub fn travelled(self, me: &UserId, now: Stamp) -> Vec<Shown> {
        self.open.with(|open| {
            let mut mine: Vec<Shown> =
                open.values().filter(|movement| movement.travels(me)).cloned().collect();
            let away = |movement: &Shown| movement.plan.plan.depart.ms_since(now).abs();
            mine.sort_by_cached_key(|movement| (movement.has_arrived(), away(movement), movement.id));
            mine
        })
    }
}

/// Who says something this long before leaving means the movement; earlier, something else.
const ABOUT_TO_LEAVE_MS: i64 = 2 * 3_600_000;
