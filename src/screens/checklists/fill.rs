use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EventId;
use waymark_core::event::form::{FormDraft, form_named};
use waymark_core::guidance::{CheckItem, Checklist};

use crate::actions::{self, FormOf, SaveError};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes::{self, Router};
use crate::screens::parts::SaveBar;
use crate::screens::parts::forms::{self, Continued, Filling};
use crate::screens::parts::guide::{direction, lacks};
use crate::screens::parts::words::field_error;
use crate::state::AppState;
use crate::ui::{Choice, Choices, Field, Input, LinkButton, PageTitle, Shape, Tone, focus, live, lu};
use crate::{say, words};

/// How one point stands.
const MET: &str = "met";
const GAP: &str = "gaps";
const SKIPPED: &str = "skipped";

/// One checklist while somebody walks around; what is answered stays when the app is closed.
#[component]
pub fn Fill(list: Checklist) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::hold_update(app);
    let Some(form) = form_named("checklist") else { return ().into_any() };
    let movement = Router::asked("movement").and_then(|id| id.parse::<EventId>().ok());
    let name = Router::asked("name").map(|name| routes::decoded(&name)).unwrap_or_default();
    let mut blank = FormDraft::default();
    blank.put("checklist", &list.id);
    blank.put("subject", &list.of);
    blank.put("name", &name);
    blank.put("area", &actions::own_area(app).unwrap_or_default());
    let which = actions::draft_of(&list.id, &name);
    let of = FormOf { about: movement, which, ..FormOf::new(form) };
    let filling = Filling::keep(app, of, blank);
    let codes: Vec<String> = list.items.iter().map(|item| item.code.clone()).collect();
    effect(move || {
        if filling.continued.get() {
            take_up(app, filling, &codes);
        }
    });
    let list = StoredValue::new(list);
    let saved = RwSignal::new(None::<(EventId, usize)>);
    let title = derive(move || {
        list.with_value(|list| {
            list.text(i18n.get_locale().as_str()).map(|(_, text)| text.title.clone()).unwrap_or_default()
        })
    });
    let body = move || match saved.get() {
        Some((id, gaps)) => view! { <Saved id gaps movement /> }.into_any(),
        None => view! { <Sheet list filling movement saved /> }.into_any(),
    };
    let back = movement.map_or(routes::CHECKLISTS.to_owned(), routes::movement);
    view! {
        <div class="page page-narrow">
            <a class="back" href=back>
                {move || match movement {
                    Some(_) => say!(i18n, checklists.movement),
                    None => say!(i18n, checklists.title),
                }}
            </a>
            <PageTitle text=title />
            {live(body)}
        </div>
    }
    .into_any()
}

/// When somebody began, in milliseconds since 1970; stays with the draft.
const BEGUN: &str = "begun";
/// What was seen longer ago than a night is looked at again.
const STALE_MS: i64 = 12 * 3_600_000;

/// What is left of a draft from before: nothing if it is too old, and only the points that the list still has.
fn take_up(app: AppState, filling: Filling, codes: &[String]) {
    let begun = filling.draft.with_untracked(|draft| draft.get(BEGUN).parse().unwrap_or(0));
    if untrack(|| app.now.get()).0 - begun > STALE_MS {
        return filling.clear();
    }
    filling.draft.update(|draft| {
        for field in [MET, GAP, SKIPPED] {
            let known = draft.get(field).split('\n').filter(|code| codes.iter().any(|own| own == code));
            let known = known.collect::<Vec<_>>().join("\n");
            draft.put(field, &known);
        }
    });
}

