use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Problem;
use waymark_core::event::form::{FormDraft, form_named};
use waymark_core::guidance::{Contingency, ContingencyText, Post};
use waymark_core::spelling::folded;

use super::NotRead;
use super::calls::{Base, bases, role_name};
use crate::actions::{self, FormOf, SaveError};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes::{self, Router};
use crate::screens::parts::forms::{Continued, Filling};
use crate::screens::parts::words::{field_error, problem};
use crate::screens::parts::{Reading, SaveBar};
use crate::state::AppState;
use crate::ui::{Check, Field, Input, PageTitle, focus, focus_first_invalid, live, time};
use crate::{say, words};

/// So many stand in for one role: who is called first, and who if nobody answers.
const MOST: usize = 3;

/// Names for the roles of a plan at one base, given by those who watch.
#[component]
pub fn PlanNames() -> impl IntoView {
    let app = AppState::get();
    let router = Router::get();
    spawn_local(actions::open_guidance(app));
    spawn_local(actions::open_chain(app));
    let base = Router::asked("base").map(|base| routes::decoded(&base)).unwrap_or_default();
    let plan = memo(move || {
        let id = routes::named_plan(&router.path())?;
        app.guidance.with(|library| library.plan(&id).cloned())
    });
    live(move || match plan.get() {
        Some(plan) => view! { <Names plan base=base.clone() /> }.into_any(),
        None => view! { <div class="page page-narrow"><NotRead /></div> }.into_any(),
    })
}

#[component]
fn Names(plan: Contingency, base: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::hold_update(app);
    let plan = StoredValue::new(plan);
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let title = derive(move || words_of(i18n, plan, |text| text.title.clone()).unwrap_or_default());
    let body = move || {
        if !watches.get() {
            return view! { <p class="soft">{words!(i18n, report.not_yours_text)}</p> }.into_any();
        }
        if app.chain.is_read() {
            view! { <NamesForm plan base=base.clone() /> }.into_any()
        } else {
            view! { <Reading /> }.into_any()
        }
    };
    let back = plan.with_value(|plan| routes::contingency(&plan.id));
    view! {
        <div class="page page-narrow">
            <a class="back" href=back>
                {title}
            </a>
            <PageTitle text=words!(i18n, guidance.names_title) />
            <p class="soft">{words!(i18n, guidance.names_text)}</p>
            {live(body)}
        </div>
    }
    .into_any()
}

fn words_of<T>(i18n: I18n, plan: StoredValue<Contingency>, of: impl Fn(&ContingencyText) -> T) -> Option<T> {
    plan.with_value(|plan| plan.text(i18n.get_locale().as_str()).map(|(_, text)| of(text)))
}

fn name_key(role: &str, at: usize) -> String {
    format!("name {role} {at}")
}

fn phone_key(role: &str, at: usize) -> String {
    format!("phone {role} {at}")
}

/// Which names a form began with.
const BEGAN_WITH: &str = "began_with";

/// What the form starts from: the names that the base has.
fn blank(app: AppState, plan: &Contingency, base: &str) -> FormDraft {
    let mut draft = FormDraft::default();
    draft.put("plan", &plan.id);
    draft.put("state", "holds");
    let own = untrack(|| bases(app, &plan.id)).into_iter().find(|own| folded(&own.name) == folded(base));
    let home = actions::own_area(app).unwrap_or_default();
    draft.put("base", own.as_ref().map_or(if base.is_empty() { &home } else { base }, |own| &own.name));
    draft.put("area", own.as_ref().map_or(home.as_str(), |own| &own.area));
    draft.put(BEGAN_WITH, own.as_ref().map_or("", |own| &own.record));
    if let Some(at) = own.as_ref().and_then(|own| own.review_by) {
        draft.put("review_by", time::local_text(at).split('T').next().unwrap_or_default());
    }
    for role in roles(plan, own.as_ref()) {
        let posts = own.iter().flat_map(|own| &own.posts).filter(|post| post.role == role);
        for (at, post) in posts.take(MOST).enumerate() {
            draft.put(&name_key(&role, at), &post.name);
            draft.put(&phone_key(&role, at), &post.phone);
        }
    }
    draft
}

