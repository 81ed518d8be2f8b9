use leptos::html::Dialog;
use leptos::prelude::*;

use super::{Icon, Text, lu};

/// A small picture that a tap shows large.
#[component]
pub fn Picture(
    /// Where its bytes are.
    src: String,
    /// What it is called: all that a screen reader can say of it.
    alt: Text,
    /// What a tap does.
    show: Text,
    close: Text,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    let open = move |_| {
        // It is not open already: then its button cannot be tapped.
        let _ = dialog.get_untracked().map(|dialog| dialog.show_modal());
    };
    let shut = move |_| {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <button type="button" class="picture" title=show on:click=open>
            <img src=src.clone() alt=alt />
        </button>
        <dialog class="picture-large" node_ref=dialog aria-label=alt on:click=shut>
            <img src=src alt=alt />
            <button type="button" class="btn">
                <Icon icon=lu::LuX />
                <span>{close}</span>
            </button>
        </dialog>
    }
    .into_any()
}
