use leptos::prelude::*;

use crate::ui::{LateFold, Meter, Text};

/// How many of whom have something, and who has not; the names are drawn once somebody wants to see them.
#[component]
pub fn Progress(
    title: AnyView,
    words: String,
    have: usize,
    of: usize,
    /// The stable word for the list of the others.
    part: &'static str,
    heading: Text,
    /// How many are in that list.
    left: usize,
    others: Callback<(), Vec<AnyView>>,
) -> impl IntoView {
    #[allow(clippy::cast_precision_loss)] // phones and people of one organisation
    let (value, max) = (have as f64, of as f64);
    let label = Signal::stored(words.clone());
    let list = (left > 0).then(|| {
        let make = Callback::new(move |()| view! { <ul class="points">{others.run(())}</ul> }.into_any());
        view! { <LateFold part heading holds=Signal::stored(left.to_string()) make /> }
    });
    view! {
        <div class="out-words">
            {title} <p class="row-sub">{words}</p>
            <Meter label value max />
            {list}
        </div>
    }
    .into_any()
}
