use leptos::prelude::*;

use super::{Icon, IconData, Text};

/// A small button that is only a drawing; its words are for assistive tools and for whoever rests on it.
#[component]
pub fn ToolButton(
    #[prop(into)] id: String,
    #[prop(into)] label: Text,
    icon: IconData,
    on_press: Callback<()>,
    /// There is nothing to do now; it keeps its place.
    #[prop(into)]
    idle: Signal<bool>,
) -> impl IntoView {
    let press = move |_| {
        if !idle.get_untracked() {
            on_press.run(());
        }
    };
    view! {
        <button
            type="button"
            class="tool"
            id=id
            aria-label=label
            title=label
            aria-disabled=move || idle.get().then_some("true")
            on:click=press
        >
            <Icon icon />
        </button>
    }
    .into_any()
}
