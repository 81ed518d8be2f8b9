use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::Stamp;
use waymark_core::guidance::Moment;
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::Due;

use super::forms::SettleForm;
use super::{Convoy, Work};
use crate::actions;
use crate::reactive::memo;
use crate::screens::parts::words::save_error;
use crate::screens::parts::{TryForm, TryOf, guide};
use crate::state::SyncPhase;
use crate::ui::{Button, Chip, Size, Toasts, Tone, live, lu, rows};
use crate::{say, words};

/// What can be done about check-ins that did not come, without leaving the board: one panel for each ladder.
#[component]
pub fn LadderWork(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, verdict, .. } = convoy;
    let dues = memo(move || {
        let open = convoy.watches() && movement.with(|movement| movement.closed.is_none());
        verdict.with(|verdict| {
            verdict.due().filter(|_| open).map(|expected| expected.due.at).collect::<Vec<_>>()
        })
    });
    rows(move || dues.get(), |due| *due, move |due| view! { <Ladder convoy due /> })
}

#[component]
fn Ladder(convoy: Convoy, due: Stamp) -> impl IntoView {
    let Convoy { open, i18n, .. } = convoy;
    let travels = memo(move || convoy.travels());
    let body = move || match (travels.get(), open.get()) {
        (false, Some(Work::Try(at))) if at == due => {
            let movement = convoy.movement.get_untracked();
            let means = movement.plan.plan.means.iter().map(|means| means.text.clone()).collect();
            let stage = untrack(|| convoy.expected(due)).map_or(Stage::RadioRoom, |expected| expected.stage);
            let silent = untrack(|| convoy.expected(due)).map(|expected| expected.due.silent);
            let of = TryOf::Overdue(movement, Due { at: due, silent: silent.unwrap_or_default() });
            view! { <TryForm of stage means on_close=convoy.close() /> }.into_any()
        }
        (false, Some(Work::Settle(at))) if at == due => view! { <SettleForm convoy due /> }.into_any(),
        _ => view! { <Acts convoy due travels /> }.into_any(),
    };
    let whose = move || {
        let names = convoy.expected(due)?.due.silent.join(", ");
        let time = convoy.moment(due.0);
        (!names.is_empty()).then(|| {
            view! { <h2>{say!(i18n, board.silent_vehicles, names = names, time = time)}</h2> }
        })
    };
    let fits = guide::at(move || {
        let stage = convoy.expected(due).and_then(|expected| expected.stage.number());
        // What is left to do at its end is what the last step asks for.
        stage.map(|stage| Moment::new("overdue", &stage.min(5).to_string())).into_iter().collect()
    });
    view! {
        <section class="panel ladder-work">
            {live(whose)} {live(body)}
            <guide::Offered now=fits />
        </section>
    }
    .into_any()
}

#[component]
fn Acts(convoy: Convoy, due: Stamp, travels: Memo<bool>) -> impl IntoView {
    let Convoy { i18n, open, .. } = convoy;
    let open_form = move |work| Callback::new(move |()| open.set(Some(work)));
    let taken =
        memo(move || convoy.expected(due).and_then(|expected| expected.acknowledged).map(|by| by.name));
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
        let on_it = match taken.get() {
            // One loud thing on a screen: the first that nobody is on.
            None => {
                let loud =
                    convoy.verdict.with(|verdict| verdict.first().is_some_and(|first| first.due.at == due));
                view! { <OnIt convoy due loud /> }.into_any()
            }
            Some(name) => {
                let text = Signal::stored(say!(i18n, station.on_it_by, name = name));
                view! { <p><Chip text icon=lu::LuUserCheck tone=Tone::Accent /></p> }.into_any()
            }
        };
        view! {
            {on_it}
            <Button
                id=Work::Try(due).button()
                label=words!(i18n, board.record_try)
                icon=lu::LuPhone
                tone=Tone::Accent
                on_press=open_form(Work::Try(due))
            />
            <Button
                id=Work::Settle(due).button()
                label=words!(i18n, board.settle)
                icon=lu::LuCircleCheckBig
                on_press=open_form(Work::Settle(due))
            />
        }
        .into_any()
    };
    view! { <div class="ladder-acts">{live(first)}</div> }.into_any()
}

#[component]
fn OnIt(convoy: Convoy, due: Stamp, loud: bool) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let toasts = Toasts::find();
    let saving = RwSignal::new(false);
    let press = Callback::new(move |()| {
        // Answered by somebody meanwhile.
        let Some(due) = untrack(|| convoy.expected(due)).map(|expected| expected.due) else { return };
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
        <Button
            label=words!(i18n, watch.on_it)
            on_press=press
            busy=saving
            tone=if loud { Tone::Alarm } else { Tone::Danger }
            size=if loud { Size::Big } else { Size::Plain }
        />
    }
    .into_any()
}
