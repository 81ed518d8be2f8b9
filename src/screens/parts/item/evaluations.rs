use leptos::prelude::*;
use waymark_core::view::chain::{Evaluation, Item};

use crate::i18n::{I18n, intl, use_i18n};
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Facts, live, time};
use crate::{say, words};

/// What several people think of a threat, side by side; nobody's replaces another's.
#[component]
pub fn Evaluations(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let cards = move || {
        item.with(|item| {
            let now = app.minute.get();
            item.evaluations().iter().map(|evaluation| card(i18n, evaluation, now)).collect::<Vec<_>>()
        })
    };
    let none = move || {
        let none = item.with(|item| item.evaluations().is_empty());
        none.then(|| view! { <p class="soft">{words!(i18n, chain.no_evaluations)}</p> })
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.evaluations)}</h2>
            {live(none)}
            <div class="cards">{live(cards)}</div>
        </section>
    }
    .into_any()
}

fn card(i18n: I18n, evaluation: &Evaluation<'_>, now: i64) -> AnyView {
    let said = evaluation.said;
    let by =
        say!(i18n, chain.seen_by, name = said.by.name, time = time::moment(intl(i18n), said.by.at.0, now));
    let marks = [
        evaluation.own.then(|| say!(i18n, chain.own)),
        evaluation.superseded.then(|| say!(i18n, chain.superseded)),
    ];
    let marks = marks.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let facts = forms::facts(i18n, &said.filled, now);
    view! {
        <article class="card" data-superseded=evaluation.superseded.then_some("")>
            <h3>{by}</h3>
            {(!marks.is_empty()).then(|| view! { <p class="small soft">{marks}</p> })}
            <Facts facts=Signal::stored(facts) />
        </article>
    }
    .into_any()
}
