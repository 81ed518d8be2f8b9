use leptos::prelude::*;
use waymark_core::event::MAX_FIX_AGE_MS;
use waymark_core::event::form::{Ask, Codes, Field, Form, FormDraft, Section};

use waymark_core::guidance::Agreed;
use waymark_core::view::places::place_named;

use super::{Filling, words};
use crate::actions::{self, SaveError};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::photos::AddPhotos;
use crate::screens::parts::words::field_error;
use crate::state::{AppState, FixState};
use crate::ui::{
    Answer, Asked, Banner, Check, Choice, Fold, PlaceAnswer, SheetRow, Tone, asked, live, lu, place_icon,
};
use crate::{say, words};

/// The questions of a form: the first page open, the detail behind it folded.
#[component]
pub fn FormSheet(filling: Filling, failed: RwSignal<Option<SaveError>>) -> impl IntoView {
    let i18n = use_i18n();
    let form = filling.of.form;
    let row = move |section: &'static Section| {
        let heading = derive(move || words::section(i18n, form, section.name));
        let fields: Vec<_> =
            section.fields.iter().map(|field| question(filling, section, field, failed)).collect();
        let guide = words::text(i18n, &format!("{}_{}_guide", form.name, section.name)).map(|_| {
            let text = derive(move || {
                words::text(i18n, &format!("{}_{}_guide", form.name, section.name)).unwrap_or_default()
            });
            view! {
                <Fold heading=words!(i18n, report.guide) holds=Signal::stored(String::new())>
                    <p class="guide">{text}</p>
                </Fold>
            }
        });
        view! { <SheetRow heading>{guide} {fields}</SheetRow> }.into_any()
    };
    let rows = |first: bool| {
        form.sections.iter().filter(move |section| section.first == first).map(row).collect::<Vec<_>>()
    };
    let behind = rows(false);
    let count: usize =
        form.sections.iter().filter(|section| !section.first).map(|section| section.fields.len()).sum();
    let detail = (!behind.is_empty()).then(|| {
        let holds = words!(i18n, report.detail_holds, count = count);
        view! {
            <div class="sheet-more">
                <Fold heading=words!(i18n, report.detail) holds>
                    <div class="sheet">{behind}</div>
                </Fold>
            </div>
        }
    });
    let photos = (filling.of.update || form.takes_photos()).then(|| view! { <AddPhotos filling /> });
    view! {
        <Sensitive filling />
        <div class="sheet">{rows(true)} {photos}</div>
        {detail}
    }
    .into_any()
}

/// Marked before anything is typed, since it changes what is asked.
#[component]
fn Sensitive(filling: Filling) -> impl IntoView {
    let i18n = use_i18n();
    let checked = memo(move || filling.draft.with(|draft| draft.sensitive));
    let change = Callback::new(move |yes| filling.draft.update(|draft| draft.sensitive = yes));
    let offered = filling.of.form.sensitive && !filling.of.update;
    let note = move || {
        checked.get().then(|| {
            view! { <Banner tone=Tone::Warn icon=lu::LuShieldAlert text=words!(i18n, report.sensitive_on) /> }
        })
    };
    offered.then(|| {
        view! {
            <div class="panel panel-tight sensitive">
                <Check
                    name="sensitive"
                    label=words!(i18n, report.sensitive)
                    hint=words!(i18n, report.sensitive_hint)
                    checked
                    on_change=change
                />
                <div role="status">{live(note)}</div>
            </div>
        }
    })
}

fn question(
    filling: Filling,
    section: &'static Section,
    field: &'static Field,
    failed: RwSignal<Option<SaveError>>,
) -> AnyView {
    let i18n = use_i18n();
    let form = filling.of.form;
    let error = refusal(i18n, filling, field, failed);
    let hinted = words::hint(i18n, form, field).is_some();
    asked(Asked {
        name: field.name.to_owned(),
        label: derive(move || words::label(i18n, form, field)),
        hint: hinted.then(|| derive(move || words::hint(i18n, form, field).unwrap_or_default())),
        answer: answer(i18n, filling, field),
        value: filling.value(field.name),
        error,
        quiet: untrack(|| words::label(i18n, form, field) == words::section(i18n, form, section.name)),
        shown: memo(move || {
            let known = words::begun_from(&form.kind).first() == Some(&field.name);
            !(known || filling.of.update && field.fixed) && filling.draft.with(|draft| draft.asks(field))
        })
        .into(),
    })
}

/// Why the answer was not taken, until it is another.
fn refusal(
    i18n: I18n,
    filling: Filling,
    field: &'static Field,
    failed: RwSignal<Option<SaveError>>,
) -> Signal<Option<String>> {
    let form = filling.of.form;
    let judged = move |draft: &FormDraft| {
        let together = form.one_of.contains(&field.name);
        let names = form.one_of.iter().filter(|_| together).copied().chain([field.name]);
        names.map(|name| draft.get(name).to_owned()).collect::<Vec<_>>()
    };
    let refused = memo(move || match failed.get() {
        Some(SaveError::Fields(errors)) => {
            let why = field_error(i18n, &errors, field.name)?;
            Some((why, filling.draft.with_untracked(judged)))
        }
        _ => None,
    });
    derive(move || {
        let (why, then) = refused.get()?;
        (filling.draft.with(judged) == then).then_some(why)
    })
}

