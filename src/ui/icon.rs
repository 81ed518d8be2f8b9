use leptos::prelude::*;

pub use icondata_core::Icon as IconData;
/// Lucide; only the icons that are named somewhere are linked.
pub use icondata_lu as lu;

/// A drawing beside words, never instead of them: hidden from assistive tools.
#[component]
pub fn Icon(
    icon: IconData,
    /// Draws a direction that follows the direction of reading.
    #[prop(optional)]
    flip: bool,
    #[prop(optional)] class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() { "icon" } else { class };
    view! {
        <svg
            class=class
            viewBox="0 0 24 24"
            aria-hidden="true"
            data-flip=flip.then_some("")
            inner_html=icon.data
        ></svg>
    }
    .into_any()
}
