use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Stamp;

use super::basics::{DepartureRow, NameRow};
use super::more_rows::MoreRows;
use super::people_row::PeopleRow;
use super::route_row::RouteRow;
use super::state::PlanForm;
use super::watch_row::WatchRow;
use crate::actions::SaveError;
use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::routes::{self, Router};
use crate::screens::parts::SaveBar;
use crate::state::AppState;
use crate::ui::{Banner, Check, Toasts, Tone, focus, focus_first_invalid, live, lu};
use crate::{say, words};

/// The form of a plan, new or changed; Save does not wait for anything but the phone's own storage.
#[component]
pub fn Form(form: PlanForm, #[prop(optional)] like: RwSignal<Option<Stamp>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let toasts = Toasts::find();
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let first = RwSignal::new((String::new(), String::new()));
    let new = form.changed.with_value(Option::is_none);
    let save = Callback::new(move |()| {
        saving.set(true);
        spawn_local(async move {
            match form.save(app).await {
                Ok(movement) => {
                    toasts.say(move || say!(i18n, plan.saved));
                    router.go(&routes::movement(movement));
                }
                Err(SaveError::Fields(_)) => {
                    failed.try_set(None);
                    focus_first_invalid(move |id, label| {
                        first.try_set((id, label));
                        focus("faults".to_owned());
                    });
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
            saving.try_set(false);
        });
    });
    view! {
        <div class="stack plan">
            <Faults form first />
            <div class="sheet">
                <NameRow form />
                <DepartureRow form like />
                <RouteRow form />
                <PeopleRow form />
                <WatchRow form />
            </div>
            <MoreRows form />
            {new.then(|| view! { <Drill form /> })}
            <SaveBar label=words!(i18n, plan.save) failed saving on_save=save />
        </div>
    }
    .into_any()
}

/// How much has to be corrected, and the way to the first of it.
#[component]
fn Faults(form: PlanForm, first: RwSignal<(String, String)>) -> impl IntoView {
    let i18n = use_i18n();
    let count = memo(move || form.fault_count());
    let go = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        focus(first.with_untracked(|(id, _)| id.clone()));
    };
    let summary = move || {
        (count.get() > 0).then(|| {
            let text = words!(i18n, plan.faults, count = count.get());
            view! {
                <Banner tone=Tone::Danger icon=lu::LuOctagonAlert text>
                    <a class="first-fault" href=move || first.with(|(id, _)| format!("#{id}")) on:click=go>
                        {live(move || first.with(|(_, label)| say!(i18n, plan.first_fault, field = *label)))}
                    </a>
                </Banner>
            }
        })
    };
    view! { <div id="faults" tabindex="-1" role="alert">{live(summary)}</div> }.into_any()
}

/// Whether it is only a drill.
#[component]
fn Drill(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let change = Callback::new(move |drill| form.draft.update(|draft| draft.exercise = drill));
    view! {
        <div class="panel panel-tight">
            <Check
                name="exercise"
                label=words!(i18n, plan.exercise)
                hint=words!(i18n, plan.exercise_hint)
                checked=derive(move || form.draft.with(|draft| draft.exercise))
                on_change=change
            />
        </div>
    }
    .into_any()
}
