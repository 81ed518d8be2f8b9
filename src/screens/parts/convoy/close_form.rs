use leptos::prelude::*;
use waymark_core::event::{CloseDraft, Ending};

use super::forms::choice;
use super::{Convoy, words};
use crate::actions;
use crate::actions::SaveError;
use crate::reactive::derive;
use crate::say;
use crate::screens::parts::words::field_error;
use crate::screens::parts::{SendRow, Sending};
use crate::ui::{Banner, Choices, Field, Input, Shape, Tone, WorkTitle, live, lu};

/// Everyone is accounted for, or it is said why not.
#[component]
pub fn CloseForm(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new(convoy.close());
    let planned = untrack(|| movement.with(|movement| movement.plan.plan.headcount));
    let ending = RwSignal::new(Ending::Completed.code().to_owned());
    let [accounted, contact, note] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let options = derive(move || {
        Ending::ALL
            .iter()
            .map(|ending| choice(ending.code(), words::ending(i18n, ending)))
            .collect::<Vec<_>>()
    });
    let send = Callback::new(move |()| {
        let draft = CloseDraft {
            ending: ending.with_untracked(|code| Ending::from_code(code)),
            accounted: accounted.get_untracked(),
            contact: contact.get_untracked(),
            note: note.get_untracked(),
        };
        let movement = movement.get_untracked();
        let save = async move { actions::close_movement(app, &movement, &draft).await };
        sending.run(save, move || say!(i18n, convoy.close_toast));
    });
    // A note is asked for where the count is not the planned one: the form says so rather than "fill this in".
    let note_fault = derive(move || match sending.failed.get() {
        Some(SaveError::Fields(errors)) => {
            field_error(i18n, &errors, "note").map(|_| say!(i18n, convoy.close_why))
        }
        _ => None,
    });
    let alarm = move || {
        let open = movement.with(|movement| movement.open_alarms().next().is_some());
        let text = words!(i18n, convoy.close_alarm);
        open.then(|| view! { <Banner tone=Tone::Danger icon=lu::LuSiren text /> })
    };
    let not_there = move || {
        let out = ending.with(|code| code == Ending::Completed.code())
            && movement.with(|movement| !movement.has_arrived());
        let text = words!(i18n, convoy.close_not_arrived);
        out.then(|| view! { <Banner tone=Tone::Warn icon=lu::LuTriangleAlert text /> })
    };
    let hint = derive(move || say!(i18n, convoy.accounted_hint, count = planned));
    let stepper = Input::Stepper { less: words!(i18n, checkin.less), more: words!(i18n, checkin.more) };
    view! {
        <section class="panel">
            <WorkTitle text=words!(i18n, convoy.close) />
            <p>{words!(i18n, convoy.close_text)}</p>
            {live(alarm)}
            {live(not_there)}
            <Choices
                name="ending"
                label=words!(i18n, convoy.close)
                options
                value=ending
                on_choose=Callback::new(move |code| ending.set(code))
                shape=Shape::Wide
            />
            <Field
                name="accounted"
                label=words!(i18n, convoy.accounted)
                hint
                value=accounted
                error=sending.fault("accounted")
                input=stepper
            />
            <Field
                name="contact"
                label=words!(i18n, convoy.contact)
                hint=words!(i18n, convoy.contact_hint)
                value=contact
                error=sending.fault("contact")
            />
            <Field name="note" label=words!(i18n, checkin.note) value=note error=note_fault input=Input::Area />
            <SendRow sending label=words!(i18n, convoy.close_save) on_send=send />
        </section>
    }
    .into_any()
}

/// It was closed by mistake.
#[component]
pub fn ReopenForm(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new(convoy.close());
    let send = Callback::new(move |()| {
        let movement = movement.get_untracked();
        let save = async move { actions::reopen_movement(app, &movement).await };
        sending.run(save, move || say!(i18n, convoy.reopen_toast));
    });
    view! {
        <section class="panel">
            <WorkTitle text=words!(i18n, convoy.reopen) />
            <p>{words!(i18n, convoy.reopen_text)}</p>
            <SendRow sending label=words!(i18n, convoy.reopen) on_send=send />
        </section>
    }
    .into_any()
}
