use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;

use crate::actions;
use crate::reactive::effect;
use crate::state::AppState;
use crate::ui::use_visible;

/// Tells the authors that their records were on this screen; only while somebody can see it, and once each.
pub fn mark(app: AppState) {
    let visible = use_visible();
    let told = StoredValue::new(BTreeSet::<EventId>::new());
    effect(move || {
        if !visible.get() {
            return;
        }
        let mut fresh = app.records.waiting.with(|waiting| waiting.first.clone());
        told.update_value(|told| fresh.retain(|view| told.insert(view.id)));
        if !fresh.is_empty() {
            spawn_local(async move { actions::mark_seen(app, &fresh).await });
        }
    });
}