/// The roles of the plan, and those of an earlier pack that have names still.
fn roles(plan: &Contingency, own: Option<&Base>) -> Vec<String> {
    let mut all = plan.roles.clone();
    for post in own.iter().flat_map(|own| &own.posts) {
        if !all.contains(&post.role) {
            all.push(post.role.clone());
        }
    }
    all
}

fn posts(roles: &[String], draft: &FormDraft) -> Vec<Post> {
    let of = |role: &String, at: usize| Post {
        role: role.clone(),
        name: draft.get(&name_key(role, at)).trim().to_owned(),
        phone: draft.get(&phone_key(role, at)).trim().to_owned(),
    };
    let all = roles.iter().flat_map(|role| (0..MOST).map(move |at| (role, at)));
    all.map(|(role, at)| of(role, at))
        .filter(|post| !post.name.is_empty() || !post.phone.is_empty())
        .collect()
}

/// What would be lost of what was typed, by its key: the name of a number, and what is longer than a record keeps.
fn faults(roles: &[String], draft: &FormDraft) -> HashMap<String, Problem> {
    let mut all = HashMap::new();
    for (role, at) in roles.iter().flat_map(|role| (0..MOST).map(move |at| (role, at))) {
        let (name, phone) = (name_key(role, at), phone_key(role, at));
        let length = |key: &str| draft.get(key).trim().chars().count();
        if length(&name) == 0 && length(&phone) > 0 {
            all.insert(name, Problem::Required);
        } else if length(&name) > Post::NAME {
            all.insert(name, Problem::TooLong { max: Post::NAME });
        }
        if length(&phone) > Post::PHONE {
            all.insert(phone, Problem::TooLong { max: Post::PHONE });
        }
    }
    all
}

