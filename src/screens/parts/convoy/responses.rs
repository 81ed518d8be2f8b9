use leptos::prelude::*;
use waymark_core::view::movement::Call;

use super::Convoy;
use crate::i18n::intl;
use crate::ui::{Fact, Facts, live, time};
use crate::{say, words};

/// In a drill, what it is about: how long it took until somebody was on it.
#[component]
pub fn Responses(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let facts = move || {
        let responses = movement.with(|movement| movement.responses());
        let fact = |response: waymark_core::view::movement::Response| {
            let time = convoy.moment(response.from.0);
            let name = match response.to {
                Call::Overdue { .. } => say!(i18n, convoy.response_overdue, time = time),
                Call::Alarm { .. } => say!(i18n, convoy.response_alarm, time = time),
            };
            let took = match response.took_ms {
                Some(ms) => time::span(intl(i18n), ms),
                None => say!(i18n, convoy.response_none),
            };
            Fact::new(name, took)
        };
        responses.into_iter().map(fact).collect::<Vec<_>>()
    };
    live(move || {
        let some = movement.with(|movement| movement.exercise && !movement.responses().is_empty());
        some.then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, convoy.responses)}</h2>
                    <Facts facts=crate::reactive::derive(facts) />
                </section>
            }
        })
    })
}
