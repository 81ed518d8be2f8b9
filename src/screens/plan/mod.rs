//! The plan of a movement, new or changed.

mod basics;
mod form;
mod lines;
mod more_rows;
mod people_row;
mod revise;
mod route_row;
mod row_tools;
mod start;
mod state;
mod watch_row;

use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::PlanDraft;

use crate::actions;
use crate::i18n::use_i18n;
use crate::state::AppState;
use crate::ui::PageTitle;
use crate::words;
use form::Form;
pub use revise::RevisePlan;
use start::{Begun, StartRow};
use state::PlanForm;

/// A new plan: from an earlier one in a few taps, or from nothing.
#[component]
pub fn NewPlan() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    actions::hold_update(app);
    let form = PlanForm::new(PlanDraft::default(), None);
    let begun = RwSignal::new(Begun::No);
    let like = RwSignal::new(None);
    form.keep(app);
    spawn_local(async move {
        let kept = actions::plan_draft(app, None).await;
        // What was typed before the draft came is newer than the draft.
        if let Some(kept) = kept
            && !form.draft.is_disposed()
            && untrack(|| form.is_untouched())
        {
            form.fill(kept.draft);
            begun.try_set(Begun::Before);
        }
    });
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, plan.title) />
            <StartRow form begun like />
            <Form form like />
        </div>
    }
    .into_any()
}
