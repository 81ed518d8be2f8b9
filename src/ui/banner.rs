use leptos::prelude::*;

use super::{Icon, IconData, Text, Tone};

/// Something the whole screen should know: what happened, what it means, what to do.
#[component]
pub fn Banner(
    tone: Tone,
    icon: IconData,
    #[prop(optional)] title: Option<Text>,
    #[prop(into)] text: Text,
    /// Buttons.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="banner" data-tone=tone.name()>
            <Icon icon />
            <p>{title.map(|title| view! { <strong>{title}</strong> " " })} {text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
