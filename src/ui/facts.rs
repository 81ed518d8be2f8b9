use leptos::prelude::*;

use super::live;

/// A name and what it is.
#[derive(Clone, PartialEq)]
pub struct Fact {
    pub name: String,
    pub value: String,
    /// Shown letter by letter, left to right in every language.
    pub code: bool,
}

impl Fact {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), code: false }
    }

    pub fn code(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { code: true, ..Self::new(name, value) }
    }
}

#[component]
pub fn Facts(#[prop(into)] facts: Signal<Vec<Fact>>) -> impl IntoView {
    let rows = move || {
        let row = |fact: Fact| {
            view! {
                <dt>{fact.name}</dt>
                <dd class=fact.code.then_some("code") dir=(!fact.code).then_some("auto")>{fact.value}</dd>
            }
        };
        facts.get().into_iter().map(row).collect::<Vec<_>>()
    };
    view! { <dl class="facts">{live(rows)}</dl> }.into_any()
}
