use std::collections::HashMap;
use std::sync::Arc;

use leptos::prelude::*;
use waymark_core::event::{EventId, KnownPhone, Person, Stamp, UserId};
use waymark_core::rules::levels::Levels;
use waymark_core::rules::overdue::{Verdict, verdict};
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
#[derive(Clone, Copy, Default)]
pub struct MovementsState {
    pub open: RwSignal<HashMap<EventId, Shown>>,
    /// How each of them stands, by the server's clock.
    pub judged: RwSignal<HashMap<EventId, Judged>>,
    /// How far the store has been read for the first time.
    pub reading: RwSignal<Reading>,
    /// Who works here and what rules of the watch there are, as last heard from the backend.
    pub directory: RwSignal<Directory>,
}

/// A movement and how it stands until `until`, if nothing comes in.
#[derive(Clone, PartialEq)]
pub struct Judged {
    pub movement: Shown,
    pub verdict: Arc<Verdict>,
    from: Stamp,
    until: Option<Stamp>,
}

impl Judged {
    fn new(movement: &Shown, now: Stamp) -> Self {
        let verdict = verdict(movement, now);
        let until = verdict.next_look();
        Self { movement: movement.clone(), verdict: Arc::new(verdict), from: now, until }
    }

    fn still_holds(&self, movement: &Shown, now: Stamp) -> bool {
        self.movement == *movement && now >= self.from && self.until.is_none_or(|until| now < until)
    }
}

/// What has changed since `last` is judged anew; `None` if nothing has.
pub(super) fn judge_all(
    open: &HashMap<EventId, Shown>,
    last: &HashMap<EventId, Judged>,
    now: Stamp,
) -> Option<HashMap<EventId, Judged>> {
    let mut changed = open.len() != last.len();
    let mut judged = HashMap::with_capacity(open.len());
    for (id, movement) in open {
        let known = last.get(id).filter(|known| known.still_holds(movement, now)).cloned();
        changed |= known.is_none();
        judged.insert(*id, known.unwrap_or_else(|| Judged::new(movement, now)));
    }
    changed.then_some(judged)
}

/// See [`MovementsState::reading`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reading {
    #[default]
    NotBegun,
    /// The first movements are there.
    Begun,
    Done,
}

/// See [`MovementsState::directory`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Directory {
    pub people: Vec<Person>,
    /// When the backend last heard from the phones of others; for those who watch.
    pub phones: Vec<KnownPhone>,
    /// Those that the server's operator set.
    pub levels: Levels,
}

impl MovementsState {
    /// Whether all that the store holds has been read; tracks.
    pub fn are_read(self) -> bool {
        self.reading.get() == Reading::Done
    }

    /// One open movement; tracks only that one's changes when used in a memo.
    pub fn get(self, id: EventId) -> Option<Shown> {
        self.open.with(|open| open.get(&id).cloned())
    }

    /// The movement this person travels in: the nearest to its departure that is under way or about to leave. One that
    /// has arrived and that nobody has closed comes last, and an exercise after all that is real.
    pub fn current(self, me: &UserId, now: Stamp) -> Option<Shown> {
        self.all_current(me, now).into_iter().next()
    }

    /// All that are under way or about to leave, the most likely one first.
    pub fn all_current(self, me: &UserId, now: Stamp) -> Vec<Shown> {
        let mut all = self.travelled(me, now);
        all.retain(|movement| {
            movement.closed.is_none()
                && (movement.is_under_way() || movement.plan.plan.depart.ms_since(now) < ABOUT_TO_LEAVE_MS)
        });
        all
    }

    /// All open movements this person travels in, the most likely one first at this moment.
    pub fn travelled(self, me: &UserId, now: Stamp) -> Vec<Shown> {
        self.open.with(|open| {
            let mut mine: Vec<Shown> =
                open.values().filter(|movement| movement.travels(me)).cloned().collect();
            let away = |movement: &Shown| movement.plan.plan.depart.ms_since(now).abs();
            mine.sort_by_cached_key(|movement| {
                (movement.exercise, movement.has_arrived(), away(movement), movement.id)
            });
            mine
        })
    }
}

/// Who says something this long before leaving means the movement; earlier, something else.
const ABOUT_TO_LEAVE_MS: i64 = 2 * 3_600_000;
