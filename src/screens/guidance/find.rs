use leptos::prelude::*;
use waymark_core::guidance::{FIELDS, Found};

use super::NotRead;
use super::standing::Standing;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::guide::{direction, field_icon, field_name, language_name};
use crate::state::AppState;
use crate::ui::{Field, Icon, IconData, LateFold, PageTitle, live, lu, rows};
use crate::{say, words};

/// One line that leads to a card.
#[derive(Clone, PartialEq)]
struct Line {
    id: String,
    title: String,
    /// Of the title.
    language: String,
    first: String,
    icon: IconData,
    /// The language in which it was found, where that is another.
    found: Option<String>,
}

/// Everything that is at hand: what is typed is looked for in every language; without it, by field.
#[component]
pub fn Find() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let query = RwSignal::new(String::new());
    let found = memo(move || {
        let language = i18n.get_locale().as_str();
        let asked = query.get();
        if asked.trim().is_empty() {
            return vec![];
        }
        let found = app.guidance.with(|library| library.index().search(&asked, language));
        found.into_iter().filter_map(|found| line(app, language, &found)).collect::<Vec<_>>()
    });
    let asked = memo(move || query.with(|query| !query.trim().is_empty()));
    let none = move || {
        let none = asked.get() && app.guidance.is_read() && found.with(Vec::is_empty);
        none.then(|| view! { <p class="soft" role="status">{words!(i18n, guidance.not_found)}</p> })
    };
    let results = move || {
        asked.get().then(|| {
            view! {
                <ul class="rows" data-part="found">
                    {rows(move || found.get(), |line| (line.id.clone(), line.found.clone()), row)}
                </ul>
            }
        })
    };
    // Whoever finds nothing is shown the way by fields.
    let whole = memo(move || !asked.get() || found.with(Vec::is_empty));
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

fn line(app: AppState, language: &str, found: &Found) -> Option<Line> {
    app.guidance.with(|library| {
        let other = |own: &str| (found.language != own).then(|| found.language.clone());
        if let Some(card) = library.card(&found.id) {
            let (own, text) = card.text(language)?;
            return Some(Line {
                id: found.id.clone(),
                title: text.title.clone(),
                language: own.to_owned(),
                first: text.steps.first().cloned().unwrap_or_default(),
                icon: field_icon(&card.field),
                found: other(own),
            });
        }
        let (own, text) = library.speak_card(&found.id)?.text(language)?;
        Some(Line {
            id: found.id.clone(),
            title: text.title.clone(),
            language: own.to_owned(),
            first: text.usage.clone(),
            icon: lu::LuMegaphone,
            found: other(own),
        })
    })
}

fn row(line: Line) -> impl IntoView {
    let i18n = use_i18n();
    let Line { id, title, language, first, icon, found } = line;
    let found = found.map(|language| {
        view! { <p class="row-sub">{say!(i18n, guidance.found_in, language = language_name(&language))}</p> }
    });
    let dir = direction(&language);
    view! {
        <li class="row" data-card=id.clone()>
            <span class="row-mark">
                <Icon icon />
            </span>
            <div class="out-words">
                <a class="row-link row-title" lang=language.clone() dir=dir href=routes::card(&id)>
                    {title}
                </a>
                <p class="row-sub clip" lang=language dir=dir>
                    {first.replace("**", "")}
                </p>
                {found}
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
                let href = format!("{}/{}", routes::PLANS, plan.id);
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
    let ids = memo(move || {
        app.guidance.with(|library| {
            let own = library.cards.iter().filter(|card| card.field == field);
            own.map(|card| card.id.clone()).collect::<Vec<_>>()
        })
    });
    let lines = move || {
        let language = i18n.get_locale().as_str();
        let mut lines: Vec<Line> = ids.with(|ids| {
            let found = |id: &String| Found { id: id.clone(), language: String::new(), score: 0 };
            ids.iter().filter_map(|id| line(app, language, &found(id))).collect()
        });
        for line in &mut lines {
            line.found = None;
        }
        waymark_core::order::sort_by_key(&mut lines, |line| waymark_core::spelling::folded(&line.title));
        lines
    };
    let make = Callback::new(move |()| {
        view! { <ul class="rows">{rows(lines, |line| (line.id.clone(), line.language.clone()), row)}</ul> }
            .into_any()
    });
    view! {
        <div data-field=field>
            <LateFold
                part="field"
                heading=derive(move || field_name(i18n, field))
                holds=derive(move || {
                    say!(i18n, guidance.cards, count = ids.with(Vec::len))
                })
                make
            />
        </div>
    }
    .into_any()
}
