//! The first screen: the truth about the last check-in, and three buttons.

mod alarm_panel;
mod buttons;
mod emergency_button;
mod headline;
mod my_movement;
mod on_this_phone;
mod to_do;
mod unwatched;
mod ways;

use leptos::prelude::*;

use crate::reactive::{derive, memo};
use crate::ui::live;

use crate::actions;
use crate::state::AppState;
use alarm_panel::AlarmPanel;
use buttons::Buttons;
use headline::Headline;
use my_movement::MyMovement;
use on_this_phone::OnThisPhone;
use to_do::ToDo;
use unwatched::Unwatched;
use ways::Ways;

#[component]
pub fn Home() -> impl IntoView {
    let app = AppState::get();
    actions::follow_position(app);
    let alarm = app.records.my_emergency();
    let which = memo(move || alarm.with(|alarm| alarm.as_ref().map(|alarm| alarm.id)));
    // The panel outlives changes of the same emergency: a form may be open in it.
    let top = move || match which.get().and_then(|_| alarm.get_untracked()) {
        Some(first) => {
            let latest = memo(move || alarm.get().unwrap_or_else(|| first.clone()));
            view! { <AlarmPanel alarm=latest /> }.into_any()
        }
        None => view! { <Headline /> }.into_any(),
    };
    view! {
        <div class="home">
            {live(top)}
            <MyMovement />
            <Buttons alarmed=derive(move || alarm.with(|alarm| alarm.as_ref().is_some_and(|alarm| !alarm.exercise))) />
            <Unwatched />
            <Ways />
            <ToDo />
            <OnThisPhone />
        </div>
    }
    .into_any()
}
