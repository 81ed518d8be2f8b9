//! One movement: where it is, who is there, what was done.

use leptos::prelude::*;

#[component]
pub fn Movement() -> impl IntoView {
    view! { <div class="page"></div> }
}
