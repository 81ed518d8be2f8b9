use leptos::prelude::*;
use waymark_core::number::plain;

use super::Text;

/// How full something is; the words beside it say it too.
#[component]
pub fn Meter(#[prop(into)] label: Text, value: f64, max: f64) -> impl IntoView {
    view! { <meter class="meter" aria-label=label value=plain(value) max=plain(max)></meter> }.into_any()
}
