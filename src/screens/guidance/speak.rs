use std::collections::BTreeMap;

use leptos::prelude::*;
use waymark_core::event::{Body, MAX_FIX_AGE_MS, Vehicle};
use waymark_core::guidance::{SpeakLine, SpeakText};
use waymark_core::view::offices::number_of;

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::guide::{CardLanguage, direction, lacks};
use crate::screens::parts::words::reason as reason_words;
use crate::state::{AppState, FixState};
use crate::ui::{Field, PageTitle, Value, live, time};
use crate::words;

/// What is read out on the radio: in large type, filled in with what the phone knows.
#[component]
pub fn SpeakPage(id: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::follow_position(app);
    let card =
        memo(move || app.guidance.with(|library| library.speak_card(&id).cloned().unwrap_or_default()));
    let language = CardLanguage::new(i18n);
    let shown = memo(move || {
        card.with(|card| {
            let (own, text) = card.text(&language.now.get())?;
            Some((own.to_owned(), text.clone()))
        })
    });
    let title = derive(move || {
        shown.with(|shown| shown.as_ref().map(|(_, text)| text.title.clone()).unwrap_or_default())
    });
    let typed: Typed = RwSignal::default();
    let lacks = move || {
        let (_, text) = shown.get()?;
        let lacks = card
            .with(|card| lacks(i18n, text.translation, text.revision < card.revision, card.needs.is_some()));
        (!lacks.is_empty()).then(|| view! { <p class="small soft">{lacks.join(" · ")}</p> })
    };
    let body = move || shown.get().map(|(language, text)| body(app, i18n, &language, &text, typed));
    let there = derive(move || card.with(|card| card.texts.keys().cloned().collect::<Vec<_>>()));
    let own =
        derive(move || shown.with(|shown| shown.as_ref().map(|(own, _)| own.clone()).unwrap_or_default()));
    view! {
        <article class="page page-narrow guide" data-card=move || card.with(|card| card.id.clone())>
            <a class="back" href=routes::GUIDANCE>
                {words!(i18n, guidance.title)}
            </a>
            <PageTitle text=title />
            {live(lacks)}
            {live(body)}
            {language.choices(i18n, there, own)}
        </article>
    }
    .into_any()
}

fn body(app: AppState, i18n: I18n, language: &str, text: &SpeakText, typed: Typed) -> AnyView {
    let filled = text.lines.iter().any(|line| line.fill.is_some());
    let lines: Vec<_> = text
        .lines
        .iter()
        .map(|line| if filled { blank(app, i18n, line, typed) } else { read(line) })
        .collect();
    let class = if filled { "speak" } else { "speak speak-table" };
    view! {
        <div class="stack" lang=language.to_owned() dir=direction(language)>
            <p class="soft">{text.usage.clone()}</p>
            <div class=class>{lines}</div>
        </div>
    }
    .into_any()
}

fn read(line: &SpeakLine) -> AnyView {
    view! {
        <p>
            <strong>{line.label.clone()}</strong>
            <span>{line.prompt.clone()}</span>
        </p>
    }
    .into_any()
}

/// What somebody has typed, by the code of the line: it stays when the language changes.
type Typed = RwSignal<BTreeMap<String, String>>;

/// A line to fill in; nothing of it is kept: it is for this one call. As long as nobody types there, it is what the phone
/// knows at the moment.
fn blank(app: AppState, i18n: I18n, line: &SpeakLine, typed: Typed) -> AnyView {
    let (code, own, fill) = (line.code.clone(), line.code.clone(), line.fill.clone());
    let read = derive(move || {
        let written = typed.with(|typed| typed.get(&code).cloned());
        written.or_else(|| known(app, i18n, fill.as_deref()?)).unwrap_or_default()
    });
    let write = Callback::new(move |text: String| {
        typed.update(|typed| {
            typed.insert(own.clone(), text);
        });
    });
    view! {
        <Field
            name=format!("speak-{}", line.code)
            label=Signal::stored(line.label.clone())
            hint=Signal::stored(line.prompt.clone())
            value=Value { read, write }
        />
    }
    .into_any()
}

/// So long an emergency is what one calls about, in milliseconds.
const KIND_MS: i64 = 6 * 3_600_000;

/// What the phone knows of it now.
fn known(app: AppState, i18n: I18n, fill: &str) -> Option<String> {
    let movement = app.my_movement().get();
    let plan = movement.as_ref().map(|movement| &movement.plan.plan);
    match fill {
        "who" => {
            let person = app.person()?;
            let aboard =
                |own: &&Vehicle| own.people.iter().any(|one| one.user.as_ref() == Some(&person.user));
            let sign = plan.and_then(|plan| plan.vehicles.iter().find(aboard)).map(|own| &own.call_sign);
            Some(sign.map_or(person.name.clone(), |sign| format!("{}, {sign}", person.name)))
        }
        "position" => match app.device.fix.get() {
            // Where the phone was a while ago would send help there. The figures keep their order on an Arabic page.
            FixState::Fixed { lat, lon, at, .. } if app.now.get().ms_since(at) <= MAX_FIX_AGE_MS => {
                Some(format!("\u{2066}{lat:.4}, {lon:.4}\u{2069}"))
            }
            _ => None,
        },
        "time" => Some(time::moment(intl(i18n), app.now.get().0, app.now.get().0)),
        "people" => plan.map(|plan| plan.headcount.to_string()),
        "vehicle" => {
            let names = plan?.vehicles.iter().map(|own| own.call_sign.clone()).collect::<Vec<_>>().join(", ");
            (!names.is_empty()).then_some(names)
        }
        "movement" => plan.map(|plan| plan.name.clone()),
        "kind" => app.records.newest.with(|newest| {
            let own = newest.iter().filter(|view| view.mine).find_map(|view| match &view.body {
                Some(Body::EmergencyRaised(raised)) => Some((view.happened, &raised.reason)),
                _ => None,
            });
            // What is over for hours is not what is called in now.
            let (at, reason) = own?;
            (app.now.get().ms_since(at) < KIND_MS).then(|| reason_words(i18n, reason))
        }),
        "phone" => {
            let name = app.person()?.name;
            app.chain.with(|chain| number_of(chain, &name))
        }
        _ => None,
    }
}
