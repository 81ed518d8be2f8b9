use leptos::prelude::*;
use waymark_core::event::{EmergencyReason, ResolveDraft};

use super::{SendRow, Sending};
use crate::actions::{self, AlarmRef};
use crate::i18n::use_i18n;
use crate::state::AppState;
use crate::ui::{Field, Input};
use crate::{say, words};

/// Says that an emergency is over, in a few words.
#[component]
pub fn ResolveForm(of: AlarmRef, reason: EmergencyReason, on_close: Callback<()>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let sending = Sending::new(on_close);
    let note = RwSignal::new(String::new());
    let send_label = if reason == EmergencyReason::FalseAlarm {
        words!(i18n, alarm.send_false)
    } else {
        words!(i18n, alarm.send_over)
    };
    let send = Callback::new(move |()| {
        let draft = ResolveDraft { reason: reason.clone(), note: note.get_untracked() };
        let save = async move { actions::resolve_emergency(app, &of, draft).await };
        sending.run(save, move || say!(i18n, alarm.resolved_toast));
    });
    view! {
        <div class="stack">
            <Field
                name="note"
                label=words!(i18n, alarm.why)
                hint=words!(i18n, alarm.why_hint)
                value=note
                error=sending.fault("note")
                input=Input::Area
            />
            <SendRow sending label=send_label on_send=send back=words!(i18n, alarm.keep) />
        </div>
    }
    .into_any()
}