fn answer(i18n: I18n, filling: Filling, field: &'static Field) -> Answer {
    let app = AppState::get();
    match field.ask {
        Ask::Line => match proposals(app, filling.of.form, field) {
            Some(known) => Answer::Listed(known),
            None => Answer::Line,
        },
        Ask::Text | Ask::Words | Ask::Lines => Answer::Area,
        Ask::One(list) => Answer::One(choices(i18n, list), words!(i18n, report.pick)),
        Ask::Many(list) if field.name == "messages" => Answer::Many(agreed(app, i18n, list)),
        Ask::Many(list) => Answer::Many(choices(i18n, list)),
        Ask::Scale(list) => Answer::Scale(scale(i18n, list)),
        Ask::Count(_) | Ask::Amount => Answer::Number,
        Ask::Moment => Answer::Moment,
        Ask::Due => Answer::Due(words!(i18n, report.due_time), words!(i18n, report.due_time_hint)),
        Ask::Yes => Answer::Yes,
        Ask::Place => Answer::Place(place(app, i18n, filling, field.name)),
        Ask::Person => Answer::Listed(derive(move || {
            actions::known_people(app).into_iter().map(|person| person.name).collect()
        })),
    }
}

fn choices(i18n: I18n, list: &'static Codes) -> Signal<Vec<Choice>> {
    derive(move || {
        let choice = |code: String| Choice {
            label: words::code(i18n, list.name, &code),
            value: code,
            ..Choice::default()
        };
        i18n.choices(list).into_iter().map(choice).collect()
    })
}

/// What was agreed to be said about ourselves, in the words of the standards pack; by its codes where there is none.
fn agreed(app: AppState, i18n: I18n, list: &'static Codes) -> Signal<Vec<Choice>> {
    leptos::task::spawn_local(actions::open_guidance(app));
    let without = choices(i18n, list);
    let org = memo(move || app.person().map(|person| person.org_name).unwrap_or_default());
    derive(move || {
        let language = i18n.get_locale().as_str();
        let agreed = app.guidance.with(|library| library.messages(language).to_vec());
        if agreed.is_empty() {
            return without.get();
        }
        let choice = |agreed: Agreed| Choice {
            value: agreed.code,
            label: agreed.words.replace("ORGANISATION", &org.get()),
            ..Choice::default()
        };
        agreed.into_iter().map(choice).collect()
    })
}

fn scale(i18n: I18n, list: &'static Codes) -> Signal<Vec<Choice>> {
    derive(move || {
        let choice = |value: u64| Choice {
            value: value.to_string(),
            label: words::step(i18n, list, value),
            ..Choice::default()
        };
        (1..=5).chain([0]).map(choice).collect()
    })
}

/// Names that were used before: one spelling brings a history together.
fn proposals(app: AppState, form: &'static Form, field: &'static Field) -> Option<Signal<Vec<String>>> {
    if !matches!(field.name, "stakeholder" | "area" | "target_name") {
        return None;
    }
    Some(derive(move || {
        let mut names: Vec<String> = vec![];
        if field.name == "area" {
            names.extend(app.person().map(|person| person.areas).unwrap_or_default());
        }
        app.chain.with(|chain| {
            for item in chain.items() {
                let same = field.name != "stakeholder" || item.form.kind == form.kind;
                names.extend(item.now.text(field.name).filter(|_| same).map(str::to_owned));
            }
        });
        waymark_core::order::sort(&mut names);
        names.dedup();
        names
    }))
}

fn place(app: AppState, i18n: I18n, filling: Filling, name: &'static str) -> PlaceAnswer {
    let fix = memo(move || match app.device.fix.get() {
        FixState::Fixed { lat, lon, at, .. } if app.now.get().ms_since(at) <= MAX_FIX_AGE_MS => {
            Some((lat, lon))
        }
        _ => None,
    });
    let taken = memo(move || filling.draft.with(|draft| draft.at(name)));
    // Once for each change of the chain, and not for each letter.
    let places = memo(move || actions::known_places(app));
    let said = derive(move || {
        if taken.get().is_some() && filling.draft.with(|draft| draft.is_fix(name)) {
            return Some(say!(i18n, report.here_used));
        }
        let known = places.with(|all| filling.draft.with(|draft| place_named(all, draft.get(name))));
        let (lat, lon) = filling.draft.with(|draft| draft.place_at(name, known))?;
        Some(say!(i18n, report.known_place, at = format!("{lat:.2}, {lon:.2}")))
    });
    let button = derive(move || match (taken.get(), fix.get()) {
        (Some(_), _) => Some(say!(i18n, report.here_drop)),
        (None, Some(_)) => Some(say!(i18n, report.here)),
        (None, None) => None,
    });
    let on_press = Callback::new(move |()| {
        let at = if taken.get_untracked().is_some() { None } else { fix.get_untracked() };
        filling.draft.update(|draft| draft.put_fix(name, at));
    });
    let known = derive(move || places.with(|all| all.iter().map(|place| place.name.clone()).collect()));
    PlaceAnswer { known, said, button, icon: place_icon(), on_press }
}
