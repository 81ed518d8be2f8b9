use leptos::prelude::*;

use super::Text;

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
) -> impl IntoView {
    let hint_id = format!("f-{name}-hint");
    view! {
        <label class="check">
            <input
                type="checkbox"
                name=name
                aria-describedby=hint_id.clone()
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <span>{label}</span>
        </label>
        <p class="field-hint" id=hint_id>
            {hint}
        </p>
    }
    .into_any()
}
