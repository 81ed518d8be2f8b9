use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::PeopleState;

use super::emergency_button::EmergencyButton;
use crate::actions::{self, SaveError};
use crate::i18n::use_i18n;
use crate::screens::parts::SaveFault;
use crate::state::AppState;
use crate::ui::{Button, Size, Toasts, Tone, live, lu};
use crate::{say, words};

/// One tap each; nothing here waits for a network or a position.
#[component]
pub fn Buttons(
    /// An emergency of this phone is on: its panel is the loud thing then, and the buttons step back.
    alarmed: Signal<bool>,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let say_state = move |people: PeopleState, duress: bool| {
        saving.set(true);
        spawn_local(async move {
            let saved = actions::one_tap(app, people, duress).await;
            if saved.is_ok() {
                toasts.say(|| say!(i18n, home.saved_toast));
            }
            failed.try_set(saved.err());
            saving.try_set(false);
        });
    };
    let safe = Callback::new(move |()| say_state(PeopleState::Safe, false));
    // Looks and answers as a tap does.
    let held = Callback::new(move |()| say_state(PeopleState::Safe, actions::is_hold_sign()));
    let assistance = Callback::new(move |()| say_state(PeopleState::NeedAssistance, false));
    let loud = move || {
        let size = if alarmed.get() { Size::Big } else { Size::Loud };
        view! {
            <Button label=words!(i18n, home.safe) icon=lu::LuCheck tone=Tone::Accent size on_press=safe on_long_press=held busy=saving />
        }
    };
    let others = move || {
        if alarmed.get() {
            return ().into_any();
        }
        view! {
            <div class="pair">
                <Button
                    label=words!(i18n, home.assistance)
                    icon=lu::LuHand
                    tone=Tone::Warn
                    size=Size::Big
                    stacked=true
                    on_press=assistance
                    busy=saving
                />
                <EmergencyButton failed />
            </div>
        }
        .into_any()
    };
    view! {
        <div class="home-acts">
            {live(loud)}
            <SaveFault failed />
            {live(others)}
        </div>
    }
    .into_any()
}
