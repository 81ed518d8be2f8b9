use leptos::prelude::*;
use waymark_core::event::form::Stands;
use waymark_core::event::{Body, CheckinMade, Filled, Position};
use waymark_core::view::{RecordState as State, RecordView, StepKind};

use super::{Deliveries, Photos, RecordState, RecordTrail, words};
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::say;
use crate::state::{AppState, SyncPhase};
use crate::ui::{Fact, Facts, live, time};

/// Differences below this are nobody's business: phones drift.
const CLOCK_WORTH_SAYING_MS: i64 = 60_000;

/// All that is known of a record.
#[component]
pub fn RecordDetail(#[prop(into)] view: Signal<RecordView>) -> impl IntoView {
    let i18n = use_i18n();
    let app = AppState::get();
    let facts = move || view.with(|view| facts(i18n, view, app.now.get().0));
    let state = move || {
        let stored = StoredValue::new(view.get());
        view! { <RecordState view=stored /> }
    };
    let queued = memo(move || view.with(|view| matches!(view.state, State::Queued)));
    let hint = move || {
        let text = derive(move || match app.sync.with(|sync| sync.phase) {
            SyncPhase::Paused => say!(i18n, state.paused_hint),
            _ => say!(i18n, state.queued_hint),
        });
        queued.get().then(|| view! { <p class="soft">{text}</p> })
    };
    // Those of an item stand with the item, among what was added to it.
    let photos = derive(move || {
        let of = |filled: &Filled| filled.form().is_some_and(|form| form.stands != Stands::Alone);
        view.with(|view| {
            let filled = view.body.as_ref().and_then(Body::filled).filter(|filled| of(filled));
            filled.map(Filled::photos).unwrap_or_default()
        })
    });
    view! {
        <div class="stack" data-state=move || view.with(|view| view.state.code())>
            <div role="status">{live(state)} {live(hint)}</div>
            <RecordTrail view down=true />
            <Facts facts=derive(facts) />
            <Deliveries view />
            <Photos photos />
        </div>
    }
    .into_any()
}

fn facts(i18n: I18n, view: &RecordView, now: i64) -> Vec<Fact> {
    let moment = |at: i64| time::moment(intl(i18n), at, now);
    let mut facts = vec![Fact::new(say!(i18n, records.author), view.author_name.clone())];
    content(i18n, view, now, &mut facts);
    let off = view.clock_error_ms();
    if off.abs() < CLOCK_WORTH_SAYING_MS {
        facts.push(Fact::new(say!(i18n, records.happened), moment(view.happened.0)));
    } else {
        let by_phone = say!(i18n, records.happened_phone, time = moment(view.device_time.0));
        let off = time::span(intl(i18n), off);
        let corrected = say!(i18n, records.corrected_text, time = moment(view.happened.0), off = off);
        facts.push(Fact::new(say!(i18n, records.happened), by_phone));
        facts.push(Fact::new(say!(i18n, records.corrected), corrected));
    }
    let arrived = match view.received {
        Some(at) => moment(at.0),
        None => say!(i18n, records.arrived_not),
    };
    facts.push(Fact::new(say!(i18n, records.arrived), arrived));
    let digest = view.digest.to_string();
    let short = format!("{} {}", digest.get(..4).unwrap_or_default(), digest.get(4..8).unwrap_or_default());
    facts.push(Fact::code(say!(i18n, records.digest), short));
    facts
}

fn content(i18n: I18n, view: &RecordView, now: i64, facts: &mut Vec<Fact>) {
    match &view.body {
        Some(Body::CheckinMade(made)) => {
            facts.push(Fact::new(say!(i18n, records.what), words::kind(i18n, &made.checkin)));
            facts.push(Fact::new(say!(i18n, records.people), words::summary(i18n, view)));
            roll(i18n, made, facts);
            place(i18n, &made.position, facts);
            note(i18n, made.note.as_deref(), facts);
        }
        Some(Body::EmergencyRaised(raised)) => {
            facts.push(Fact::new(say!(i18n, records.reason), words::reason(i18n, &raised.reason)));
            place(i18n, &raised.position, facts);
            note(i18n, raised.note.as_deref(), facts);
        }
        Some(Body::Filled(filled)) if filled.form().is_some_and(|form| form.stands != Stands::Alone) => {
            facts.extend(super::forms::facts(i18n, filled, now));
        }
        Some(Body::MovementDecided(decided)) => {
            facts.push(Fact::new(say!(i18n, go.decision), words::decision(i18n, &decided.decision)));
            facts.push(Fact::new(say!(i18n, go.reason), decided.reason.clone()));
            facts.extend(decided.conditions.clone().map(|text| Fact::new(say!(i18n, go.conditions), text)));
        }
        _ => {}
    }
    if let Some(StepKind::Resolved(reason, note_of)) = view.resolution().map(|step| &step.kind) {
        facts.push(Fact::new(say!(i18n, record.resolved), words::reason(i18n, reason)));
        note(i18n, note_of.as_deref(), facts);
    }
}

/// Who is not there, what matters for the kind, and who said it.
fn roll(i18n: I18n, made: &CheckinMade, facts: &mut Vec<Fact>) {
    let mut list = |name: String, all: &[String]| {
        if !all.is_empty() {
            facts.push(Fact::new(name, all.join(", ")));
        }
    };
    list(say!(i18n, checkin.missing), &made.roll.missing);
    list(say!(i18n, checkin.separated), &made.roll.separated);
    list(say!(i18n, checkin.speaks_for), &made.roll.vehicles);
    let detail = &made.detail;
    let passage = detail.passage.as_ref().map(|passage| words::passage(i18n, passage));
    let said = [&detail.reason, &detail.route, &detail.vehicle, &detail.who, &passage];
    let said: Vec<String> = said.into_iter().flatten().cloned().collect();
    list(say!(i18n, records.detail), &said);
    if let Some(count) = made.next_in {
        let span = time::span(intl(i18n), i64::from(count) * 60_000);
        facts.push(Fact::new(say!(i18n, records.next_in), span));
    }
    if let Some(relayed) = &made.relayed {
        let by = [relayed.said_by.clone(), Some(relayed.via.clone())];
        let by = by.into_iter().flatten().collect::<Vec<_>>().join(", ");
        facts.push(Fact::new(say!(i18n, records.relayed), by));
    }
}

fn place(i18n: I18n, position: &Position, facts: &mut Vec<Fact>) {
    facts.push(Fact::new(say!(i18n, records.position), words::position(i18n, position)));
    if let Position::Gps { lat, lon, .. } = position {
        facts.push(Fact::code(say!(i18n, position.gps), format!("{lat:.5}, {lon:.5}")));
    }
}

fn note(i18n: I18n, note: Option<&str>, facts: &mut Vec<Fact>) {
    if let Some(note) = note {
        facts.push(Fact::new(say!(i18n, records.note), note));
    }
}
