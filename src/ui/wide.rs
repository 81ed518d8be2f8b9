use leptos::ev;
use leptos::prelude::*;

/// From this width on, list and detail stand beside each other; the same in the style sheets.
const WIDE: &str = "(min-width: 56.25em)";

/// Whether there is room for two pages beside each other; follows.
pub fn use_wide() -> Memo<bool> {
    let (wide, set_wide) = signal(is_wide());
    let listener = window_event_listener(ev::resize, move |_| _ = set_wide.try_set(is_wide()));
    on_cleanup(move || listener.remove());
    crate::reactive::memo(move || wide.get())
}

fn is_wide() -> bool {
    window().match_media(WIDE).ok().flatten().is_some_and(|query| query.matches())
}
