use leptos::prelude::*;
use waymark_core::event::{Position, PositionSource, Stamp};
use waymark_core::view::Movement;
use waymark_core::view::movement::{Here, Line, Source, Stop as PlannedStop};

use super::words;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::state::{AppState, Shown};
use crate::ui::{Stop, Strip, StripDown, StripLine, lu, time};
use crate::{say, words};

/// Where a movement is on its way, in a drawing and in a sentence.
#[component]
pub fn StripMap(
    #[prop(into)] movement: Signal<Shown>,
    /// Down the page, with all that the plan says of each place.
    #[prop(optional)]
    down: bool,
    /// The sentence is read out but not drawn, where the page says the same.
    #[prop(optional)]
    drawn: bool,
) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let now = memo(move || app.server_now());
    let line = memo(move || {
        let now = now.get();
        movement.with(|movement| movement.line(now))
    });
    let strip = memo(move || line.with(|line| strip(i18n, line, now.get().0, down)));
    let said = move || movement.with(|movement| line.with(|line| sentences(i18n, movement, line, now.get())));
    let label = words!(i18n, strip.label);
    let drawing = if down {
        view! { <StripDown strip label /> }.into_any()
    } else {
        view! { <StripLine strip label /> }.into_any()
    };
    view! {
        <div class="strip-map">
            {drawing}
            <p class=if drawn { "unseen" } else { "strip-said" }>{said}</p>
        </div>
    }
    .into_any()
}

fn strip(i18n: I18n, line: &Line, now: i64, long: bool) -> Strip {
    let stops = line.stops.iter().map(|stop| station(i18n, stop, now, long)).collect();
    Strip { stops, here: line.here.as_ref().and_then(|here| here.along), guess: line.guess }
}

fn station(i18n: I18n, stop: &PlannedStop, now: i64, long: bool) -> Stop {
    let moment = |at: Stamp| time::moment(intl(i18n), at.0, now);
    let expected = |at| format!("≈ {}", moment(at));
    let time = stop.actual.map(moment).or(stop.expected.map(expected)).unwrap_or_default();
    let said = if stop.passed { say!(i18n, strip.passed) } else { say!(i18n, strip.ahead) };
    let mut out = Stop {
        label: stop.place.name.clone(),
        share: stop.along,
        passed: stop.passed,
        said,
        time,
        ..Stop::default()
    };
    if long {
        let km = stop.km.map(|km| say!(i18n, position.km, km = time::number(intl(i18n), km.round())));
        let code = stop.place.code_name.as_ref().map(|name| format!("“{name}”"));
        let planned = stop.planned.map(|at| say!(i18n, strip.planned, time = moment(at)));
        out.detail = [km, code, planned].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        out.marks.extend(stop.overnight.then(|| (lu::LuMoon, say!(i18n, strip.overnight))));
        out.marks
            .extend(stop.medical.clone().map(|text| (lu::LuCross, say!(i18n, strip.medical, text = text))));
    }
    out
}

/// "Last known at km 62, between Mongo and Mangalmé, 47 min ago, from Idriss, by odometer."
fn sentences(i18n: I18n, movement: &Movement, line: &Line, now: Stamp) -> String {
    let Some(here) = &line.here else {
        let depart = movement.plan.plan.depart.0;
        let time = time::moment(intl(i18n), depart, now.0);
        return match movement.last_contact() {
            None => say!(i18n, strip.none, time = time),
            Some(contact) => {
                let ago = time::ago(intl(i18n), contact.by.at.0, now.0);
                say!(i18n, strip.nowhere, ago = ago, name = contact.by.name)
            }
        };
    };
    let ago = time::ago(intl(i18n), here.by.at.0, now.0);
    let (place, source) = (place(i18n, line, here), source(i18n, movement, here));
    let name = from(i18n, movement, here);
    let mut out = say!(i18n, strip.known, place = place, ago = ago, name = name, source = source);
    if let Some(km) = here.off_line_km {
        out.push(' ');
        out.push_str(&say!(i18n, strip.off_line, km = time::number(intl(i18n), km.round())));
    }
    if let Some(guess) = line.guess {
        let km = line
            .stops
            .last()
            .and_then(|stop| stop.km)
            .map(|km| time::number(intl(i18n), (km * guess).round()));
        out.push(' ');
        out.push_str(&match km {
            Some(km) => say!(i18n, strip.estimate_km, km = km),
            None => say!(i18n, strip.estimate),
        });
    }
    out
}

/// Who said it; where somebody else wrote it down, both.
fn from(i18n: I18n, movement: &Movement, here: &Here) -> String {
    let contact = movement.contacts.iter().rev().find(|contact| contact.by == here.by);
    match contact.and_then(|contact| contact.made.relayed.as_ref()) {
        Some(relayed) => {
            let said: Vec<&str> =
                relayed.said_by.as_deref().into_iter().chain([relayed.via.as_str()]).collect();
            say!(i18n, strip.relayed, said = said.join(", "), name = here.by.name)
        }
        None => here.by.name.clone(),
    }
}

/// At a stop, between two of them, or in the words of whoever reported it.
fn place(i18n: I18n, line: &Line, here: &Here) -> String {
    let km = here.km.map(|km| time::number(intl(i18n), km.round()));
    let Some(along) = here.along else {
        return say!(i18n, strip.off_plan, place = words::position(i18n, &here.position));
    };
    if let Some(stop) = line.stops.iter().find(|stop| (stop.along - along).abs() < 0.001) {
        return say!(i18n, strip.at, place = stop.place.name);
    }
    let ahead = line.stops.iter().position(|stop| stop.along > along);
    let pair = ahead.and_then(|at| Some((line.stops.get(at.checked_sub(1)?)?, line.stops.get(at)?)));
    match (pair, km) {
        (Some((from, to)), Some(km)) => {
            say!(i18n, strip.km_between, km = km, from = from.place.name, to = to.place.name)
        }
        (Some((from, to)), None) => say!(i18n, strip.between, from = from.place.name, to = to.place.name),
        (None, Some(km)) => say!(i18n, strip.at_km, km = km),
        (None, None) => words::position(i18n, &here.position),
    }
}

fn source(i18n: I18n, movement: &Movement, here: &Here) -> String {
    match &here.source {
        Source::Reported(PositionSource::Gps) => match &here.position {
            position @ Position::Gps { .. } => {
                say!(i18n, strip.by_gps, gps = words::position(i18n, position))
            }
            _ => String::new(),
        },
        Source::Reported(PositionSource::Odometer) => say!(i18n, strip.by_odometer),
        Source::Reported(PositionSource::Waypoint) => say!(i18n, strip.by_waypoint),
        Source::Reported(PositionSource::Landmark) => say!(i18n, strip.by_landmark),
        Source::Reported(PositionSource::CodeName) => say!(i18n, strip.by_code_name),
        Source::Reported(_) => String::new(),
        Source::Kind => {
            let made = movement.contacts.iter().rev().find(|contact| contact.by == here.by);
            let kind = made.map(|contact| words::kind(i18n, &contact.made.checkin)).unwrap_or_default();
            say!(i18n, strip.by_kind, kind = kind)
        }
    }
}
