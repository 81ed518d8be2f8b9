use leptos::prelude::*;

use super::Text;

/// One question of a printed form: its heading, and beside or below it the answer.
#[component]
pub fn SheetRow(
    #[prop(into)] heading: Text,
    #[prop(optional)] hint: Option<Text>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="sheet-row">
            <h2>
                <span>{heading}</span>
                {hint.map(|hint| view! { <small>{hint}</small> })}
            </h2>
            <div class="stack stack-tight">{children()}</div>
        </section>
    }
    .into_any()
}
