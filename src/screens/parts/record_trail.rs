use leptos::prelude::*;
use waymark_core::view::{RecordState, RecordView, Step, StepKind};

use super::words;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::derive;
use crate::state::AppState;
use crate::ui::{Station, Trail, time};
use crate::{say, words};

/// The way of a record from this phone to a named person.
#[component]
pub fn RecordTrail(
    #[prop(into)] view: Signal<RecordView>,
    /// Down the page, with who and when.
    #[prop(optional)]
    down: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let stations = move || view.with(|view| stations(i18n, view, app.now.get().0, down));
    view! {
        <Trail
            label=words!(i18n, station.label)
            not_yet=words!(i18n, station.not_yet)
            stations=derive(stations)
            down
        />
    }
    .into_any()
}

fn stations(i18n: I18n, view: &RecordView, now: i64, long: bool) -> Vec<Station> {
    let moment =
        |step: Option<&Step>| step.map(|step| time::moment(intl(i18n), step.at.0, now)).unwrap_or_default();
    let passed = words::passed(&view.state);
    let seen = words::step_at(view, &[StepKind::Seen]);
    let answered = words::step_at(view, &[StepKind::Confirmed, StepKind::Acknowledged]);
    let alarm = words::is_alarm(view);
    let person = |step: Option<&Step>| step.and_then(|step| step.by.clone());
    let detail = |step: Option<&Step>| match (long, person(step)) {
        (false, Some(name)) => name,
        _ => moment(step),
    };
    let saved = match (long, view.mine) {
        (true, true) => say!(i18n, station.saved_long),
        (true, false) => say!(i18n, station.saved_theirs),
        (false, _) => say!(i18n, station.saved),
    };
    let seen_label = match (long, person(seen)) {
        (true, Some(name)) => say!(i18n, station.seen_by, name = name),
        _ => say!(i18n, station.seen),
    };
    let answer_label = match (long, alarm, person(answered)) {
        (true, true, Some(name)) => say!(i18n, station.on_it_by, name = name),
        (true, false, Some(name)) => say!(i18n, station.confirmed_by, name = name),
        (_, true, _) => say!(i18n, station.on_it),
        (_, false, _) => say!(i18n, station.confirmed),
    };
    let sent = words::step_at(view, &[StepKind::Stored]);
    let mut stations = vec![
        Station {
            label: saved,
            detail: moment(words::step_at(view, &[StepKind::Saved])),
            ..Station::default()
        },
        Station { label: say!(i18n, station.sent), detail: moment(sent), ..Station::default() },
        Station { label: seen_label, detail: detail(seen), ..Station::default() },
        Station { label: answer_label, detail: detail(answered), ..Station::default() },
    ];
    // Nobody confirms a report: what is made of it stands with the item.
    if view.body.as_ref().is_some_and(|body| !body.waits_for_answer()) && answered.is_none() {
        stations.pop();
    }
    for (at, station) in stations.iter_mut().enumerate() {
        station.done = at < passed;
    }
    if let RecordState::Refused(_) = view.state
        && let Some(station) = stations.get_mut(1)
    {
        *station = Station { label: say!(i18n, state.refused), bad: true, ..Station::default() };
    }
    stations
}
