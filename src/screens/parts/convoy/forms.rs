use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{Party, ResolveOverdueDraft, ResolvedHow, Stamp, TryDraft, TryResult};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::Due;

use super::{Convoy, words};
use crate::actions::{self, SaveError};
use crate::reactive::derive;
use crate::say;
use crate::screens::parts::SaveFault;
use crate::screens::parts::words::field_error;
use crate::ui::{Button, Choice, Choices, Field, Input, Shape, Text, Toasts, Tone, live};

/// A form that is being saved, or could not be.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    pub saving: RwSignal<bool>,
    pub failed: RwSignal<Option<SaveError>>,
}

impl Sending {
    pub fn new() -> Self {
        Self { saving: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Runs an action; closes the form and says so when it is saved.
    pub fn run<T>(
        self,
        convoy: Convoy,
        work: impl Future<Output = Result<T, SaveError>> + 'static,
        done: impl FnOnce() -> String + 'static,
    ) {
        let toasts = Toasts::find();
        self.saving.set(true);
        spawn_local(async move {
            let saved = work.await.map(|_| ());
            self.saving.try_set(false);
            if saved.is_ok() {
                toasts.say(done);
                convoy.open.try_set(None);
            }
            self.failed.try_set(saved.err());
        });
    }

    pub fn fault(self, convoy: Convoy, field: &'static str) -> Signal<Option<String>> {
        derive(move || match self.failed.get() {
            Some(SaveError::Fields(errors)) => field_error(convoy.i18n, &errors, field),
            _ => None,
        })
    }
}

/// The foot of every form here: what went wrong, the save, the way back.
#[component]
pub(super) fn SendRow(convoy: Convoy, sending: Sending, label: Text, on_send: Callback<()>) -> impl IntoView {
    let cancel = Callback::new(move |()| convoy.open.set(None));
    view! {
        <SaveFault failed=sending.failed />
        <div class="btn-row">
            <Button label on_press=on_send busy=sending.saving tone=Tone::Accent />
            <Button label=words!(convoy.i18n, home.cancel) on_press=cancel />
        </div>
    }
    .into_any()
}

pub(super) fn choice(value: &str, label: String) -> Choice {
    Choice { value: value.to_owned(), label, ..Choice::default() }
}

/// Whom this stage turns to first, then everyone else who can be called.
fn parties(stage: Stage) -> Vec<&'static Party> {
    let callable = |party: &&Party| !matches!(party, Party::RadioRoom | Party::EveryManager);
    let first = stage.parties().iter().filter(callable);
    let rest = Party::ALL.iter().filter(callable).filter(|party| !stage.parties().contains(party));
    first.chain(rest).collect()
}

/// Somebody was called: who, over what, and what came of it.
#[component]
pub fn TryForm(convoy: Convoy, due: Stamp) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new();
    let stage = move || untrack(|| convoy.expected(due)).map_or(Stage::RadioRoom, |expected| expected.stage);
    let parties = parties(stage());
    let to = RwSignal::new(parties.first().map(|party| party.code().to_owned()).unwrap_or_default());
    let (means, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let result = RwSignal::new(TryResult::NoAnswer.code().to_owned());
    let options = derive(move || {
        parties.iter().map(|party| choice(party.code(), words::party(i18n, party))).collect::<Vec<_>>()
    });
    let results = derive(move || {
        TryResult::ALL
            .iter()
            .map(|result| choice(result.code(), words::result(i18n, result)))
            .collect::<Vec<_>>()
    });
    let known = move || {
        movement.with(|movement| {
            let planned = movement.plan.plan.means.iter().map(|planned| planned.text.clone());
            let button = |text: String| {
                let fill = text.clone();
                let press = Callback::new(move |()| means.set(fill.clone()));
                view! { <Button label=Signal::stored(text) on_press=press /> }.into_any()
            };
            planned.map(button).collect::<Vec<_>>()
        })
    };
    let send = Callback::new(move |()| {
        let draft = TryDraft {
            to: to.with_untracked(|code| Party::from_code(code)),
            means: means.get_untracked(),
            result: result.with_untracked(|code| TryResult::from_code(code)),
            note: note.get_untracked(),
        };
        let (movement, stage) = (movement.get_untracked(), stage());
        let save = async move { actions::record_try(app, &movement, (due, stage), &draft).await };
        sending.run(convoy, save, move || say!(i18n, board.try_toast));
    });
    let set = |signal: RwSignal<String>| Callback::new(move |code| signal.set(code));
    view! {
        <h2>{words!(i18n, board.record_try)}</h2>
        <h3>{words!(i18n, board.try_to)}</h3>
        <Choices name="to" label=words!(i18n, board.try_to) options value=to on_choose=set(to) shape=Shape::Wide />
        <Field
            name="means"
            label=words!(i18n, board.try_means)
            hint=words!(i18n, board.try_means_hint)
            value=means
            error=sending.fault(convoy, "means")
        />
        <div class="btn-row fills">{live(known)}</div>
        <h3>{words!(i18n, board.try_result)}</h3>
        <Choices
            name="result"
            label=words!(i18n, board.try_result)
            options=results
            value=result
            on_choose=set(result)
            shape=Shape::Wide
        />
        <Field name="note" label=words!(i18n, checkin.note) value=note error=sending.fault(convoy, "note") />
        <SendRow convoy sending label=words!(i18n, board.try_save) on_send=send />
    }
    .into_any()
}

/// Why a check-in that did not come need not come any more.
#[component]
pub fn SettleForm(convoy: Convoy, due: Stamp) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let sending = Sending::new();
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
        let silent = untrack(|| convoy.expected(due)).map(|expected| expected.due.silent);
        let due = Due { at: due, silent: silent.unwrap_or_default() };
        let save = async move { actions::resolve_overdue(app, &movement, due, &draft).await };
        sending.run(convoy, save, move || say!(i18n, board.settle_toast));
    });
    view! {
        <h2>{words!(i18n, board.settle)}</h2>
        <p>{words!(i18n, board.settle_text)}</p>
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
            error=sending.fault(convoy, "note")
            input=Input::Area
        />
        <SendRow convoy sending label=words!(i18n, board.settle_save) on_send=send />
    }
    .into_any()
}
