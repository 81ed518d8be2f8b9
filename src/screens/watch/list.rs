use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{Body, EventId};
use waymark_core::view::{RecordState, RecordView};

use super::order;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::{AnswerButton, RecordRow, words};
use crate::state::AppState;
use crate::ui::{Button, Empty, Tone, changing_rows, live, time};
use crate::{actions, routes, say, words};

const RECENT: usize = 5;

#[component]
pub fn Waiting(current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let none = memo(move || app.records.waiting.with(|waiting| waiting.count == 0));
    let sorted = move || {
        let mut records = app.records.waiting.with(|waiting| waiting.first.clone());
        order::sort(&mut records);
        records
    };
    let row = move |view: RecordView| {
        let id = view.id;
        let current = derive(move || current.get() == Some(id));
        let shown = StoredValue::new(view.clone());
        let sub = derive(move || shown.with_value(|view| under(i18n, view, app.now.get().0)));
        let record = view.clone();
        view! {
            <RecordRow view=record named=true current sub under=routes::WATCH>
                <AnswerButton view />
            </RecordRow>
        }
    };
    live(move || {
        if none.get() {
            view! { <Empty title=words!(i18n, watch.empty) text=words!(i18n, watch.empty_text) /> }.into_any()
        } else {
            view! {
                <ul class="rows" aria-live="polite" aria-relevant="additions">
                    {changing_rows(sorted, |view| view.id, row)}
                </ul>
                <MoreWaiting />
            }
            .into_any()
        }
    })
}

/// Says how many more wait than are shown.
#[component]
fn MoreWaiting() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let more =
        memo(move || app.records.waiting.with(|waiting| waiting.count.saturating_sub(waiting.first.len())));
    let press = Callback::new(move |()| spawn_local(actions::load_more_waiting(app)));
    live(move || {
        (more.get() > 0).then(|| {
            let label = words!(i18n, watch.more, number = more.get().to_string());
            view! { <Button label on_press=press tone=Tone::Plain /> }
        })
    })
}

/// "Safe · 6 people · happened 14:07, arrived 14:09 · GPS ± 12 m"
fn under(i18n: I18n, view: &RecordView, now: i64) -> String {
    let moment = |at: i64| time::moment(intl(i18n), at, now);
    let happened = moment(view.happened.0);
    let when = match view.received {
        Some(received) => {
            say!(i18n, watch.happened_arrived, happened = happened, arrived = moment(received.0))
        }
        None => say!(i18n, watch.happened_only, happened = happened),
    };
    let place = view.body.as_ref().and_then(Body::position).map(|position| words::position(i18n, position));
    let note = view.body.as_ref().and_then(Body::note).map(|note| format!("“{note}”"));
    [Some(words::summary(i18n, view)), note, Some(when), place]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// What somebody has answered lately, so that a slip of the thumb is noticed.
#[component]
pub fn Recent(current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let recent = memo(move || {
        let answered = |view: &&RecordView| !view.mine && matches!(view.state, RecordState::Confirmed { .. });
        app.records
            .newest
            .with(|records| records.iter().filter(answered).take(RECENT).cloned().collect::<Vec<_>>())
    });
    let row = move |view: RecordView| {
        let id = view.id;
        let current = derive(move || current.get() == Some(id));
        view! { <RecordRow view named=true current under=routes::WATCH /> }
    };
    live(move || {
        recent.with(|records| !records.is_empty()).then(|| {
            view! {
                <h2>{words!(i18n, watch.recent)}</h2>
                <ul class="rows">
                    {live(move || recent.get().into_iter().map(row).collect::<Vec<_>>())}
                </ul>
            }
        })
    })
}
