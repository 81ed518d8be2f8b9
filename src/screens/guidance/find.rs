use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::{FIELDS, Found, Item, Reach};

use super::NotRead;
use super::standing::Standing;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::screens::parts::forms;
use crate::screens::parts::guide::{direction, field_icon, field_name, language_name};
use crate::state::AppState;
use crate::ui::{Button, Field, Icon, IconData, LateFold, PageTitle, live, lu, rows};
use crate::{actions, routes, say, words};

/// So many are drawn while somebody types: more than that is drawn slowly, and stands below the keyboard.
const SHOWN: usize = 8;

/// One line that leads to what was found.
#[derive(Clone, PartialEq)]
struct Line {
    href: String,
    /// Of a card, one to read out too.
    card: Option<String>,
    title: String,
    /// Of the title.
    language: String,
    first: String,
    icon: IconData,
    /// What it is, where it is no card.
    kind: Option<String>,
    /// The language in which it was found, where that is another.
    found: Option<String>,
}

/// Everything that is at hand: what is typed is looked for in every language; without it, by field.
#[component]
pub fn Find() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    effect(move || {
        if app.guidance.is_read() {
            spawn_local(actions::index_guidance(app));
        }
    });
    let query = RwSignal::new(String::new());
    // The query of which everything is shown that was found.
    let wanted = RwSignal::new(None);
    let found = memo(move || {
        let language = i18n.get_locale().as_str();
        let asked = query.get();
        if asked.trim().is_empty() || app.guidance.reach() == Reach::Nothing {
            return (vec![], false);
        }
        let most = if wanted.get().as_ref() == Some(&asked) { usize::MAX } else { SHOWN };
        app.guidance.with(|library| {
            let found = library.search(&asked, language);
            let line = |found: &Found| line(i18n, found.item, Some(found.language));
            (found.iter().take(most).filter_map(line).collect::<Vec<_>>(), found.len() > most)
        })
    });
    let asked = memo(move || query.with(|query| !query.trim().is_empty()));
    let nothing = memo(move || found.with(|(lines, _)| lines.is_empty()));
    let none = move || {
        let none = asked.get() && app.guidance.is_read() && nothing.get();
        none.then(|| {
            let all = app.guidance.reach() == Reach::All;
            let text = if all { words!(i18n, guidance.not_found) } else { words!(i18n, guidance.reading) };
            view! { <p class="soft" role="status">{text}</p> }
        })
    };
    let more = memo(move || found.with(|(_, more)| *more));
    let more = move || {
        let show = Callback::new(move |()| wanted.set(Some(query.get_untracked())));
        more.get().then(|| view! { <Button label=words!(i18n, records.show_more) on_press=show /> })
    };
    let results = move || {
        asked.get().then(|| {
            view! {
                <ul class="rows" data-part="found">
                    {rows(move || found.with(|(lines, _)| lines.clone()), key, row)}
                </ul>
                {live(more)}
            }
        })
    };
    // Whoever finds nothing is shown the way by fields.
    let whole = memo(move || !asked.get() || nothing.get());
    let all = move || whole.get().then(|| view! { <All /> });
    view! {
        <div class="page">
            <PageTitle text=words!(i18n, guidance.title) />
            <Field
                name="guidance"
                label=words!(i18n, guidance.find)
                hint=words!(i18n, guidance.find_hint)
                value=query
            />
            <NotRead />
            <Standing />
            {live(none)}
            {live(results)}
            {live(all)}
        </div>
    }
    .into_any()
}

fn key(line: &Line) -> (String, String, Option<String>) {
    (line.href.clone(), line.language.clone(), line.found.clone())
}

/// `found`: in which language.
fn line(i18n: I18n, item: Item, found: Option<&str>) -> Option<Line> {
    let language = i18n.get_locale().as_str();
    let (own, title, first) = match item {
        Item::Card(card) => card.text(language).map(|(own, text)| (own, &text.title, text.steps.first()))?,
        Item::Speak(card) => card.text(language).map(|(own, text)| (own, &text.title, Some(&text.usage)))?,
        Item::Checklist(list) => {
            let (own, text) = list.text(language)?;
            (own, &text.title, list.items.first().and_then(|item| text.items.get(&item.code)))
        }
        Item::Plan(plan) => {
            plan.text(language).map(|(own, text)| (own, &text.title, text.trigger.first()))?
        }
    };
    let id = item.id();
    let (href, icon, kind) = match item {
        Item::Card(card) => (routes::card(id), field_icon(&card.field), None),
        Item::Speak(_) => (routes::card(id), lu::LuMegaphone, None),
        Item::Checklist(_) => (routes::checklist(id), lu::LuClipboardCheck, forms::text(i18n, "checklist")),
        Item::Plan(_) => (routes::contingency(id), lu::LuListTree, Some(say!(i18n, guidance.plan))),
    };
    Some(Line {
        href,
        card: matches!(item, Item::Card(_) | Item::Speak(_)).then(|| id.to_owned()),
        title: title.clone(),
        language: own.to_owned(),
        first: first.map(|first| first.replace("**", "")).unwrap_or_default(),
        icon,
        kind,
        found: found.filter(|found| *found != own).map(str::to_owned),
    })
}

