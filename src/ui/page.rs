use std::cell::Cell;

use leptos::html;
use leptos::prelude::*;

use super::Text;
use super::live;
use crate::reactive::{effect, memo};

thread_local! {
    /// The first page was not reached from another: its focus stays where the browser put it.
    static ARRIVED: Cell<bool> = const { Cell::new(false) };
}

/// The heading of a page. It takes focus when the page is reached from another one, so that a screen reader starts
/// there, and names the window.
#[component]
pub fn PageTitle(#[prop(into)] text: Text, #[prop(optional)] class: &'static str) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    effect(move || text.with(|text| document().set_title(&format!("{text} · Waymark"))));
    effect(move || {
        if let Some(heading) = heading.get()
            && ARRIVED.replace(true)
        {
            // Whether it can be focused is the browser's business; nothing depends on it.
            let _ = heading.focus();
        }
    });
    view! {
        <h1 class=class tabindex="-1" node_ref=heading>
            {text}
        </h1>
    }
    .into_any()
}

/// The heading of a list: that of the page, or of its first half while something in it is open beside it.
#[component]
pub fn ListTitle(#[prop(into)] text: Text, #[prop(into)] open: Signal<bool>) -> impl IntoView {
    let open = memo(move || open.get());
    live(move || {
        if open.get() {
            view! { <h2 class="list-title">{text}</h2> }.into_any()
        } else {
            view! { <PageTitle text /> }.into_any()
        }
    })
}

/// The heading of what is open beside a list: that of the page, unless nobody has chosen it.
#[component]
pub fn SideTitle(#[prop(into)] text: Text, unasked: bool) -> impl IntoView {
    if unasked {
        return view! { <h2 class="list-title">{text}</h2> }.into_any();
    }
    view! { <PageTitle text /> }.into_any()
}
