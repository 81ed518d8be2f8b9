use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{EventId, PlanDraft, PlanPart};

use super::form::Form;
use super::state::{Changed, PlanForm};
use crate::actions::{self, KeptPlan};
use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes::{self, Router};
use crate::state::{AppState, Shown};
use crate::ui::{Banner, Empty, LinkButton, PageTitle, Tone, live, lu};
use crate::{say, words};

/// The plan in force in the form, to be changed.
#[component]
pub fn RevisePlan() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    actions::hold_update(app);
    let id = memo(move || {
        let rest = router.below(routes::MOVEMENTS)?;
        rest.split('/').next()?.parse::<EventId>().ok()
    });
    // What was found of it: not looked for yet, not there, or there with what was left in the form.
    let opened = RwSignal::new(None::<Option<(Shown, Option<KeptPlan>)>>);
    effect(move || {
        let Some(id) = id.get() else { return opened.set(Some(None)) };
        opened.set(None);
        spawn_local(async move {
            let movement = actions::open_movement(app, id).await;
            let kept = actions::plan_draft(app, Some(id)).await;
            opened.try_set(Some(movement.map(|movement| (movement, kept))));
        });
    });
    let body = move || match opened.get() {
        None => ().into_any(),
        Some(None) => {
            view! { <Empty title=words!(i18n, plan.gone) text=words!(i18n, plan.gone_text) /> }.into_any()
        }
        Some(Some((movement, _))) if movement.closed.is_some() => view! {
            <Empty title=words!(i18n, plan.over) text=words!(i18n, plan.over_text)>
                <LinkButton label=words!(i18n, plan.title) href=routes::NEW_MOVEMENT />
            </Empty>
        }
        .into_any(),
        Some(Some((movement, kept))) => view! { <Opened movement kept /> }.into_any(),
    };
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, plan.revise_title) />
            {live(body)}
        </div>
    }
    .into_any()
}

#[component]
fn Opened(movement: Shown, kept: Option<KeptPlan>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let name = movement.plan.plan.name.clone();
    let replaces = kept.as_ref().and_then(|kept| kept.replaces).unwrap_or(movement.plan.id);
    let untouched = draft_of(app, &movement);
    let form = PlanForm::new(untouched, Some(Changed { movement, replaces }));
    if let Some(kept) = kept {
        form.fill(kept.draft);
    }
    form.keep(app);
    view! {
        <p class="soft">
            <strong>{name}</strong>
            ". "
            {words!(i18n, plan.revise_text)}
        </p>
        <Meanwhile form />
        <Form form />
    }
    .into_any()
}

fn draft_of(app: AppState, movement: &Shown) -> PlanDraft {
    let plan = &movement.plan.plan;
    PlanDraft::of(plan, &untrack(|| app.watch_rules(&plan.area_level)))
}

/// Says when somebody else has changed the plan since it was opened, and in what.
#[component]
fn Meanwhile(form: PlanForm) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let newer = memo(move || {
        let changed = form.changed.get_value()?;
        let now = app.movements.get(changed.movement.id).unwrap_or(changed.movement);
        (now.plan.id != changed.replaces).then_some(now)
    });
    let notice = move || {
        newer.get().map(|newer| {
            let name = newer.plan.by.name.clone();
            let theirs = draft_of(app, &newer);
            let text = derive(move || {
                let parts = form.draft.with(|mine| theirs.differs(mine));
                if parts.is_empty() {
                    return say!(i18n, plan.meanwhile_same);
                }
                let parts = parts.into_iter().map(|part| part_words(i18n, part)).collect::<Vec<_>>();
                say!(i18n, plan.meanwhile_parts, parts = parts.join(" · "))
            });
            let title = words!(i18n, plan.meanwhile, name = name);
            view! { <Banner tone=Tone::Warn icon=lu::LuSplit title text /> }
        })
    };
    view! { <div role="status">{live(notice)}</div> }.into_any()
}

fn part_words(i18n: I18n, part: PlanPart) -> String {
    match part {
        PlanPart::Name => say!(i18n, plan.part_name),
        PlanPart::Departure => say!(i18n, plan.part_departure),
        PlanPart::Route => say!(i18n, plan.part_route),
        PlanPart::Vehicles => say!(i18n, plan.part_vehicles),
        PlanPart::Means => say!(i18n, plan.part_means),
        PlanPart::Watch => say!(i18n, plan.part_watch),
        PlanPart::Precautions => say!(i18n, plan.part_precautions),
    }
}
