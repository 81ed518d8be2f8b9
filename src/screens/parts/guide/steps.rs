use leptos::prelude::*;

use super::line;

/// What to do now, numbered.
#[component]
pub fn Steps(steps: Vec<String>) -> impl IntoView {
    let items: Vec<_> = steps.iter().map(|text| view! { <li><p>{line(text)}</p></li> }.into_any()).collect();
    view! { <ol class="card-steps">{items}</ol> }.into_any()
}
