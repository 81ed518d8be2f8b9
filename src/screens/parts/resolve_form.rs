use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{EmergencyReason, ResolveDraft};

use super::SaveFault;
use super::words::field_error;
use crate::actions::{self, AlarmRef, SaveError};
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::state::AppState;
use crate::ui::{Button, Field, Input, Toasts, Tone};
use crate::{say, words};

/// Says that an emergency is over, in a few words.
#[component]
pub fn ResolveForm(of: AlarmRef, reason: EmergencyReason, on_close: Callback<()>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let note = RwSignal::new(String::new());
    let saving = RwSignal::new(false);
    let failed = RwSignal::new(None::<SaveError>);
    let send_label = if reason == EmergencyReason::FalseAlarm {
        words!(i18n, alarm.send_false)
    } else {
        words!(i18n, alarm.send_over)
    };
    let send = Callback::new(move |()| {
        let draft = ResolveDraft { reason: reason.clone(), note: note.get_untracked() };
        saving.set(true);
        spawn_local(async move {
            let saved = actions::resolve_emergency(app, &of, draft).await;
            if saved.is_ok() {
                toasts.say(|| say!(i18n, alarm.resolved_toast));
            }
            failed.try_set(saved.err());
            saving.try_set(false);
        });
    });
    let note_error = derive(move || match failed.get() {
        Some(SaveError::Fields(errors)) => field_error(i18n, &errors, "note"),
        _ => None,
    });
    view! {
        <div class="stack">
            <Field
                name="note"
                label=words!(i18n, alarm.why)
                hint=words!(i18n, alarm.why_hint)
                value=note
                error=note_error
                input=Input::Area
            />
            <SaveFault failed />
            <div class="btn-row">
                <Button label=send_label on_press=send busy=saving tone=Tone::Accent />
                <Button label=words!(i18n, alarm.keep) on_press=on_close />
            </div>
        </div>
    }
    .into_any()
}