fn row(line: Line) -> impl IntoView {
    let i18n = use_i18n();
    let Line { href, card, title, language, first, icon, kind, found } = line;
    let found = found.map(|language| say!(i18n, guidance.found_in, language = language_name(&language)));
    let notes: Vec<_> =
        kind.into_iter().chain(found).map(|note| view! { <p class="row-sub">{note}</p> }).collect();
    let dir = direction(&language);
    view! {
        <li class="row" data-card=card>
            <span class="row-mark">
                <Icon icon />
            </span>
            <div class="out-words">
                <a class="row-link row-title" lang=language.clone() dir=dir href=href>
                    {title}
                </a>
                <p class="row-sub clip" lang=language dir=dir>
                    {first}
                </p>
                {notes}
            </div>
        </li>
    }
    .into_any()
}

/// By field; above them what is read out on the radio.
#[component]
fn All() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let speak = move || {
        let language = i18n.get_locale().as_str();
        app.guidance.with(|library| {
            let one = |card: &waymark_core::guidance::SpeakCard| {
                let (own, text) = card.text(language)?;
                let (own, title) = (own.to_owned(), text.title.clone());
                let dir = direction(&own);
                Some(
                    view! {
                        <a class="way" href=routes::card(&card.id) lang=own dir=dir>
                            <Icon icon=lu::LuMegaphone />
                            <span>{title}</span>
                        </a>
                    }
                    .into_any(),
                )
            };
            library.speak.iter().filter_map(one).collect::<Vec<_>>()
        })
    };
    let plans = move || {
        let language = i18n.get_locale().as_str();
        app.guidance.with(|library| {
            let one = |plan: &waymark_core::guidance::Contingency| {
                let (own, text) = plan.text(language)?;
                let (own, title) = (own.to_owned(), text.title.clone());
                let dir = direction(&own);
                let href = routes::contingency(&plan.id);
                Some(
                    view! {
                        <a class="way" href=href lang=own dir=dir>
                            <Icon icon=lu::LuListTree />
                            <span>{title}</span>
                        </a>
                    }
                    .into_any(),
                )
            };
            library.plans.iter().filter_map(one).collect::<Vec<_>>()
        })
    };
    let read = memo(move || app.guidance.is_read());
    live(move || {
        read.get().then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, guidance.speak)}</h2>
                    <nav class="ways guide-ways" aria-label=words!(i18n, guidance.speak)>
                        {live(speak)}
                    </nav>
                </section>
                <nav class="ways guide-ways" aria-label=words!(i18n, checklists.title)>
                    <a class="way" href=routes::CHECKLISTS>
                        <Icon icon=lu::LuClipboardCheck />
                        <span>{words!(i18n, checklists.title)}</span>
                    </a>
                </nav>
                <section class="stack stack-tight" data-part="plans">
                    <h2>{words!(i18n, guidance.plans)}</h2>
                    <nav class="ways guide-ways" aria-label=words!(i18n, guidance.plans)>
                        {live(plans)}
                    </nav>
                </section>
                <section class="stack stack-tight" data-part="fields">
                    <h2>{words!(i18n, guidance.fields)}</h2>
                    {FIELDS.map(field).into_iter().collect::<Vec<_>>()}
                </section>
            }
        })
    })
}

fn field(field: &'static str) -> AnyView {
    let app = AppState::get();
    let i18n = use_i18n();
    let count = memo(move || {
        app.guidance.with(|library| library.cards.iter().filter(|card| card.field == field).count())
    });
    let lines = move || {
        let mut lines: Vec<Line> = app.guidance.with(|library| {
            let own = library.cards.iter().filter(|card| card.field == field);
            own.filter_map(|card| line(i18n, Item::Card(card), None)).collect()
        });
        waymark_core::order::sort_by_key(&mut lines, |line| waymark_core::spelling::folded(&line.title));
        lines
    };
    let make = Callback::new(move |()| view! { <ul class="rows">{rows(lines, key, row)}</ul> }.into_any());
    view! {
        <div data-field=field>
            <LateFold
                part="field"
                heading=derive(move || field_name(i18n, field))
                holds=derive(move || say!(i18n, guidance.cards, count = count.get()))
                make
            />
        </div>
    }
    .into_any()
}
