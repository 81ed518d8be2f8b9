use std::time::Duration;

use leptos::prelude::*;
use leptos::web_sys::HtmlElement;
use wasm_bindgen::JsCast as _;

use super::Text;

/// Moves the focus to the element with this id once the page has been drawn, unfolding what it is in.
pub fn focus(id: String) {
    set_timeout(move || enter(document().get_element_by_id(&id)), Duration::ZERO);
}

/// Unfolds all that holds a field with an error, and tells `found` the id and the label of the first.
pub fn focus_first_invalid(found: impl FnOnce(String, String) + 'static) {
    let find = |selector: &str| document().query_selector(selector).ok().flatten();
    let look = move || {
        // A question of several controls is marked as a whole.
        while let Some(folded) = find("details:not([open]) :is([aria-invalid=true], [data-invalid])") {
            unfold(Some(folded));
        }
        let Some(id) = find(":is([aria-invalid=true], [data-invalid])").map(|field| field.id()) else {
            return;
        };
        let label = find(&format!("label[for='{id}']")).and_then(|label| label.text_content());
        found(id, label.unwrap_or_default());
    };
    set_timeout(look, Duration::ZERO);
}

/// Moves what scrolls sideways so that what the selector finds in it is in the middle, once that is drawn.
pub fn bring_in(frame: web_sys::Element, selector: &'static str) {
    let middle = |element: &web_sys::Element| {
        let bounds = element.get_bounding_client_rect();
        f64::midpoint(bounds.left(), bounds.right())
    };
    let bring = move || {
        if let Ok(Some(found)) = frame.query_selector(selector) {
            #[allow(clippy::cast_possible_truncation)] // pixels
            frame.set_scroll_left(frame.scroll_left() + (middle(&found) - middle(&frame)) as i32);
        }
    };
    set_timeout(bring, Duration::ZERO);
}

/// Scrolls so that a part that has just been opened is in sight, once it is drawn.
pub fn show_whole(part: web_sys::Element) {
    set_timeout(move || part.scroll_into_view(), Duration::ZERO);
}

/// The id of a [`WorkTitle`].
const WORK: &str = "work";

/// The heading of a form that opens within a page: it takes the focus, so that the keyboard and a screen reader go on
/// there.
#[component]
pub fn WorkTitle(text: Text) -> impl IntoView {
    focus(WORK.to_owned());
    view! {
        <h2 id=WORK tabindex="-1">
            {text}
        </h2>
    }
    .into_any()
}

fn enter(element: Option<web_sys::Element>) {
    unfold(element.clone());
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Whether it can be focused is the browser's business; nothing depends on it.
        let _ = element.focus();
    }
}

fn unfold(element: Option<web_sys::Element>) {
    let mut inside = element;
    while let Some(fold) = inside.and_then(|element| element.closest("details").ok().flatten()) {
        // A name such as "open" is always allowed.
        let _ = fold.set_attribute("open", "");
        inside = fold.parent_element();
    }
}
