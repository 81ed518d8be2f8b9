use leptos::prelude::*;

use crate::browser::geolocation;
use crate::state::{AppState, FixState};

/// Follows the position while the calling screen is shown, if the person has allowed it before; asks for nothing.
pub fn follow_position(app: AppState) {
    let watch = StoredValue::new_local(None);
    leptos::task::spawn_local_scoped(async move {
        if geolocation::is_allowed().await {
            watch.set_value(begin(app));
        }
    });
    on_cleanup(move || watch.set_value(None));
}

/// Asks for permission, in the context where it is needed, and follows the position while the calling screen is shown.
pub fn ask_for_position(app: AppState) {
    let watch = StoredValue::new_local(begin(app));
    on_cleanup(move || watch.set_value(None));
}

fn begin(app: AppState) -> Option<geolocation::Watch> {
    if !matches!(app.device.fix.get_untracked(), FixState::Fixed { .. }) {
        app.device.fix.set(FixState::Searching);
    }
    let watch = geolocation::Watch::begin(move |fix| app.device.fix.set(fix));
    if watch.is_none() {
        app.device.fix.set(FixState::Unavailable);
    }
    watch
}
