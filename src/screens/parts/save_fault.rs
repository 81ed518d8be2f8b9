use leptos::prelude::*;

use super::words::save_error;
use crate::actions::SaveError;
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::ui::{Banner, Tone, live, lu};
use crate::words;

/// Says aloud why nothing was saved, if that is so.
#[component]
pub fn SaveFault(failed: RwSignal<Option<SaveError>>) -> impl IntoView {
    let i18n = use_i18n();
    let fault = move || {
        failed.get().map(|error| {
            let text = derive(move || save_error(i18n, &error));
            view! { <Banner tone=Tone::Danger icon=lu::LuOctagonAlert title=words!(i18n, error.not_saved) text /> }
        })
    };
    view! { <div role="alert">{live(fault)}</div> }.into_any()
}
