use leptos::prelude::*;
use waymark_core::event::{ResolveOverdueDraft, ResolvedHow, Stamp};

use super::{Convoy, words};
use crate::actions;
use crate::reactive::derive;
use crate::say;
use crate::screens::parts::{SendRow, Sending};
use crate::ui::{Choice, Choices, Field, Input, Shape, WorkTitle};

pub(super) fn choice(value: &str, label: String) -> Choice {
    Choice { value: value.to_owned(), label, ..Choice::default() }
}

/// Why a check-in that did not come need not come any more.
#[component]
pub fn SettleForm(convoy: Convoy, due: Stamp) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new(convoy.close());
    let how = RwSignal::new(ResolvedHow::Contact.code().to_owned());
    let note = RwSignal::new(String::new());
    let options = derive(move || {
        ResolvedHow::ALL.iter().map(|how| choice(how.code(), words::how(i18n, how))).collect::<Vec<_>>()
    });
    let send = Callback::new(move |()| {
        let draft = ResolveOverdueDraft {
            how: how.with_untracked(|code| ResolvedHow::from_code(code)),
            note: note.get_untracked(),
        };
        let movement = movement.get_untracked();
        // Answered by somebody meanwhile: there is nothing left to settle, and it must not settle another silence.
        let Some(due) = untrack(|| convoy.expected(due)).map(|expected| expected.due) else {
            return convoy.close().run(());
        };
        let save = async move { actions::resolve_overdue(app, &movement, due, &draft).await };
        sending.run(save, move || say!(i18n, board.settle_toast));
    });
    view! {
        <WorkTitle text=words!(i18n, board.settle) />
        <p>{words!(i18n, board.settle_text)}</p>
        <p class="soft">{words!(i18n, board.settle_or_relay)}</p>
        <Choices
            name="how"
            label=words!(i18n, board.settle_how)
            options
            value=how
            on_choose=Callback::new(move |code| how.set(code))
            shape=Shape::Wide
        />
        <Field
            name="note"
            label=words!(i18n, board.settle_note)
            hint=words!(i18n, board.settle_note_hint)
            value=note
            error=sending.fault("note")
            input=Input::Area
        />
        <SendRow sending label=words!(i18n, board.settle_save) on_send=send />
    }
    .into_any()
}
