use leptos::prelude::*;
use waymark_core::event::{Body, EventId};
use waymark_core::view::RecordView;

use crate::reactive::memo;

/// The records that screens show; kept up to date by [`crate::actions::refresh`].
#[derive(Clone, Copy)]
pub struct RecordsState {
    /// Newest first; as many as have been asked for.
    pub newest: RwSignal<Vec<RecordView>>,
    /// Whether there are older ones than `newest` holds.
    pub more: RwSignal<bool>,
    pub waiting: RwSignal<WaitingList>,
    /// Rises with every change to what the store holds; a screen that shows one record reads it again then.
    pub revision: RwSignal<u32>,
    pub(crate) wanted: RwSignal<Wanted>,
}

/// Records of others that wait for an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WaitingList {
    /// All emergencies, then the urgent ones and the oldest, as many of those as have been asked for.
    pub first: Vec<RecordView>,
    /// How many wait in all.
    pub count: usize,
    /// How many of them are check-ins of exercises.
    pub drills: usize,
}

impl WaitingList {
    /// How many wait in earnest: exercises are in no figure.
    pub fn real(&self) -> usize {
        self.count - self.drills.min(self.count)
    }
}

/// How many of each list are to be kept at hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub newest: usize,
    pub waiting: usize,
}

/// Enough for the first screens; the list asks for more as it is scrolled.
pub(crate) const FIRST_PAGE: usize = 30;

impl Default for RecordsState {
    fn default() -> Self {
        Self {
            newest: RwSignal::default(),
            more: RwSignal::new(false),
            waiting: RwSignal::default(),
            revision: RwSignal::new(0),
            wanted: RwSignal::new(Wanted { newest: FIRST_PAGE, waiting: FIRST_PAGE }),
        }
    }
}

impl RecordsState {
    /// The newest check-in or emergency of this phone.
    pub fn latest_mine(self) -> Memo<Option<RecordView>> {
        memo(move || self.newest.with(|records| records.iter().find(|record| record.mine).cloned()))
    }

    /// The newest emergency of this phone that is not over.
    pub fn my_emergency(self) -> Memo<Option<RecordView>> {
        memo(move || {
            self.newest.with(|records| {
                let mine = |record: &&RecordView| {
                    record.mine
                        && record.resolution().is_none()
                        && matches!(record.body, Some(Body::EmergencyRaised(_)))
                };
                records.iter().find(mine).cloned()
            })
        })
    }

    /// One record out of those at hand.
    pub fn at_hand(self, id: EventId) -> Option<RecordView> {
        let find = |records: &Vec<RecordView>| records.iter().find(|record| record.id == id).cloned();
        self.newest.with(find).or_else(|| self.waiting.with(|waiting| find(&waiting.first)))
    }
}
