use leptos::html;
use leptos::prelude::*;

use super::{Icon, Text, live, lu};
use crate::reactive::effect;

/// A part of a form that is folded away; the fold says what is in it.
#[component]
pub fn Fold(
    #[prop(into)] heading: Text,
    #[prop(into)] holds: Text,
    /// Unfolded from the beginning.
    #[prop(optional)]
    open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="fold" open=open>
            <summary>
                <span class="fold-title">{heading}</span>
                <span class="fold-holds">{holds}</span>
                <Icon icon=lu::LuChevronDown />
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// As [`Fold`], for what takes work: it is made whenever the fold is opened, and gone once it is closed.
#[component]
pub fn LateFold(
    /// The stable word for tests (`data-part`).
    part: &'static str,
    #[prop(into)] heading: Text,
    #[prop(into)] holds: Text,
    make: Callback<(), AnyView>,
) -> impl IntoView {
    let details = NodeRef::<html::Details>::new();
    let open = RwSignal::new(false);
    let is_open = move || details.get_untracked().is_some_and(|details| details.open());
    let toggled = move |_| open.set(is_open());
    // Drawn again, it may be given the element that it had, which is open still.
    effect(move || {
        details.track();
        open.set(is_open());
    });
    let body = move || open.get().then(|| make.run(()));
    view! {
        <details class="fold late-fold" data-part=part node_ref=details on:toggle=toggled>
            <summary>
                <span class="fold-title">{heading}</span>
                <span class="fold-holds">{holds}</span>
                <Icon icon=lu::LuChevronDown />
            </summary>
            <div class="fold-body">{live(body)}</div>
        </details>
    }
    .into_any()
}
