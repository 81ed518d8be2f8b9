use leptos::prelude::*;

/// Whether the page is in front of somebody; follows.
pub fn use_visible() -> ReadSignal<bool> {
    let (visible, set_visible) = signal(!document().hidden());
    let listener = window_event_listener_untyped("visibilitychange", move |_| {
        set_visible.try_set(!document().hidden());
    });
    on_cleanup(move || listener.remove());
    visible
}
