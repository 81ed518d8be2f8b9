use leptos::prelude::*;
use waymark_core::event::{Party, TryDraft, TryResult};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::Due;

use super::convoy::words as convoy_words;
use super::{SendRow, Sending};
use crate::actions::{self, AlarmRef};
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::state::{AppState, Shown};
use crate::ui::{Button, Choice, Choices, Field, Shape, WorkTitle, live};
use crate::{say, words};

/// What somebody was called about.
#[derive(Clone)]
pub enum TryOf {
    /// A check-in of a movement that did not come.
    Overdue(Shown, Due),
    Alarm(AlarmRef),
}

/// Whom this stage turns to first, then everyone else who can be called.
fn parties(stage: Stage) -> Vec<&'static Party> {
    let callable = |party: &&Party| !matches!(party, Party::RadioRoom | Party::EveryManager);
    let first = stage.parties().iter().filter(callable);
    let rest = Party::ALL.iter().filter(callable).filter(|party| !stage.parties().contains(party));
    first.chain(rest).collect()
}

/// Somebody was called: who, over what, and what came of it. `means` are those of the plan.
#[component]
pub fn TryForm(of: TryOf, stage: Stage, means: Vec<String>, on_close: Callback<()>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let sending = Sending::new(on_close);
    let parties = parties(stage);
    let to = RwSignal::new(parties.first().map(|party| party.code().to_owned()).unwrap_or_default());
    let (over, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    // What came of it is for whoever tried to say.
    let result = RwSignal::new(String::new());
    let choice = |value: &str, label| Choice { value: value.to_owned(), label, ..Choice::default() };
    let options = derive(move || {
        parties.iter().map(|party| choice(party.code(), convoy_words::party(i18n, party))).collect::<Vec<_>>()
    });
    let results = derive(move || {
        TryResult::ALL
            .iter()
            .map(|result| choice(result.code(), convoy_words::result(i18n, result)))
            .collect::<Vec<_>>()
    });
    let known = |text: String| {
        let fill = text.clone();
        let press = Callback::new(move |()| over.set(fill.clone()));
        view! { <Button label=Signal::stored(text) on_press=press /> }.into_any()
    };
    let known: Vec<_> = means.into_iter().map(known).collect();
    let send = Callback::new(move |()| {
        let draft = TryDraft {
            to: to.with_untracked(|code| Party::from_code(code)),
            means: over.get_untracked(),
            result: result.with_untracked(|code| TryResult::from_code(code)),
            note: note.get_untracked(),
        };
        let of = of.clone();
        let save = async move {
            match &of {
                TryOf::Overdue(movement, due) => {
                    actions::record_try(app, movement, (due, stage), &draft).await
                }
                TryOf::Alarm(alarm) => actions::record_alarm_try(app, alarm, stage, &draft).await,
            }
        };
        sending.run(save, move || say!(i18n, board.try_toast));
    });
    let missing = sending.fault("result");
    let set = |signal: RwSignal<String>| Callback::new(move |code| signal.set(code));
    view! {
        <WorkTitle text=words!(i18n, board.record_try) />
        <h3>{words!(i18n, board.try_to)}</h3>
        <Choices name="to" label=words!(i18n, board.try_to) options value=to on_choose=set(to) shape=Shape::Wide />
        <Field
            name="means"
            label=words!(i18n, board.try_means)
            hint=words!(i18n, board.try_means_hint)
            value=over
            error=sending.fault("means")
        />
        <div class="btn-row fills">{known}</div>
        <h3>{words!(i18n, board.try_result)}</h3>
        <Choices
            name="result"
            label=words!(i18n, board.try_result)
            options=results
            value=result
            on_choose=set(result)
            shape=Shape::Wide
        />
        <p class="field-error" aria-live="polite">{live(move || missing.get())}</p>
        <Field name="note" label=words!(i18n, checkin.note) value=note error=sending.fault("note") />
        <SendRow sending label=words!(i18n, board.try_save) on_send=send />
    }
    .into_any()
}
