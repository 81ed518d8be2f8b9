use leptos::prelude::*;
use waymark_core::event::{EventId, Stamp};
use waymark_core::view::RecordView;
use waymark_core::view::board::{Order, Rank, order};

use crate::browser::clock;
use crate::reactive::effect;
use crate::screens::parts::words::is_alarm;
use crate::state::{AppState, Judged};
use crate::ui::use_wide;

/// Whoever has touched the board within this time may be about to press something beside it.
const AT_HAND_MS: i64 = 60_000;

/// What stands beside the board while nobody has chosen anything and there is room: the most pressing row. While somebody is
/// at the board it stays, whatever becomes of it, so that nothing changes under a hand. `touched` is when somebody was.
pub fn offered(
    app: AppState,
    named: Memo<Option<String>>,
    touched: StoredValue<Stamp>,
) -> Signal<Option<EventId>> {
    let wide = use_wide();
    let offered = RwSignal::new(None::<EventId>);
    effect(move || {
        if !wide.get() || named.with(Option::is_some) || !app.movements.are_read() {
            offered.set(None);
            return;
        }
        let pressing = most_pressing(app);
        let at_hand = clock::now().ms_since(touched.get_value()) < AT_HAND_MS;
        let now = offered.get_untracked().filter(|_| at_hand).or(pressing);
        if now != offered.get_untracked() {
            offered.set(now);
        }
    });
    offered.into()
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
