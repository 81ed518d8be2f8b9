use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::view::RecordView;

use crate::actions;
use crate::reactive::{effect, memo};
use crate::state::AppState;

/// One record that follows what happens to it, at hand or from further back on this phone.
pub fn use_record(id: Signal<Option<EventId>>) -> Memo<Option<RecordView>> {
    let app = AppState::get();
    let fetched = RwSignal::new(None::<RecordView>);
    effect(move || {
        app.records.revision.track();
        let Some(id) = id.get() else { return };
        if untrack(|| app.records.at_hand(id)).is_some() {
            return;
        }
        spawn_local(async move {
            let found = actions::open_record(app, id).await;
            fetched.try_set(found);
        });
    });
    memo(move || {
        let id = id.get()?;
        let far = || fetched.get().filter(|view| view.id == id);
        app.records.at_hand(id).or_else(far)
    })
}
