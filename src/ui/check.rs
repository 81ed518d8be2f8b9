use leptos::prelude::*;

use super::{Text, live};

/// Yes or no, on a face big enough for a thumb.
#[component]
pub fn Check(
    /// Unique on the page.
    #[prop(into)]
    name: String,
    #[prop(into)] label: Text,
    #[prop(into)] hint: Text,
    #[prop(into)] checked: Signal<bool>,
    on_change: Callback<bool>,
    /// Why it cannot stay as it is.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let hint_id = format!("f-{name}-hint");
    let error_id = format!("f-{name}-error");
    view! {
        <label class="check">
            <input
                type="checkbox"
                name=name
                aria-describedby=format!("{error_id} {hint_id}")
                aria-invalid=move || error.with(Option::is_some).to_string()
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
        <p class="field-hint" id=hint_id>
            {hint}
        </p>
        <p class="field-error" id=error_id aria-live="polite">
            {live(move || error.get())}
        </p>
    }
    .into_any()
}
