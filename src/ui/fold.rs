use leptos::prelude::*;

use super::{Icon, Text, lu};

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
