//! Events of the window and the document, for as long as the app runs.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::EventTarget;

/// Calls `then` at every event of this name on the window.
pub fn on_window(name: &str, then: impl FnMut() + 'static) {
    if let Some(window) = super::window() {
        listen(&window, name, then);
    }
}

/// Calls `then` with whether the page can be seen, whenever that changes.
pub fn on_visibility(mut then: impl FnMut(bool) + 'static) {
    if let Some(document) = super::window().and_then(|window| window.document()) {
        listen(&document, "visibilitychange", move || then(is_visible()));
    }
}

pub fn is_visible() -> bool {
    super::window().and_then(|window| window.document()).is_none_or(|document| !document.hidden())
}

/// Kept for the life of the page, as is what it listens to.
pub(super) fn listen(target: &EventTarget, name: &str, then: impl FnMut() + 'static) {
    let then = Closure::<dyn FnMut()>::new(then).into_js_value();
    let _ = target.add_event_listener_with_callback(name, then.unchecked_ref());
}