#[component]
fn Sheet(
    list: StoredValue<Checklist>,
    filling: Filling,
    movement: Option<EventId>,
    saved: RwSignal<Option<(EventId, usize)>>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let open = memo(move || list.with_value(|list| filling.draft.with(|draft| unanswered(list, draft))));
    let asked = RwSignal::new(false);
    let save = Callback::new(move |()| {
        if let Some(first) = open.with_untracked(|open| open.first().cloned()) {
            asked.set(true);
            return focus(format!("f-{first}"));
        }
        saving.set(true);
        let (title, missing) = list.with_value(|list| in_words(i18n, list, filling));
        let mut draft = filling.take();
        draft.put("title", &title);
        draft.put("missing", &missing);
        let gaps = draft.get(GAP).lines().count();
        spawn_local(async move {
            match actions::save_checklist(app, draft, filling.of, movement).await {
                Ok(id) => {
                    filling.clear();
                    saved.try_set(Some((id, gaps)));
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
            saving.try_set(false);
        });
    });
    let fault = move |field: &'static str| {
        derive(move || match failed.get() {
            Some(SaveError::Fields(errors)) => field_error(i18n, &errors, field),
            _ => None,
        })
    };
    let rows = list.with_value(|list| {
        list.items.iter().map(|item| row(app, i18n, list, item, filling)).collect::<Vec<_>>()
    });
    let left = move || {
        let count = open.with(Vec::len);
        (count > 0 && asked.get()).then(|| {
            view! { <p class="field-error" role="alert">{say!(i18n, checklists.unanswered, count = count)}</p> }
        })
    };
    let subject = list.with_value(|list| list.of.clone());
    let fixed = Router::asked("name").is_some();
    let name = (!fixed).then(|| {
        view! {
            <div class="panel panel-tight">
                <Field
                    name="name"
                    label=derive(move || forms::code(i18n, "check_name", &subject))
                    value=filling.value("name")
                    error=fault("name")
                />
            </div>
        }
    });
    let of = move || {
        fixed.then(|| {
            filling.draft.with(|draft| view! { <p class="about-line">{draft.get("name").to_owned()}</p> })
        })
    };
    let sources = list.with_value(|list| list.sources.clone());
    // A movement goes through many.
    let placed = list.with_value(|list| list.of != "movement");
    let area = placed.then(|| {
        view! {
            <Field
                name="area"
                label=words!(i18n, sectors.area)
                value=filling.value("area")
                error=fault("area")
            />
        }
    });
    let lacks = move || {
        let lacks = list.with_value(|list| {
            let (_, text) = list.text(i18n.get_locale().as_str())?;
            let clinician = list.needs.is_some() && list.reviewed_by.is_none();
            Some(lacks(i18n, text.translation, text.revision < list.revision, clinician))
        })?;
        (!lacks.is_empty()).then(|| view! { <p class="small soft">{lacks.join(" · ")}</p> })
    };
    view! {
        <div class="stack">
            {live(lacks)}
            <Continued filling />
            {live(of)}
            {name}
            <ul class="checks">{rows}</ul>
            {area}
            <Field
                name="note"
                label=words!(i18n, checklists.note)
                value=filling.value("note")
                error=fault("note")
                input=Input::Area
            />
            <p class="small soft" lang="en" dir="ltr">{sources}</p>
            <SaveBar label=words!(i18n, report.save) failed saving on_save=save>{live(left)}</SaveBar>
        </div>
    }
    .into_any()
}

/// Codes of the points that nobody has answered, in order.
fn unanswered(list: &Checklist, draft: &FormDraft) -> Vec<String> {
    let answered = |code: &str| [MET, GAP, SKIPPED].iter().any(|field| has(draft, field, code));
    list.items.iter().map(|item| item.code.clone()).filter(|code| !answered(code)).collect()
}

fn has(draft: &FormDraft, field: &str, code: &str) -> bool {
    draft.get(field).split('\n').any(|own| own == code)
}

/// The title, and what is not met, as it stands on the screen: for whoever has another pack.
fn in_words(i18n: I18n, list: &Checklist, filling: Filling) -> (String, String) {
    let Some((_, text)) = list.text(i18n.get_locale().as_str()) else {
        return (list.id.clone(), String::new());
    };
    let gaps = filling.draft.with_untracked(|draft| {
        let own = list.items.iter().filter(|item| has(draft, GAP, &item.code));
        own.filter_map(|item| text.items.get(&item.code).cloned()).collect::<Vec<_>>()
    });
    (text.title.clone(), forms::clipped(&gaps.join("\n"), LONGEST))
}

/// As much of what is missing as a record takes, in characters; the codes of all of it are there besides.
const LONGEST: usize = 1_900;

fn row(app: AppState, i18n: I18n, list: &Checklist, item: &CheckItem, filling: Filling) -> AnyView {
    let (code, must) = (item.code.clone(), item.must);
    let Some((language, text)) = list.text(i18n.get_locale().as_str()) else { return ().into_any() };
    let (lang, dir) = (language.to_owned(), direction(language));
    let words = text.items.get(&code).cloned().unwrap_or_default();
    let own = code.clone();
    let value = derive(move || {
        filling.draft.with(|draft| {
            let at = [MET, GAP, SKIPPED].into_iter().find(|field| has(draft, field, &own));
            at.unwrap_or_default().to_owned()
        })
    });
    let own = code.clone();
    let choose = Callback::new(move |to: String| {
        filling.draft.update(|draft| {
            if draft.get(BEGUN).is_empty() {
                draft.put(BEGUN, &untrack(|| app.now.get()).0.to_string());
            }
            for field in [MET, GAP, SKIPPED] {
                let others = draft.get(field).split('\n').filter(|code| !code.is_empty() && *code != own);
                let mut all: Vec<String> = others.map(str::to_owned).collect();
                if field == to {
                    all.push(own.clone());
                }
                draft.put(field, &all.join("\n"));
            }
        });
    });
    let options = derive(move || {
        let choice = |value: &str, label: String, tone: Tone| Choice {
            value: value.to_owned(),
            label,
            tone,
            ..Choice::default()
        };
        vec![
            choice(MET, say!(i18n, checklists.met), Tone::Accent),
            choice(GAP, say!(i18n, checklists.gap), Tone::Danger),
            choice(SKIPPED, say!(i18n, checklists.skipped), Tone::Quiet),
        ]
    });
    let label = Signal::stored(words.clone());
    view! {
        <li class="check-row" id=format!("f-{code}") tabindex="-1" data-answer=value>
            <p lang=lang dir=dir>
                {words}
                {must.then(|| view! { <strong class="check-must">{say!(i18n, checklists.must)}</strong> })}
            </p>
            <Choices name=format!("check-{code}") label options value on_choose=choose shape=Shape::Low clearable=true />
        </li>
    }
    .into_any()
}

/// What comes next: what is not met is somebody's to do.
#[component]
fn Saved(id: EventId, gaps: usize, movement: Option<EventId>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let act = move || {
        (gaps > 0 && watches.get()).then(|| {
            view! { <LinkButton label=words!(i18n, checklists.open_action) href=routes::record(id) icon=lu::LuListChecks tone=Tone::Accent /> }
        })
    };
    let text = move || match gaps {
        0 => say!(i18n, checklists.saved_clear),
        count => say!(i18n, checklists.saved_gaps, count = count),
    };
    let back = movement.map(|id| {
        view! { <LinkButton label=words!(i18n, checklists.movement) href=routes::movement(id) icon=lu::LuRoute /> }
    });
    view! {
        <section class="panel" role="status" data-record=id.to_string()>
            <h2>{words!(i18n, report.saved_title)}</h2>
            <p>{live(text)}</p>
            <div class="btn-row">
                {live(act)} {back} <LinkButton label=words!(i18n, report.open) href=routes::record(id) icon=lu::LuFileText />
            </div>
        </section>
    }
    .into_any()
}
