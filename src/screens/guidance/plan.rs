use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::{Contingency, ContingencyText};

use super::NotRead;
use super::calls::Calls;
use crate::actions;
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes::{self, Router};
use crate::screens::parts::guide::{bullets, direction, lacks};
use crate::state::AppState;
use crate::ui::{PageTitle, live};
use crate::{say, words};

/// One contingency plan: what sets it off, who does what in which order, and who calls whom.
#[component]
pub fn PlanPage() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    spawn_local(actions::open_guidance(app));
    spawn_local(actions::open_chain(app));
    let plan = memo(move || {
        let id = router.below(routes::PLANS)?;
        app.guidance.with(|library| library.plan(&id).cloned())
    });
    let title = derive(move || {
        plan.with(|plan| {
            let text = plan.as_ref().and_then(|plan| plan.text(i18n.get_locale().as_str()));
            text.map_or_else(|| say!(i18n, guidance.plans), |(_, text)| text.title.clone())
        })
    });
    let body = move || {
        plan.with(|plan| {
            let plan = plan.as_ref()?;
            let (language, text) = plan.text(i18n.get_locale().as_str())?;
            Some(body(i18n, plan, language, text))
        })
    };
    view! {
        <article class="page page-narrow guide">
            <a class="back" href=routes::GUIDANCE>
                {words!(i18n, guidance.title)}
            </a>
            <PageTitle text=title />
            <NotRead />
            {live(body)}
        </article>
    }
    .into_any()
}

fn body(i18n: I18n, plan: &Contingency, language: &str, text: &ContingencyText) -> AnyView {
    let (lang, dir) = (language.to_owned(), direction(language));
    let name = |code: &String| text.roles.get(code).map_or_else(|| code.clone(), |role| role.name.clone());
    let steps: Vec<_> = plan
        .steps
        .iter()
        .zip(&text.steps)
        .map(|(role, step)| {
            view! {
                <li>
                    <p><strong>{name(role)}</strong> ": " {step.clone()}</p>
                </li>
            }
            .into_any()
        })
        .collect();
    let roles: Vec<_> = plan
        .roles
        .iter()
        .filter_map(|code| text.roles.get(code))
        .map(|role| {
            view! {
                <dt>{role.name.clone()}</dt>
                <dd>{role.does.clone()}</dd>
            }
            .into_any()
        })
        .collect();
    let clinician = plan.needs.is_some() && plan.reviewed_by.is_none();
    let lacks = lacks(i18n, text.translation, text.revision < plan.revision, clinician);
    let lacks = (!lacks.is_empty()).then(|| view! { <p class="small soft">{lacks.join(" · ")}</p> });
    view! {
        {lacks}
        <section class="stack stack-tight">
            <h2>{words!(i18n, guidance.trigger)}</h2>
            <div lang=lang.clone() dir=dir>
                {bullets(&text.trigger, "points")}
            </div>
        </section>
        <section class="panel guide-now" aria-label=words!(i18n, guidance.now) lang=lang.clone() dir=dir>
            <ol class="card-steps">{steps}</ol>
        </section>
        <Calls plan=plan.clone() text=text.clone() language=lang.clone() />
        <section class="stack stack-tight">
            <h2>{words!(i18n, guidance.roles)}</h2>
            <dl class="plan-roles" lang=lang dir=dir>
                {roles}
            </dl>
        </section>
        <p class="small soft" lang="en" dir="ltr">{plan.sources.clone()}</p>
    }
    .into_any()
}
