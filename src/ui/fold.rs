use leptos::prelude::*;

use super::{Icon, Text, live, lu};

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

/// As [`Fold`], of something long: what is in it is not made before it is unfolded.
#[component]
pub fn LateFold(
    #[prop(into)] heading: Text,
    #[prop(into)] holds: Text,
    body: Callback<(), AnyView>,
) -> impl IntoView {
    let unfolded = RwSignal::new(false);
    let body = move || unfolded.get().then(|| body.run(()));
    view! {
        <details class="fold" on:toggle=move |_| unfolded.set(true)>
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
