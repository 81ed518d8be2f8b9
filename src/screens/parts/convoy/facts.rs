use leptos::prelude::*;
use waymark_core::event::{Means, Plan};

use super::{Convoy, words};
use crate::i18n::intl;
use crate::reactive::{derive, memo};
use crate::say;
use crate::ui::{Banner, Fact, Facts, Tone, live, lu, time};

/// The plan in words, with numbers that can be called.
#[component]
pub fn PlanFacts(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let facts = move || movement.with(|movement| facts(convoy, &movement.plan.plan));
    let means = move || {
        movement.with(|movement| {
            movement.plan.plan.means.iter().map(|means| means_row(convoy, means)).collect::<Vec<_>>()
        })
    };
    let no_means = memo(move || movement.with(|movement| movement.plan.plan.means.is_empty()));
    let empty = move || no_means.get().then(|| view! { <p class="soft">{words!(i18n, convoy.no_means)}</p> });
    view! {
        <section class="panel">
            <h2>{words!(i18n, convoy.means)}</h2>
            {live(empty)}
            <dl class="facts">{live(means)}</dl>
        </section>
        <section class="panel">
            <h2>{words!(i18n, convoy.plan)}</h2>
            <Facts facts=derive(facts) />
        </section>
    }
    .into_any()
}

fn means_row(convoy: Convoy, means: &Means) -> AnyView {
    let text = means.text.clone();
    let value = match means.number() {
        Some(number) => view! { <a class="tel" href=format!("tel:{number}")>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    view! {
        <dt>{words::pace(convoy.i18n, &means.pace)}</dt>
        <dd>{value}</dd>
    }
    .into_any()
}

fn facts(convoy: Convoy, plan: &Plan) -> Vec<Fact> {
    let i18n = convoy.i18n;
    let mut facts = vec![];
    let mut fact = |name: String, value: Option<String>| {
        facts.extend(value.filter(|value| !value.is_empty()).map(|value| Fact::new(name, value)));
    };
    let minutes = |count: u32| time::span(intl(i18n), i64::from(count) * 60_000);
    fact(say!(i18n, convoy.leader), plan.leader.as_ref().map(|leader| leader.name.clone()));
    fact(say!(i18n, convoy.purpose), plan.purpose.clone());
    fact(say!(i18n, convoy.departure), Some(convoy.moment(plan.depart.0)));
    let (interval, grace) = (minutes(plan.watch.interval), minutes(plan.watch.grace));
    fact(say!(i18n, convoy.watch), Some(say!(i18n, convoy.every, interval = interval, grace = grace)));
    let turnaround = plan.turnaround.map(|at| convoy.moment(at.0));
    fact(say!(i18n, convoy.turnaround), turnaround.map(|time| say!(i18n, convoy.turn_by, time = time)));
    let on_foot: Vec<_> = plan.on_foot.iter().map(|person| person.name.as_str()).collect();
    fact(say!(i18n, convoy.on_foot), Some(on_foot.join(", ")));
    fact(say!(i18n, convoy.contacts), Some(plan.contacts.join(" · ")));
    fact(say!(i18n, convoy.clearance), plan.clearance.clone());
    fact(
        say!(i18n, convoy.notification),
        plan.notification
            .as_ref()
            .map(|reference| say!(i18n, convoy.no_protection, reference = (*reference))),
    );
    fact(say!(i18n, convoy.no_go), Some(plan.no_go.join(" · ")));
    for action in &plan.actions_on {
        fact(words::situation(i18n, &action.situation), Some(action.text.clone()));
    }
    facts
}

/// Plans that were written at the same time by people who did not know of each other: shown, never merged in silence.
#[component]
pub fn Others(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let none = memo(move || movement.with(|movement| movement.others.is_empty()));
    let list = move || {
        movement.with(|movement| {
            let other = |version: &waymark_core::view::movement::Version| {
                let by =
                    say!(i18n, convoy.by_at, name = version.by.name, time = convoy.moment(version.by.at.0));
                let plan = &version.plan;
                let way = plan.places().map(|place| place.name.as_str()).collect::<Vec<_>>().join(" – ");
                let own = facts(convoy, plan);
                view! {
                    <h3>{by}</h3>
                    <p>
                        {plan.name.clone()} " · " {way} " · "
                        {say!(i18n, people.count, count = plan.headcount)}
                    </p>
                    <Facts facts=Signal::stored(own) />
                }
                .into_any()
            };
            movement.others.iter().map(other).collect::<Vec<_>>()
        })
    };
    live(move || {
        (!none.get()).then(|| {
            view! {
                <section class="panel">
                    <h2>{words!(i18n, convoy.others)}</h2>
                    <Banner tone=Tone::Warn icon=lu::LuGitFork text=words!(i18n, convoy.others_text) />
                    {live(list)}
                </section>
            }
        })
    })
}
