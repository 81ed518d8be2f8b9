use leptos::prelude::*;
use leptos::{ev, html};

use super::{Icon, IconData, Text};
use crate::reactive::effect;

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
    /// All files of a folder, with those of the folders in it, where the browser can.
    #[prop(optional)]
    folder: bool,
    on_pick: Callback<ev::Event>,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    effect(move || {
        if let Some(input) = input.get().filter(|_| folder) {
            input.set_webkitdirectory(true);
        }
    });
    view! {
        <label class="btn file-pick">
            <Icon icon />
            <span>{label}</span>
            <input
                type="file"
                name=name
                accept=accept
                multiple=multiple
                node_ref=input
                capture=camera.then_some("environment")
                on:change=move |event| on_pick.run(event)
            />
        </label>
    }
    .into_any()
}
