//! Who is out, and who was.

use leptos::prelude::*;

#[component]
pub fn Movements() -> impl IntoView {
    view! { <div class="page"></div> }
}
