use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::rules::escalation::Stage;

use super::forms::{SettleForm, TryForm};
use super::{Convoy, Work};
use crate::actions;
use crate::reactive::memo;
use crate::screens::parts::words::save_error;
use crate::state::SyncPhase;
use crate::ui::{Button, Size, Toasts, Tone, live, lu};
use crate::{say, words};

/// What can be done about a check-in that did not come, without leaving the board.
#[component]
pub fn LadderWork(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, verdict, open, .. } = convoy;
    let due = memo(move || {
        let late = verdict.with(|verdict| verdict.stage >= Stage::Due);
        late && convoy.watches() && movement.with(|movement| movement.closed.is_none())
    });
    let travels = memo(move || convoy.travels());
    let body = move || match (travels.get(), open.get()) {
        (false, Some(Work::Try)) => view! { <TryForm convoy /> }.into_any(),
        (false, Some(Work::Settle)) => view! { <SettleForm convoy /> }.into_any(),
        _ => view! { <Acts convoy travels /> }.into_any(),
    };
    live(move || due.get().then(|| view! { <section class="panel ladder-work">{live(body)}</section> }))
}

#[component]
fn Acts(convoy: Convoy, travels: Memo<bool>) -> impl IntoView {
    let Convoy { verdict, i18n, open, .. } = convoy;
    let open_form = move |work| Callback::new(move |()| open.set(Some(work)));
    let taken = memo(move || verdict.with(|verdict| verdict.acknowledged.is_some()));
    let first = move || {
        if travels.get() {
            return view! {
                <button type="button" class="btn" aria-disabled="true" aria-describedby="travels">
                    {words!(i18n, watch.on_it)}
                </button>
                <p id="travels">{words!(i18n, board.travels)}</p>
            }
            .into_any();
        }
        let on_it = (!taken.get()).then(|| view! { <OnIt convoy /> });
        view! {
            {on_it}
            <Button
                label=words!(i18n, board.record_try)
                icon=lu::LuPhone
                tone=Tone::Accent
                on_press=open_form(Work::Try)
            />
            <Button
                label=words!(i18n, board.settle)
                icon=lu::LuCircleCheckBig
                on_press=open_form(Work::Settle)
            />
        }
        .into_any()
    };
    view! { <div class="ladder-acts">{live(first)}</div> }.into_any()
}

#[component]
fn OnIt(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, verdict, i18n, .. } = convoy;
    let app = convoy.app();
    let toasts = Toasts::find();
    let saving = RwSignal::new(false);
    let press = Callback::new(move |()| {
        let Some(due) = verdict.with_untracked(|verdict| verdict.due.as_ref().map(|due| due.at)) else {
            return;
        };
        let movement = movement.get_untracked();
        saving.set(true);
        spawn_local(async move {
            let offline = app.sync.with_untracked(|sync| sync.phase == SyncPhase::Offline);
            let saved = actions::acknowledge_overdue(app, &movement, due).await;
            toasts.say(|| match saved {
                Ok(_) if offline => say!(i18n, board.on_it_toast_offline),
                Ok(_) => say!(i18n, board.on_it_toast),
                Err(error) => save_error(i18n, &error),
            });
            saving.try_set(false);
        });
    });
    view! {
        <Button label=words!(i18n, watch.on_it) on_press=press busy=saving tone=Tone::Alarm size=Size::Big />
    }
    .into_any()
}
