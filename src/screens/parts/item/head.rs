use leptos::prelude::*;
use waymark_core::view::chain::{Item, Status};

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::derive;
use crate::screens::parts::{Photos, forms};
use crate::state::AppState;
use crate::ui::{Chip, Facts, Tone, live, lu, time};
use crate::{say, words};

/// How it stands, the words as they were said, and what else was filled in.
#[component]
pub fn Head(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let chips = move || item.with(|item| chips(i18n, item, app.minute.get()));
    let said = move || {
        let (words, translation) =
            item.with(|item| (forms::saying(&item.first).0, forms::saying(&item.now).1));
        view! {
            {words.map(|words| quote(words!(i18n, chain.original), words))}
            {translation.map(|words| quote(words!(i18n, chain.translation), words))}
        }
    };
    let facts = derive(move || item.with(|item| forms::facts(i18n, &item.now, app.minute.get())));
    view! {
        <p class="chips">{live(chips)}</p>
        <div class="sayings">{live(said)}</div>
        <Facts facts />
        <Photos photos=derive(move || item.with(Item::photos)) />
    }
    .into_any()
}

/// In whatever direction its language runs.
fn quote(label: crate::ui::Text, words: String) -> AnyView {
    view! {
        <figure class="saying">
            <figcaption>{label}</figcaption>
            <blockquote dir="auto">{words}</blockquote>
        </figure>
    }
    .into_any()
}

pub fn status(i18n: I18n, item: &Item) -> Option<(String, Tone)> {
    Some(match item.status() {
        Status::Open => (say!(i18n, chain.status_open), Tone::Warn),
        Status::Done => (say!(i18n, chain.status_done), Tone::Warn),
        Status::Closed(how) if how == "verified" => (say!(i18n, chain.status_verified), Tone::Accent),
        Status::Closed(how) if how == "answered" => (say!(i18n, chain.status_answered), Tone::Accent),
        Status::Closed(how) if how == "closed" => (say!(i18n, chain.status_closed), Tone::Quiet),
        Status::Closed(how) => {
            let tone = if how == "carried_out" { Tone::Danger } else { Tone::Quiet };
            (forms::code(i18n, "outcome", &how), tone)
        }
        Status::Standing => return None,
    })
}

/// Status, deadline, and what has to be minded, as chips.
pub fn chips(i18n: I18n, item: &Item, now: i64) -> Vec<AnyView> {
    let chip = |text: String, icon, tone| view! { <Chip text=Signal::stored(text) icon tone /> }.into_any();
    let mut chips = vec![];
    if let Some((text, tone)) = status(i18n, item) {
        chips.push(chip(text, lu::LuCircleDot, tone));
    }
    if let Some(at) = item.deadline().filter(|_| item.is_open()) {
        let tone = if at.0 < now + SOON_MS { Tone::Danger } else { Tone::Warn };
        let when = format!("{} · {}", time::moment(intl(i18n), at.0, now), forms::deadline(i18n, at, now));
        chips.push(chip(say!(i18n, chain.deadline, time = when), lu::LuTimer, tone));
    }
    if let Some((likelihood, impact)) = item.risk() {
        let (one, two) = (likelihood.to_string(), impact.to_string());
        let words = say!(
            i18n,
            chain.risk_words,
            likelihood = forms::code(i18n, "likelihood", &one),
            impact = forms::code(i18n, "impact", &two)
        );
        let tone = if likelihood * impact >= 12 { Tone::Danger } else { Tone::None };
        let figures = say!(i18n, chain.risk, likelihood = one, impact = two);
        chips.push(chip(format!("{figures} · {words}"), lu::LuGauge, tone));
    }
    if item.is_sensitive() {
        chips.push(chip(say!(i18n, chain.sensitive), lu::LuShieldAlert, Tone::Warn));
    }
    if item.exercise {
        chips.push(chip(say!(i18n, records.exercise), lu::LuFlaskConical, Tone::Warn));
    }
    if let Some(external) = item.first.external() {
        let source = format!("{} {}", external.source, external.id);
        chips.push(chip(say!(i18n, chain.external, source = source), lu::LuGlobe, Tone::Quiet));
    }
    chips
}

/// Two days: what is nearer is said louder.
const SOON_MS: i64 = 2 * 86_400_000;
