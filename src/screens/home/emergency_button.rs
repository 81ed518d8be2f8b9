use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions::{self, SaveError};
use crate::i18n::use_i18n;
use crate::reactive::effect;
use crate::routes::Router;
use crate::state::AppState;
use crate::ui::{Button, HoldButton, Toasts, Tone, live, lu};
use crate::{say, words};

const HINT: &str = "hold-hint";

/// What the words under the button say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Rest,
    /// It was tapped, not held.
    Explain,
    /// Somebody who cannot hold is asked whether they mean it.
    Ask,
}

#[component]
pub fn EmergencyButton(failed: RwSignal<Option<SaveError>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let holding = RwSignal::new(false);
    // A shortcut on the phone's home screen leads here: it asks, it does not raise.
    let step = RwSignal::new(if Router::asks_for("emergency") { Step::Ask } else { Step::Rest });
    let raise = Callback::new(move |()| {
        step.try_set(Step::Rest);
        spawn_local(async move {
            let saved = actions::raise_emergency_here(app).await;
            if saved.is_ok() {
                toasts.say(|| say!(i18n, alarm.title_saved));
            }
            failed.try_set(saved.err());
        });
    });
    let hint = move || match (holding.get(), step.get()) {
        (true, _) => say!(i18n, home.holding),
        (false, Step::Explain) => say!(i18n, home.hold_short),
        (false, _) => say!(i18n, home.hold_hint),
    };
    let other_way = move || match step.get() {
        Step::Rest => ().into_any(),
        Step::Explain => {
            let ask = Callback::new(move |()| step.set(Step::Ask));
            view! { <Button label=words!(i18n, home.cannot_hold) tone=Tone::Plain on_press=ask /> }.into_any()
        }
        Step::Ask => {
            view! { <Ask raise on_cancel=Callback::new(move |()| step.set(Step::Rest)) /> }.into_any()
        }
    };
    view! {
        <HoldButton
            label=words!(i18n, home.emergency)
            icon=lu::LuSiren
            tone=Tone::Danger
            holding
            on_held=raise
            on_short=Callback::new(move |()| step.set(Step::Explain))
            on_keyboard=Callback::new(move |()| step.set(Step::Ask))
            described_by=HINT
        />
        <div class="pair-below stack stack-tight">
            <p class="small soft" id=HINT role="status">
                {live(hint)}
            </p>
            {live(other_way)}
        </div>
    }
    .into_any()
}

/// The same certainty without holding: a second, separate button.
#[component]
fn Ask(raise: Callback<()>, on_cancel: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    let heading = NodeRef::<html::H2>::new();
    effect(move || {
        if let Some(heading) = heading.get() {
            // Whether it can be focused is the browser's business; nothing depends on it.
            let _ = heading.focus();
        }
    });
    view! {
        <div class="panel panel-alarm" role="group" aria-labelledby="ask-emergency">
            <h2 id="ask-emergency" tabindex="-1" node_ref=heading>{words!(i18n, home.confirm_emergency)}</h2>
            <p>{words!(i18n, home.confirm_emergency_text)}</p>
            <div class="btn-row">
                <Button label=words!(i18n, home.raise) icon=lu::LuSiren tone=Tone::Alarm on_press=raise />
                <Button label=words!(i18n, home.cancel) on_press=on_cancel />
            </div>
        </div>
    }
    .into_any()
}
