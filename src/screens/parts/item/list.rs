use leptos::prelude::*;
use waymark_core::view::chain::Item;

use super::item_key;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::say;
use crate::ui::{Button, live, rows};

/// So many are drawn at first, and so many more with each tap: a phone draws some hundred rows a second.
const FIRST: usize = 60;
const MORE: usize = 200;

/// A list of items that may be long.
pub fn item_list<V: IntoView + 'static>(
    items: Memo<Vec<Item>>,
    row: impl Fn(Item) -> V + Send + Sync + 'static,
) -> AnyView {
    let i18n = use_i18n();
    let shown = RwSignal::new(FIRST);
    let count = memo(move || items.with(Vec::len));
    let some = move || items.with(|items| items.iter().take(shown.get()).cloned().collect::<Vec<_>>());
    let more = move || {
        let left = count.get().saturating_sub(shown.get());
        (left > 0).then(|| {
            let label = Signal::stored(say!(i18n, go.more, number = left.to_string()));
            view! { <Button label on_press=Callback::new(move |()| shown.update(|shown| *shown += MORE)) /> }
        })
    };
    view! {
        <ul class="rows">{rows(some, item_key, row)}</ul>
        {live(more)}
    }
    .into_any()
}
