use leptos::prelude::*;
use waymark_core::event::Vehicle;
use waymark_core::guidance::{SpeakLine, SpeakText};

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes;
use crate::screens::parts::guide::{direction, language_name};
use crate::state::{AppState, FixState};
use crate::ui::{Choice, Choices, Field, PageTitle, Shape, Value, live, time};
use crate::words;

/// What is read out on the radio: in large type, filled in with what the phone knows.
#[component]
pub fn SpeakPage(id: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::follow_position(app);
    let card =
        memo(move || app.guidance.with(|library| library.speak_card(&id).cloned().unwrap_or_default()));
    let chosen = RwSignal::new(None::<String>);
    let language = memo(move || chosen.get().unwrap_or_else(|| i18n.get_locale().as_str().to_owned()));
    let shown = memo(move || {
        card.with(|card| {
            let (own, text) = card.text(&language.get())?;
            Some((own.to_owned(), text.clone()))
        })
    });
    let title = derive(move || {
        shown.with(|shown| shown.as_ref().map(|(_, text)| text.title.clone()).unwrap_or_default())
    });
    let body = move || shown.get().map(|(language, text)| body(app, i18n, &language, &text));
    let languages = derive(move || {
        card.with(|card| {
            let choice = |language: &String| Choice {
                value: language.clone(),
                label: language_name(language),
                ..Choice::default()
            };
            card.texts.keys().map(choice).collect::<Vec<_>>()
        })
    });
    view! {
        <article class="page page-narrow guide" data-card=move || card.with(|card| card.id.clone())>
            <a class="back" href=routes::GUIDANCE>
                {words!(i18n, guidance.title)}
            </a>
            <PageTitle text=title />
            {live(body)}
            <Choices
                name="language"
                label=words!(i18n, guidance.language)
                options=languages
                value=derive(move || shown.with(|shown| shown.as_ref().map(|(own, _)| own.clone()).unwrap_or_default()))
                on_choose=Callback::new(move |code| chosen.set(Some(code)))
                shape=Shape::Low
            />
        </article>
    }
    .into_any()
}

fn body(app: AppState, i18n: I18n, language: &str, text: &SpeakText) -> AnyView {
    let filled = text.lines.iter().any(|line| line.fill.is_some());
    let lines: Vec<_> =
        text.lines.iter().map(|line| if filled { blank(app, i18n, line) } else { read(line) }).collect();
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

/// A line to fill in; nothing of it is kept: it is for this one call.
fn blank(app: AppState, i18n: I18n, line: &SpeakLine) -> AnyView {
    let (typed, touched) = (RwSignal::new(String::new()), RwSignal::new(false));
    if let Some(fill) = line.fill.clone() {
        // Where the phone is may be known a little later; what somebody has typed stays.
        effect(move || {
            if let (Some(known), false) = (known(app, i18n, &fill), touched.get())
                && typed.with_untracked(String::is_empty)
            {
                typed.set(known);
            }
        });
    }
    let write = Callback::new(move |text: String| {
        touched.set(true);
        typed.set(text);
    });
    let value = Value { read: typed.into(), write };
    view! {
        <Field
            name=format!("speak-{}", line.code)
            label=Signal::stored(line.label.clone())
            hint=Signal::stored(line.prompt.clone())
            value
        />
    }
    .into_any()
}

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
            FixState::Fixed { lat, lon, .. } => Some(format!("{lat:.4}, {lon:.4}")),
            _ => None,
        },
        "time" => Some(time::moment(intl(i18n), app.now.get().0, app.now.get().0)),
        "people" => plan.map(|plan| plan.headcount.to_string()),
        "vehicle" => {
            let names = plan?.vehicles.iter().map(|own| own.call_sign.clone()).collect::<Vec<_>>().join(", ");
            (!names.is_empty()).then_some(names)
        }
        "movement" => plan.map(|plan| plan.name.clone()),
        _ => None,
    }
}
