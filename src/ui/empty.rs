use leptos::prelude::*;

use super::Text;

/// Says that there is nothing, why that may be so, and what could be done.
#[component]
pub fn Empty(
    #[prop(into)] title: Text,
    #[prop(into)] text: Text,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <strong>{title}</strong>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
