use leptos::prelude::*;

use super::SaveFault;
use crate::actions::SaveError;
use crate::ui::{Button, Size, Text, Tone};

/// The end of a form, always in sight: what keeps it from being saved, and the button.
#[component]
pub fn SaveBar(
    #[prop(into)] label: Text,
    failed: RwSignal<Option<SaveError>>,
    saving: RwSignal<bool>,
    on_save: Callback<()>,
    /// What the form itself has to say first.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="save-bar">
            {children.map(|children| children())} <SaveFault failed />
            <Button label on_press=on_save busy=saving tone=Tone::Accent size=Size::Big />
        </div>
    }
    .into_any()
}
