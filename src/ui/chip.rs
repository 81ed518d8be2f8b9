use leptos::prelude::*;

use super::{Icon, IconData, Text, Tone};

/// A short state in words, with a drawing.
#[component]
pub fn Chip(#[prop(into)] text: Text, icon: IconData, #[prop(optional)] tone: Tone) -> impl IntoView {
    view! {
        <span class="chip" data-tone=tone.name()>
            <Icon icon />
            <span>{text}</span>
        </span>
    }
    .into_any()
}