#[component]
fn NamesForm(plan: StoredValue<Contingency>, base: String) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let Some(form) = form_named("staffing") else { return ().into_any() };
    let (which, start) =
        plan.with_value(|plan| (actions::draft_of(&plan.id, &base), blank(app, plan, &base)));
    let own = plan.with_value(|plan| untrack(|| bases(app, &plan.id)));
    let own = own.into_iter().find(|own| folded(&own.name) == folded(&base));
    let all_roles = plan.with_value(|plan| roles(plan, own.as_ref()));
    let began_with = start.get(BEGAN_WITH).to_owned();
    let filling = Filling::keep(app, FormOf { which, ..FormOf::new(form) }, start);
    effect(move || {
        // What was left half typed is older than what somebody has given since.
        let other = filling.draft.with(|draft| draft.get(BEGAN_WITH) != began_with);
        if filling.continued.get() && other {
            filling.clear();
        }
    });
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let wrong = RwSignal::new(HashMap::new());
    let back = plan.with_value(|plan| routes::contingency(&plan.id));
    let named_roles = all_roles.clone();
    let save = Callback::new(move |()| {
        let mut draft = filling.take();
        let found = faults(&named_roles, &draft);
        let sound = found.is_empty();
        wrong.set(found);
        if !sound {
            return focus_first_invalid(|id, _| focus(id));
        }
        let posts = posts(&named_roles, &draft);
        saving.set(true);
        draft.put("title", &words_of(i18n, plan, |text| text.title.clone()).unwrap_or_default());
        draft.put("posts", &posts.iter().map(Post::line).collect::<Vec<_>>().join("\n"));
        let back = back.clone();
        spawn_local(async move {
            match actions::save_form(app, filling.of, draft).await {
                Ok(_) => {
                    filling.clear();
                    router.replace(&back);
                }
                Err(error) => {
                    failed.try_set(Some(error));
                    focus_first_invalid(|id, _| focus(id));
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
    let people = move || {
        let option = |name: String| view! { <option value=name></option> }.into_any();
        let known = actions::known_people(app);
        known.into_iter().map(|person| option(person.name)).collect::<Vec<_>>()
    };
    let rows: Vec<_> = all_roles.iter().map(|role| role_rows(i18n, plan, filling, wrong, role)).collect();
    let unnamed = move || {
        fault("posts").get().map(|_| {
            view! { <p class="field-error" role="alert">{say!(i18n, guidance.names_nobody)}</p> }
        })
    };
    let holds = memo(move || filling.draft.with(|draft| draft.get("state") != "withdrawn"));
    let withdraw = Callback::new(move |gone: bool| {
        filling.draft.update(|draft| draft.put("state", if gone { "withdrawn" } else { "holds" }));
    });
    let end = own.is_some().then(|| {
        view! {
            <div class="panel panel-tight">
                <Check
                    name="withdrawn"
                    label=words!(i18n, guidance.names_withdraw)
                    hint=words!(i18n, guidance.names_withdraw_hint)
                    checked=derive(move || !holds.get())
                    on_change=withdraw
                />
            </div>
        }
    });
    // Whoever works everywhere says whose people these are; others speak to their own.
    let wide = app.person_untracked().is_some_and(|person| person.areas.len() != 1);
    let area = (wide && own.is_none()).then(|| {
        view! {
            <Field
                name="area"
                label=words!(i18n, guidance.names_area)
                hint=words!(i18n, guidance.names_area_hint)
                value=filling.value("area")
                error=fault("area")
            />
        }
    });
    view! {
        <div class="stack">
            <datalist id="l-people">{live(people)}</datalist>
            <Continued filling />
            <div class="panel panel-tight">
                <Field
                    name="base"
                    label=words!(i18n, guidance.base)
                    hint=words!(i18n, guidance.base_hint)
                    value=filling.value("base")
                    error=fault("base")
                />
                {area}
            </div>
            <div class="stack" hidden=move || !holds.get()>
                {rows}
                <div class="panel panel-tight">
                    <Field
                        name="review_by"
                        label=words!(i18n, guidance.names_review)
                        value=filling.value("review_by")
                        error=fault("review_by")
                        input=Input::Day
                    />
                </div>
            </div>
            {end}
            <SaveBar label=words!(i18n, report.save) failed saving on_save=save>
                {live(unnamed)}
            </SaveBar>
        </div>
    }
    .into_any()
}

fn role_rows(
    i18n: I18n,
    plan: StoredValue<Contingency>,
    filling: Filling,
    wrong: RwSignal<HashMap<String, Problem>>,
    role: &str,
) -> AnyView {
    let fault = move |key: &str| {
        let key = key.to_owned();
        derive(move || wrong.with(|wrong| wrong.get(&key).map(|own| problem(i18n, *own))))
    };
    let code = role.to_owned();
    let own = code.clone();
    let heading = derive(move || words_of(i18n, plan, |text| role_name(text, &own)).unwrap_or_default());
    let shown = {
        let code = code.clone();
        // One row more than there are names.
        memo(move || {
            filling.draft.with(|draft| {
                let last = (0..MOST).rev().find(|at| !draft.get(&name_key(&code, *at)).trim().is_empty());
                last.map_or(1, |last| (last + 2).min(MOST))
            })
        })
    };
    let rows: Vec<_> = (0..MOST)
        .map(|at| {
            let (name, phone) = (name_key(&code, at), phone_key(&code, at));
            let label =
                if at == 0 { words!(i18n, guidance.name_first) } else { words!(i18n, guidance.name_next) };
            view! {
                <div class="name-row" hidden=move || shown.get() <= at>
                    <Field
                        name=name.replace(' ', "-")
                        label
                        value=filling.value(&name)
                        error=fault(&name)
                        input=Input::Listed("l-people")
                    />
                    <Field
                        name=phone.replace(' ', "-")
                        label=words!(i18n, guidance.phone)
                        value=filling.value(&phone)
                        error=fault(&phone)
                    />
                </div>
            }
            .into_any()
        })
        .collect();
    view! {
        <fieldset class="panel panel-tight names" data-role=code>
            <legend>{heading}</legend>
            {rows}
        </fieldset>
    }
    .into_any()
}
