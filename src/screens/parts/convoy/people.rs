use leptos::prelude::*;
use waymark_core::view::movement::By;

use super::Convoy;
use crate::reactive::derive;
use crate::screens::parts::words;
use crate::ui::{Banner, Fact, Facts, Tone, live, lu};
use crate::{say, words};

/// How the people are, who says so, and who says otherwise.
#[component]
pub fn People(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let says = move |state: String, by: &By| {
        say!(i18n, convoy.says, name = by.name, state = state, ago = convoy.ago(by.at.0))
    };
    let facts = move || {
        movement.with(|movement| {
            let people = movement.people();
            let state = words::people(i18n, &people.state);
            let threat = movement.open_alarms().any(|alarm| alarm.duress);
            let state = people.by.as_ref().map_or(state.clone(), |by| says(state, by));
            let state = if threat { format!("{state} · {}", say!(i18n, board.threat)) } else { state };
            let mut facts = vec![Fact::new(say!(i18n, convoy.state), state)];
            let planned = say!(i18n, people.count, count = movement.plan.plan.headcount);
            let counted = match &people.headcount {
                Some((count, by)) => say!(
                    i18n,
                    convoy.counted,
                    count = *count,
                    planned = movement.plan.plan.headcount.to_string(),
                    name = by.name,
                    time = convoy.moment(by.at.0)
                ),
                None => say!(i18n, convoy.not_counted, planned = planned),
            };
            facts.push(Fact::new(say!(i18n, convoy.headcount), counted));
            facts
        })
    };
    let warnings = move || {
        movement.with(|movement| {
            let people = movement.people();
            let mut texts = vec![];
            if !people.missing.is_empty() {
                texts.push((
                    Tone::Danger,
                    say!(i18n, convoy.missing_people, names = people.missing.join(", ")),
                ));
            }
            if !people.separated.is_empty() {
                texts.push((Tone::Danger, say!(i18n, convoy.separated, names = people.separated.join(", "))));
            }
            for doubt in &people.doubts {
                let said = says(words::people(i18n, &doubt.state), &doubt.by);
                texts.push((Tone::Warn, say!(i18n, convoy.doubt, said = said)));
            }
            let banner = |(tone, text)| {
                view! { <Banner tone icon=lu::LuTriangleAlert text=Signal::stored(text) /> }.into_any()
            };
            texts.into_iter().map(banner).collect::<Vec<_>>()
        })
    };
    view! {
        <section class="panel">
            <h2>{words!(i18n, convoy.people)}</h2>
            {live(warnings)}
            <Facts facts=derive(facts) />
        </section>
    }
    .into_any()
}
