//! The plan of a movement, new or changed.

use leptos::prelude::*;

#[component]
pub fn NewPlan() -> impl IntoView {
    view! { <div class="page"></div> }
}

#[component]
pub fn RevisePlan() -> impl IntoView {
    view! { <div class="page"></div> }
}
