use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::Chain;
use waymark_core::view::chain::{Item, Said};

use super::Reading;

/// The chain as far as it has been read; kept up to date by [`crate::actions::refresh`] once a screen has asked for it.
#[derive(Clone, Copy)]
pub struct ChainState {
    chain: StoredValue<Chain>,
    /// Rises with every change.
    revision: RwSignal<u32>,
    pub reading: RwSignal<Reading>,
}

impl Default for ChainState {
    fn default() -> Self {
        Self { chain: StoredValue::default(), revision: RwSignal::new(0), reading: RwSignal::default() }
    }
}

impl ChainState {
    /// Looks at it; tracks.
    pub fn with<T>(self, look: impl FnOnce(&Chain) -> T) -> T {
        self.revision.track();
        self.chain.with_value(look)
    }

    /// One item as it stands now; tracks.
    pub fn item(self, id: EventId) -> Option<Item> {
        self.with(|chain| chain.get(id).cloned())
    }

    /// How many records have been read; tracks.
    pub fn count(self) -> usize {
        self.with(Chain::len)
    }

    /// Whether all that the store holds has been read; tracks.
    pub fn is_read(self) -> bool {
        self.reading.get() == Reading::Done
    }

    /// Takes records in; screens follow with [`Self::tell`].
    pub(crate) fn take(self, all: impl IntoIterator<Item = Said>) {
        self.chain.update_value(|chain| {
            for said in all {
                chain.take(said);
            }
        });
    }

    pub(crate) fn tell(self) {
        self.revision.update(|revision| *revision += 1);
    }
}
