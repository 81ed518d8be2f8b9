use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{PlanDraft, Stamp};

use super::basics::DEPART;
use super::state::PlanForm;
use crate::i18n::use_i18n;
use crate::reactive::memo;
use crate::screens::parts::plan_words;
use crate::state::{AppState, Shown};
use crate::ui::{Button, Icon, SheetRow, Tone, focus, live, lu};
use crate::{actions, words};

/// So many earlier movements are offered at first.
const FIRST: usize = 3;

/// How the form was filled.
#[derive(Clone, PartialEq)]
pub enum Begun {
    /// It still can be.
    No,
    Blank,
    From(String),
    /// It was left half filled, here or before the app was closed.
    Before,
}

/// Earlier movements to copy, so that only the departure is left to set.
#[component]
pub fn StartRow(form: PlanForm, begun: RwSignal<Begun>, like: RwSignal<Option<Stamp>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let earlier = RwSignal::new(None::<Vec<Shown>>);
    spawn_local(async move {
        let plans = actions::earlier_plans(app).await;
        earlier.try_set(Some(distinct(plans)));
    });
    // What was cleared away, until something else is begun.
    let cleared = RwSignal::new(None::<(PlanDraft, Begun)>);
    let clear = Callback::new(move |()| {
        cleared.set(Some((form.draft.get_untracked(), begun.get_untracked())));
        form.fill(PlanDraft::default());
        like.set(None);
        begun.set(Begun::No);
    });
    live(move || {
        let said = match begun.get() {
            Begun::No => {
                return view! {
                    <BringBack form begun cleared />
                    <Offer form begun like earlier />
                }
                .into_any();
            }
            Begun::Blank => return ().into_any(),
            Begun::From(name) => words!(i18n, plan.filled, name = name),
            Begun::Before => words!(i18n, plan.continued),
        };
        view! {
            <div class="begun">
                <p role="status">{said}</p>
                <Button label=words!(i18n, plan.again) on_press=clear tone=Tone::Plain />
            </div>
        }
        .into_any()
    })
}

/// The way back from a tap that cleared the form.
#[component]
fn BringBack(
    form: PlanForm,
    begun: RwSignal<Begun>,
    cleared: RwSignal<Option<(PlanDraft, Begun)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let press = Callback::new(move |()| {
        if let Some((draft, before)) = cleared.try_update(Option::take).flatten() {
            form.fill(draft);
            begun.set(before);
        }
    });
    live(move || {
        let label = words!(i18n, plan.bring_back);
        cleared.with(Option::is_some).then(|| view! { <Button label icon=lu::LuUndo2 on_press=press /> })
    })
}

#[component]
fn Offer(
    form: PlanForm,
    begun: RwSignal<Begun>,
    like: RwSignal<Option<Stamp>>,
    earlier: RwSignal<Option<Vec<Shown>>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let all = RwSignal::new(false);
    let none = memo(move || earlier.with(|plans| plans.as_ref().is_some_and(Vec::is_empty)));
    let hidden = memo(move || {
        let count = earlier.with(|plans| plans.as_ref().map_or(0, Vec::len));
        !all.get() && count > FIRST
    });
    let rows = move || {
        let shown = if all.get() { usize::MAX } else { FIRST };
        let plans = earlier.get().unwrap_or_default().into_iter().take(shown);
        plans.map(|plan| view! { <Earlier form begun like plan /> }).collect::<Vec<_>>()
    };
    let more = move || {
        let press = Callback::new(move |()| all.set(true));
        hidden
            .get()
            .then(|| view! { <Button label=words!(i18n, plan.more_plans) on_press=press tone=Tone::Plain /> })
    };
    let blank = Callback::new(move |()| {
        begun.set(Begun::Blank);
        focus("f-name".to_owned());
    });
    live(move || {
        if none.get() {
            return view! { <p class="soft">{words!(i18n, plan.start_none)}</p> }.into_any();
        }
        view! {
            <div class="sheet">
                <SheetRow heading=words!(i18n, plan.start) hint=words!(i18n, plan.start_hint)>
                    <ul class="earlier">{live(rows)}</ul>
                    <div class="btn-row">
                        {live(more)}
                        <Button label=words!(i18n, plan.blank) on_press=blank tone=Tone::Plain />
                    </div>
                </SheetRow>
            </div>
        }
        .into_any()
    })
}

/// One earlier movement: all of it, or its way alone.
#[component]
fn Earlier(
    form: PlanForm,
    begun: RwSignal<Begun>,
    like: RwSignal<Option<Stamp>>,
    plan: Shown,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let name = plan.plan.plan.name.clone();
    let words = {
        let plan = plan.clone();
        move || {
            let plan = &plan.plan.plan;
            format!("{} · {}", plan_words::way(i18n, plan), plan_words::load(i18n, plan))
        }
    };
    let fill = {
        let name = name.clone();
        Callback::new(move |whole: bool| {
            let earlier = &plan.plan.plan;
            let rules = untrack(|| app.watch_rules(&earlier.area_level));
            let filled = if whole {
                PlanDraft::copy_of(earlier, &rules)
            } else {
                PlanDraft::route_of(earlier, &rules)
            };
            // What has been set already stays.
            let (depart, exercise) = form.draft.with_untracked(|draft| (draft.depart, draft.exercise));
            form.fill(PlanDraft { depart, exercise, ..filled });
            like.set(Some(earlier.depart));
            begun.set(Begun::From(name.clone()));
            focus(if whole { DEPART } else { "f-name" }.to_owned());
        })
    };
    let only = Callback::new(move |()| fill.run(false));
    view! {
        <li>
            <button type="button" class="earlier-all" on:click=move |_| fill.run(true)>
                <Icon icon=lu::LuCopy />
                <span>
                    <strong>{name.clone()}</strong>
                    <small>{words}</small>
                </span>
            </button>
            <Button label=words!(i18n, plan.route_only) on_press=only about=name tone=Tone::Plain />
        </li>
    }
    .into_any()
}

/// Movements that go the same way under the same name are offered once.
fn distinct(plans: Vec<Shown>) -> Vec<Shown> {
    let mut kept: Vec<Shown> = vec![];
    for plan in plans {
        let same = |other: &Shown| {
            let (a, b) = (&plan.plan.plan, &other.plan.plan);
            a.name == b.name && a.places().map(|place| &place.name).eq(b.places().map(|place| &place.name))
        };
        if !kept.iter().any(same) {
            kept.push(plan);
        }
    }
    kept
}
