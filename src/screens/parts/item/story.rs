use leptos::prelude::*;
use waymark_core::event::{Filled, Kind, Stamp};
use waymark_core::view::chain::{Chapter, Item, Said, Side};

use crate::i18n::{I18n, intl, use_i18n};
use crate::routes;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Icon, live, time};
use crate::{say, words};

/// What led to it and what came of it, down the page.
#[component]
pub fn Story(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let chapters = move || {
        let id = item.with(|item| item.id);
        let now = app.minute.get();
        app.chain
            .with(|chain| chain.story(id).iter().map(|chapter| draw(i18n, chapter, now)).collect::<Vec<_>>())
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, chain.story)}</h2>
            <ol class="story">{live(chapters)}</ol>
        </section>
    }
    .into_any()
}

fn draw(i18n: I18n, chapter: &Chapter<'_>, now: i64) -> AnyView {
    let (code, side) = match chapter.side {
        Side::Before => ("before", say!(i18n, chain.before)),
        Side::Itself => ("itself", say!(i18n, chain.itself)),
        Side::After => ("after", say!(i18n, chain.after)),
        Side::Beside => ("beside", say!(i18n, chain.beside)),
    };
    let item = chapter.item;
    let moment = |at: Stamp| time::moment(intl(i18n), at.0, now);
    let (kind, name, words) = match chapter.said {
        None => (&item.form.kind, &item.by.name, forms::headline(i18n, item)),
        Some(said) => (&said.filled.kind, &said.by.name, summary(i18n, item, said)),
    };
    let (icon, tone) = forms::face(kind);
    let form = match chapter.said {
        None => forms::short(i18n, item.form),
        Some(said) => forms::short_name(i18n, &said.filled),
    };
    let title = say!(i18n, chain.said, form = form, name = *name);
    let own = chapter.said.is_none();
    view! {
        <li data-side=code data-said=(!own).then_some("")>
            <span class="row-mark" data-tone=tone.name()>
                <Icon icon />
            </span>
            <div>
                <p class="story-when">
                    <time>{moment(chapter.at)}</time>
                    " "
                    <span class="unseen">{side}</span>
                </p>
                <p>
                    <a href=routes::record(item.id)>{title}</a>
                </p>
                {(!words.is_empty()).then(|| view! { <p class="clip soft" dir="auto">{words}</p> })}
            </div>
        </li>
    }
    .into_any()
}

/// The one thing that matters of what was said about an item.
fn summary(i18n: I18n, item: &Item, said: &Said) -> String {
    let filled = &said.filled;
    let now = said.by.at.0;
    if filled.kind == Kind::ReportUpdated {
        return changes(i18n, &item.before(said.id), filled, now);
    }
    if filled.kind == Kind::ThreatEvaluated {
        // What it comes to, before what it was drawn from.
        let mut parts = vec![];
        if let Some((likelihood, impact)) = filled.scale("likelihood").zip(filled.scale("impact")) {
            let [likelihood, impact] = [likelihood, impact].map(|value| value.to_string());
            parts.push(say!(i18n, chain.risk, likelihood = likelihood, impact = impact));
        }
        let graded = filled.text("source").into_iter().chain(filled.text("information"));
        parts.push(graded.collect());
        parts.push(filled.text("conclusion").unwrap_or_default().to_owned());
        parts.retain(|part| !part.is_empty());
        if !parts.is_empty() {
            return parts.join(" · ");
        }
    }
    if let Some(outcome) = filled.text("outcome") {
        let words = forms::code(i18n, "outcome", outcome);
        return filled.text("measure").map_or(words.clone(), |measure| format!("{words}: {measure}"));
    }
    if let Some(holds) = filled.text("holds") {
        return forms::code(i18n, "holds", holds);
    }
    if !filled.headline().is_empty() {
        return filled.headline().to_owned();
    }
    forms::facts(i18n, filled, now)
        .into_iter()
        .take(3)
        .map(|fact| format!("{}: {}", fact.name, fact.value))
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What an update says of each field, and what stood there before.
fn changes(i18n: I18n, before: &Filled, update: &Filled, now: i64) -> String {
    let earlier = forms::facts(i18n, before, now);
    let mut changes = vec![];
    for fact in forms::facts(i18n, update, now) {
        changes.push(match earlier.iter().find(|other| other.name == fact.name) {
            Some(other) => {
                say!(i18n, chain.changed, name = fact.name, now = fact.value, before = other.value)
            }
            None => say!(i18n, chain.changed_new, name = fact.name, now = fact.value),
        });
    }
    if changes.is_empty() { update.headline().to_owned() } else { changes.join(" · ") }
}
