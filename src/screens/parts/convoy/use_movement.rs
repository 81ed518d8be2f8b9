use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;

use crate::actions;
use crate::reactive::{effect, memo};
use crate::state::{AppState, Shown};

#[derive(Clone, PartialEq)]
pub enum Found {
    Looking,
    /// Not on this phone, or no movement.
    Missing,
    Shown(Shown),
}

impl Found {
    pub fn shown(&self) -> Option<&Shown> {
        match self {
            Self::Shown(movement) => Some(movement),
            _ => None,
        }
    }
}

/// One movement that follows what happens to it, among the open ones or from further back on this phone.
pub fn use_movement(id: Signal<Option<EventId>>) -> Memo<Found> {
    let app = AppState::get();
    let fetched = RwSignal::new((None, Found::Looking));
    let open = memo(move || app.movements.get(id.get()?));
    effect(move || {
        app.records.revision.track();
        let Some(id) = id.get() else { return };
        if open.with(Option::is_some) {
            return;
        }
        spawn_local(async move {
            let found = actions::open_movement(app, id).await.map_or(Found::Missing, Found::Shown);
            fetched.try_set((Some(id), found));
        });
    });
    memo(move || match (id.get(), open.get()) {
        (None, _) => Found::Missing,
        (_, Some(movement)) => Found::Shown(movement),
        (id, None) => fetched.with(|(of, found)| if *of == id { found.clone() } else { Found::Looking }),
    })
}
