use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::EmergencyDraft;

use crate::actions::{self, DuressSign, Raised};
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::routes::{self, Router};
use crate::state::AppState;
use crate::ui::{Button, Field, SheetRow, Toasts, lu};
use crate::{say, words};

/// What is to be settled before an emergency: whom a text message goes to, the sign of duress, a drill.
#[component]
pub fn EmergencyRow() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let number = RwSignal::new(actions::base_number());
    let keep = Callback::new(move |()| {
        actions::set_base_number(&number.get_untracked());
        number.set(actions::base_number());
        toasts.say(|| say!(i18n, settings.kept));
    });
    view! {
        <SheetRow heading=words!(i18n, settings.emergency)>
            <Field
                name="base_number"
                label=words!(i18n, settings.base_number)
                hint=words!(i18n, settings.base_number_hint)
                value=number
                on_enter=keep
            />
            <div class="btn-row">
                <Button label=words!(i18n, settings.keep) on_press=keep about=say!(i18n, settings.base_number) />
            </div>
            <Drill />
        </SheetRow>
        <Duress />
    }
    .into_any()
}

#[component]
fn Drill() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let router = Router::get();
    let busy = RwSignal::new(false);
    let raise = Callback::new(move |()| {
        busy.set(true);
        spawn_local(async move {
            if actions::raise_emergency(app, EmergencyDraft::default(), Raised::Drill).await.is_ok() {
                router.go(routes::HOME);
            }
            busy.try_set(false);
        });
    });
    view! {
        <p>{words!(i18n, settings.drill_text)}</p>
        <div class="btn-row">
            <Button label=words!(i18n, settings.drill) icon=lu::LuSiren on_press=raise busy />
        </div>
    }
    .into_any()
}

/// The sign can be set here and never read here.
#[component]
fn Duress() -> impl IntoView {
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let phrase = RwSignal::new(String::new());
    let refused = RwSignal::new(false);
    let fault = derive(move || refused.get().then(|| say!(i18n, settings.phrase_fault)));
    let kept = move || toasts.say(|| say!(i18n, settings.kept));
    let by_phrase = Callback::new(move |()| {
        let done = actions::set_duress_phrase(&phrase.get_untracked());
        refused.set(!done);
        if done {
            phrase.set(String::new());
            kept();
        }
    });
    let choose = move |sign| {
        Callback::new(move |()| {
            actions::set_duress_sign(sign);
            kept();
        })
    };
    view! {
        <SheetRow heading=words!(i18n, settings.duress)>
            <p>{words!(i18n, settings.duress_text)}</p>
            <Field
                name="duress_phrase"
                label=words!(i18n, settings.duress_phrase)
                hint=words!(i18n, settings.duress_phrase_hint)
                value=phrase
                error=fault
                on_enter=by_phrase
            />
            <div class="btn-row">
                <Button label=words!(i18n, settings.duress_by_phrase) on_press=by_phrase />
                <Button label=words!(i18n, settings.duress_by_hold) on_press=choose(DuressSign::Hold) />
                <Button label=words!(i18n, settings.duress_none) on_press=choose(DuressSign::None) />
            </div>
        </SheetRow>
    }
    .into_any()
}
