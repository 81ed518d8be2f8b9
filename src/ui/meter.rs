use leptos::prelude::*;

use super::Text;

/// How full something is; the words beside it say it too.
#[component]
pub fn Meter(#[prop(into)] label: Text, value: f64, max: f64) -> impl IntoView {
    view! { <meter class="meter" aria-label=label value=value.to_string() max=max.to_string()></meter> }
        .into_any()
}
