use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::view::RecordView;

use super::words;
use crate::i18n::use_i18n;
use crate::state::AppState;
use crate::ui::{Button, Toasts, Tone};
use crate::{actions, say, words};

/// Whether this record waits for an answer that is this person's to give: not its author's, and of an emergency not
/// that of somebody who travels along.
pub fn may_answer(app: AppState, view: &RecordView) -> bool {
    let Some(person) = app.person().filter(|person| person.role.watches()) else { return false };
    let along = || {
        let movement = view.movement().and_then(|id| app.movements.get(id));
        words::is_alarm(view) && movement.is_some_and(|movement| movement.ever_travelled(&person.user))
    };
    view.is_waiting() && !view.mine && !along()
}

/// One tap that puts a name to a record: confirms a check-in, takes on an emergency.
#[component]
pub fn AnswerButton(view: RecordView) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let toasts = Toasts::find();
    let saving = RwSignal::new(false);
    let alarm = words::is_alarm(&view);
    let author = view.author_name.clone();
    let label = if alarm { words!(i18n, watch.on_it) } else { words!(i18n, watch.confirm) };
    let answer = Callback::new(move |()| {
        let view = view.clone();
        saving.set(true);
        spawn_local(async move {
            let saved = if alarm {
                actions::acknowledge(app, &view).await
            } else {
                actions::confirm(app, &view).await
            };
            toasts.say(|| match (saved, alarm) {
                (Ok(_), true) => say!(i18n, watch.on_it_toast),
                (Ok(_), false) => say!(i18n, watch.confirmed_toast),
                (Err(error), _) => words::save_error(i18n, &error),
            });
            saving.try_set(false);
        });
    });
    view! {
        <Button
            label
            on_press=answer
            busy=saving
            tone=if alarm { Tone::Alarm } else { Tone::Accent }
            about=author
        />
    }
    .into_any()
}
