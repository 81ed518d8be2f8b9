use leptos::ev;
use leptos::prelude::*;

use super::{Icon, IconData, Text};

/// A button that lets somebody choose a file or take a picture.
#[component]
pub fn FilePick(
    #[prop(into)] name: String,
    label: Text,
    icon: IconData,
    accept: &'static str,
    /// Opens the camera where there is one.
    #[prop(optional)]
    camera: bool,
    /// More than one at a time.
    #[prop(optional)]
    multiple: bool,
    on_pick: Callback<ev::Event>,
) -> impl IntoView {
    view! {
        <label class="btn file-pick">
            <Icon icon />
            <span>{label}</span>
            <input
                type="file"
                name=name
                accept=accept
                multiple=multiple
                capture=camera.then_some("environment")
                on:change=move |event| on_pick.run(event)
            />
        </label>
    }
    .into_any()
}
