use std::collections::BTreeMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{AreaLevel, EventId, Stamp, WatchRules};
use waymark_core::rules::escalation::{Stage, alarm_stage};
use waymark_core::view::board::{Ring, rings};

use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::screens::parts::words::is_alarm;
use crate::state::{AppState, Judged};
use crate::{actions, say};

/// As long as nobody is on it.
const AGAIN: Duration = Duration::from_secs(30);

/// A movement and the check-in that did not come, or an emergency.
type Cause = (EventId, Stamp);

/// Calls for somebody as long as the app is open and they watch, whatever screen is shown.
#[component]
pub fn Ringer() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::take_up_attention(app);
    let calls = memo(move || calls(app));
    let sound = move |calls: &BTreeMap<Cause, Ring>| {
        if let Some(loudest) = calls.values().max() {
            actions::ring(app, *loudest == Ring::Always);
        }
    };
    Effect::new(move |before: Option<BTreeMap<Cause, Ring>>| {
        let calls = calls.get();
        let known = before.unwrap_or_default();
        let mut fresh = calls.clone();
        fresh.retain(|id, ring| known.get(id) < Some(ring));
        if !fresh.is_empty() {
            untrack(|| sound(&fresh));
            let title = untrack(|| say!(i18n, board.needs_you));
            spawn_local(async move { actions::notify_somebody(&title).await });
        }
        calls
    });
    let again = set_interval_with_handle(move || calls.with_untracked(sound), AGAIN);
    on_cleanup(move || {
        if let Ok(timer) = again {
            timer.clear();
        }
    });
}

/// What calls, and how loudly; nobody is called for what they have no hand in.
fn calls(app: AppState) -> BTreeMap<Cause, Ring> {
    let Some(person) = app.person().filter(|person| person.role.watches()) else { return BTreeMap::new() };
    let now = app.server_now();
    let mut calls = BTreeMap::new();
    app.movements.judged.with(|all| {
        for Judged { movement, verdict, .. } in all.values() {
            let rings = rings(movement, verdict, now).into_iter();
            let mine = movement.travels(&person.user);
            let heard = rings.filter(|(_, ring)| *ring == Ring::Always || !mine);
            calls.extend(heard.map(|(due, ring)| ((movement.id, due), ring)));
        }
    });
    let rules = WatchRules::of_level(&AreaLevel::Moderate);
    app.records.waiting.with(|waiting| {
        for view in waiting.first.iter().filter(|view| !view.mine && is_alarm(view)) {
            let ended = alarm_stage(view.happened, rules, now) == Stage::Exhausted;
            calls.insert((view.id, Stamp(0)), if ended { Ring::Always } else { Ring::Once });
        }
    });
    calls
}
