use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::RecordView;
use waymark_core::view::board::{Order, Rank, order};

use crate::reactive::effect;
use crate::screens::parts::words::is_alarm;
use crate::state::{AppState, Judged};
use crate::ui::use_wide;

/// What stands beside the board while nobody has chosen anything and there is room: the most pressing row. It stays while
/// it is listed, so that nothing changes under the hand of whoever acts on it.
pub fn offered(app: AppState, named: Memo<Option<String>>) -> Signal<Option<EventId>> {
    let wide = use_wide();
    let offered = RwSignal::new(None::<EventId>);
    effect(move || {
        if !wide.get() || named.with(Option::is_some) || !app.movements.are_read() {
            offered.set(None);
            return;
        }
        let still = offered.get_untracked().filter(|id| is_listed(app, *id));
        let now = still.or_else(|| most_pressing(app));
        if now != offered.get_untracked() {
            offered.set(now);
        }
    });
    offered.into()
}

fn is_listed(app: AppState, id: EventId) -> bool {
    app.movements.judged.with(|all| all.contains_key(&id))
        || app.records.waiting.with(|waiting| waiting.first.iter().any(|view| view.id == id))
}

/// An emergency without a movement comes before whatever is no emergency; a check-in waits for itself alone only where
/// nobody is out.
fn most_pressing(app: AppState) -> Option<EventId> {
    let first = app.movements.judged.with(|all| {
        let order = |judged: &Judged| order(&judged.movement, &judged.verdict);
        all.values().map(order).min()
    });
    let mut waiting = app.records.waiting.with(|waiting| waiting.first.clone());
    super::order::sort(&mut waiting);
    let alone = |view: &&RecordView| is_alarm(view) && view.movement().is_none();
    let alarm = waiting.iter().find(alone).map(|view| view.id);
    match first {
        Some(Order { rank: Rank::Emergency, id, .. }) => Some(id),
        Some(Order { id, .. }) => alarm.or(Some(id)),
        None => alarm.or_else(|| waiting.first().map(|view| view.id)),
    }
}
