use leptos::prelude::*;
use waymark_core::guidance::{Span, spans};

use crate::routes;

/// One line of a card: whatever stands in it is text but for what core has read as strong or as a card.
pub fn line(text: &str) -> Vec<AnyView> {
    let part = |span: &Span<'_>| match *span {
        Span::Plain(text) => view! { <span>{text.to_owned()}</span> }.into_any(),
        Span::Strong(text) => view! { <strong>{text.to_owned()}</strong> }.into_any(),
        Span::Card { id, words } => view! { <a href=routes::card(id)>{words.to_owned()}</a> }.into_any(),
    };
    spans(text).iter().map(part).collect()
}

/// A list of lines.
pub fn bullets(lines: &[String], class: &'static str) -> AnyView {
    let items: Vec<_> = lines.iter().map(|text| view! { <li>{line(text)}</li> }.into_any()).collect();
    view! { <ul class=class>{items}</ul> }.into_any()
}

/// What to do now, numbered.
pub fn steps(steps: &[String]) -> AnyView {
    let items: Vec<_> = steps
        .iter()
        .map(|text| {
            view! {
                <li>
                    <p>{line(text)}</p>
                </li>
            }
            .into_any()
        })
        .collect();
    view! { <ol class="card-steps">{items}</ol> }.into_any()
}
