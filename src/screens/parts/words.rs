//! The words for codes and records; an unknown code is shown as itself.

use leptos::prelude::*;
use waymark_core::backend::refused::Why;
use waymark_core::event::{
    Body, CheckinKind, Decided, EmergencyReason, FieldError, Passage, PeopleState, Position, Problem,
};
use waymark_core::rules::Role;
use waymark_core::sync::{Refusal, StoreError};
use waymark_core::view::{RecordState, RecordView, StepKind};

use crate::actions::SaveError;
use crate::i18n::{I18n, intl};
use crate::say;
use crate::state::AppState;
use crate::ui::{IconData, Tone, lu, time};

pub fn kind(i18n: I18n, kind: &CheckinKind) -> String {
    match kind {
        CheckinKind::Departed => say!(i18n, kind.departed),
        CheckinKind::Waypoint => say!(i18n, kind.waypoint),
        CheckinKind::Scheduled => say!(i18n, kind.scheduled),
        CheckinKind::Delayed => say!(i18n, kind.delayed),
        CheckinKind::Halted => say!(i18n, kind.halted),
        CheckinKind::Diverted => say!(i18n, kind.diverted),
        CheckinKind::Checkpoint => say!(i18n, kind.checkpoint),
        CheckinKind::Breakdown => say!(i18n, kind.breakdown),
        CheckinKind::Overnight => say!(i18n, kind.overnight),
        CheckinKind::Arrived => say!(i18n, kind.arrived),
        CheckinKind::Handover => say!(i18n, kind.handover),
        CheckinKind::Closed => say!(i18n, kind.closed),
        CheckinKind::Other(code) => code.clone(),
    }
}

pub fn kind_icon(kind: &CheckinKind) -> IconData {
    match kind {
        CheckinKind::Departed => lu::LuMapPinPlus,
        CheckinKind::Waypoint => lu::LuFlag,
        CheckinKind::Scheduled => lu::LuClock,
        CheckinKind::Delayed => lu::LuHourglass,
        CheckinKind::Halted => lu::LuCirclePause,
        CheckinKind::Diverted => lu::LuSplit,
        CheckinKind::Checkpoint => lu::LuConstruction,
        CheckinKind::Breakdown => lu::LuWrench,
        CheckinKind::Overnight => lu::LuMoon,
        CheckinKind::Arrived => lu::LuMapPinCheck,
        CheckinKind::Handover => lu::LuHandshake,
        CheckinKind::Closed => lu::LuSquareCheckBig,
        CheckinKind::Other(_) => lu::LuFile,
    }
}

pub fn passage(i18n: I18n, passage: &Passage) -> String {
    match passage {
        Passage::Free => say!(i18n, passage.free),
        Passage::Searched => say!(i18n, passage.searched),
        Passage::PaymentAsked => say!(i18n, passage.payment_asked),
        Passage::Refused => say!(i18n, passage.refused),
        Passage::Other(code) => code.clone(),
    }
}

pub fn people(i18n: I18n, people: &PeopleState) -> String {
    match people {
        PeopleState::Safe => say!(i18n, people.safe),
        PeopleState::NeedAssistance => say!(i18n, people.need_assistance),
        PeopleState::NotSafe => say!(i18n, people.not_safe),
        PeopleState::Unknown => say!(i18n, people.unknown),
        PeopleState::Other(code) => code.clone(),
    }
}

pub fn people_face(people: &PeopleState) -> (IconData, Tone) {
    match people {
        PeopleState::Safe => (lu::LuShieldCheck, Tone::Accent),
        PeopleState::NeedAssistance => (lu::LuHand, Tone::Warn),
        PeopleState::NotSafe => (lu::LuTriangleAlert, Tone::Danger),
        PeopleState::Unknown | PeopleState::Other(_) => (lu::LuCircleHelp, Tone::Quiet),
    }
}

pub fn reason(i18n: I18n, reason: &EmergencyReason) -> String {
    match reason {
        EmergencyReason::TrafficAccident => say!(i18n, reason.traffic_accident),
        EmergencyReason::Robbery => say!(i18n, reason.robbery),
        EmergencyReason::Attack => say!(i18n, reason.attack),
        EmergencyReason::Abduction => say!(i18n, reason.abduction),
        EmergencyReason::Medical => say!(i18n, reason.medical),
        EmergencyReason::MineUxo => say!(i18n, reason.mine_uxo),
        EmergencyReason::Unstated => say!(i18n, reason.unstated),
        EmergencyReason::FalseAlarm => say!(i18n, reason.false_alarm),
        EmergencyReason::Other(code) => code.clone(),
    }
}

pub fn role(i18n: I18n, role: Role) -> String {
    match role {
        Role::Traveller => say!(i18n, role.traveller),
        Role::Reporter => say!(i18n, role.reporter),
        Role::Manager => say!(i18n, role.manager),
        Role::Security => say!(i18n, role.security),
        Role::Central => say!(i18n, role.central),
    }
}

/// Where, without the place on a map: that is for the detail.
pub fn position(i18n: I18n, position: &Position) -> String {
    match position {
        Position::Gps { accuracy, .. } => {
            say!(i18n, position.gps_words, metres = time::number(intl(i18n), accuracy.round()))
        }
        Position::Odometer { km } => say!(i18n, position.km, km = time::number(intl(i18n), *km)),
        Position::Waypoint { name } | Position::Landmark { name } | Position::CodeName { name } => {
            name.clone()
        }
        Position::None => say!(i18n, position.none_words),
        Position::Unknown => say!(i18n, position.unknown),
    }
}

/// What a record is, in a few words: "At a waypoint, Mangalmé".
pub fn title(i18n: I18n, view: &RecordView) -> String {
    match &view.body {
        Some(Body::CheckinMade(made)) if made.duress => say!(i18n, board.threat),
        Some(Body::CheckinMade(made)) => {
            let what = match &made.checkin {
                CheckinKind::Scheduled => say!(i18n, record.checkin),
                other => kind(i18n, other),
            };
            match &made.position {
                Position::Waypoint { .. }
                | Position::Landmark { .. }
                | Position::CodeName { .. }
                | Position::Odometer { .. } => {
                    say!(i18n, record.at, what = what, place = position(i18n, &made.position))
                }
                _ => what,
            }
        }
        Some(Body::EmergencyRaised(_)) => say!(i18n, record.emergency),
        Some(Body::CheckinConfirmed(_)) => say!(i18n, record.confirmation),
        Some(Body::RecordSeen(_)) => say!(i18n, record.seen),
        Some(Body::EmergencyAcknowledged(_)) => say!(i18n, record.acknowledged),
        Some(Body::EmergencyResolved(_)) => say!(i18n, record.resolved),
        Some(Body::MovementPlanned(_)) => say!(i18n, record.planned),
        Some(Body::MovementRevised(_)) => say!(i18n, record.revised),
        Some(Body::MovementClosed(_)) => say!(i18n, record.closed),
        Some(Body::OverdueRaised(_)) => say!(i18n, record.overdue),
        Some(Body::OverdueStep(_) | Body::EmergencyStep(_)) => say!(i18n, record.overdue_step),
        Some(Body::OverdueAcknowledged(_)) => say!(i18n, record.overdue_on_it),
        Some(Body::OverdueResolved(_)) => say!(i18n, record.overdue_settled),
        Some(Body::MovementDecided(_)) => say!(i18n, record.decided),
        Some(Body::Filled(filled)) => super::forms::short_name(i18n, filled),
        None => say!(i18n, record.unknown, kind = view.kind.event_type()),
    }
}

/// How the people are, or why the alarm: what stands under the title. A drill always says that it is one.
pub fn summary(i18n: I18n, view: &RecordView) -> String {
    let drill = view.exercise.then(|| say!(i18n, records.exercise));
    let words = [drill, Some(matter(i18n, view))];
    words.into_iter().flatten().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn matter(i18n: I18n, view: &RecordView) -> String {
    match &view.body {
        Some(Body::CheckinMade(made)) => {
            let missed = [made.roll.missing.as_slice(), made.roll.separated.as_slice()].concat();
            let missed = (!missed.is_empty()).then(|| say!(i18n, board.missed, names = missed.join(", ")));
            let heard = made.relayed.as_ref().map(|relayed| {
                let by = relayed.said_by.as_deref().into_iter().chain([relayed.via.as_str()]);
                say!(i18n, records.relayed_by, by = by.collect::<Vec<_>>().join(", "))
            });
            let count = made.headcount.map(|count| t_count(i18n, count));
            let all = [missed, Some(people(i18n, &made.people)), count, heard];
            all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Some(Body::EmergencyRaised(raised)) => reason(i18n, &raised.reason),
        Some(Body::Filled(filled)) => filled.headline().to_owned(),
        _ => String::new(),
    }
}

fn t_count(i18n: I18n, count: u32) -> String {
    say!(i18n, people.count, count = count)
}

/// The drawing of a record and how loud it is.
pub fn face(view: &RecordView) -> (IconData, Tone) {
    match &view.body {
        _ if is_alarm(view) => (lu::LuSiren, Tone::Danger),
        Some(Body::CheckinMade(made)) => match &made.people {
            PeopleState::Safe => (kind_icon(&made.checkin), Tone::None),
            other => people_face(other),
        },
        Some(Body::Filled(filled)) => super::forms::face(&filled.kind),
        Some(Body::MovementDecided(_)) => (lu::LuScale, Tone::None),
        _ => (lu::LuFile, Tone::None),
    }
}

/// The words of the contract: "Saved on this phone", "Sent", "Seen by Amina", "Confirmed by Amina, 14:05".
pub fn state(i18n: I18n, view: &RecordView, now: i64) -> String {
    let moment = |at: i64| time::moment(intl(i18n), at, now);
    if let Some(end) = view.resolution() {
        return say!(i18n, state.resolved, time = moment(end.at.0));
    }
    match &view.state {
        RecordState::Queued => say!(i18n, state.queued),
        RecordState::Sending => say!(i18n, state.sending),
        RecordState::Stored => say!(i18n, state.stored),
        RecordState::Seen { by, .. } => say!(i18n, state.seen, name = by.clone()),
        RecordState::Confirmed { by, at } if is_alarm(view) => {
            say!(i18n, state.acknowledged, name = by.clone(), time = moment(at.0))
        }
        RecordState::Confirmed { by, at } => {
            say!(i18n, state.confirmed, name = by.clone(), time = moment(at.0))
        }
        RecordState::Refused(_) => say!(i18n, state.refused),
    }
}

/// Why a place would not have a record: what its code means, and its own words, whatever their language.
pub fn why_refused(i18n: I18n, refusal: &Refusal) -> String {
    let why = Why::of(refusal).map(|why| match why {
        Why::OtherVersion => say!(i18n, refused.other_version),
        Why::NotTaken => say!(i18n, refused.not_taken),
        Why::NotAllowed => say!(i18n, refused.not_allowed),
        Why::TooLarge => say!(i18n, refused.too_large),
        Why::NoForm => say!(i18n, refused.no_form),
    });
    let words = match refusal.detail.trim() {
        "" if why.is_none() => refusal.code.as_str(),
        words => words.trim_end_matches('.'),
    };
    let said = (!words.is_empty()).then(|| say!(i18n, refused.said, words = words.to_owned()));
    [why, said].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub fn state_icon(state: &RecordState) -> IconData {
    match state {
        RecordState::Queued => lu::LuSmartphone,
        RecordState::Sending => lu::LuArrowUp,
        RecordState::Stored => lu::LuCheck,
        RecordState::Seen { .. } => lu::LuEye,
        RecordState::Confirmed { .. } => lu::LuCircleCheckBig,
        RecordState::Refused(_) => lu::LuOctagonX,
    }
}

/// Below this, "0 minutes ago" would be the alternative.
const JUST_NOW_MS: i64 = 60_000;

/// When a record happened and what the time is now, by one and the same clock: this phone's as long as nobody has
/// corrected it, else the server's.
pub fn when(app: AppState, view: &RecordView) -> (i64, i64) {
    let now = app.now.get();
    if view.mine && view.clock_error_ms() == 0 {
        return (view.device_time.0, now.0);
    }
    let offset = app.sync.with(|sync| sync.clockoffset).unwrap_or(0);
    (view.happened.0, now.plus_ms(offset).0)
}

/// How long ago, by [`when`].
pub fn ago(i18n: I18n, app: AppState, view: &RecordView) -> String {
    let (at, now) = when(app, view);
    if (now - at).abs() < JUST_NOW_MS { say!(i18n, state.just_now) } else { time::ago(intl(i18n), at, now) }
}

/// An emergency, or a check-in made under threat. Where that must not show, the view does not have it.
pub fn is_alarm(view: &RecordView) -> bool {
    match &view.body {
        Some(Body::EmergencyRaised(_)) => true,
        Some(Body::CheckinMade(made)) => made.duress,
        _ => false,
    }
}

/// Stations passed of four: saved, sent, seen, confirmed.
pub fn passed(state: &RecordState) -> usize {
    match state {
        RecordState::Queued | RecordState::Sending | RecordState::Refused(_) => 1,
        RecordState::Stored => 2,
        RecordState::Seen { .. } => 3,
        RecordState::Confirmed { .. } => 4,
    }
}

/// The moment a step of this kind was first taken.
pub fn step_at<'a>(view: &'a RecordView, wanted: &[StepKind]) -> Option<&'a waymark_core::view::Step> {
    view.steps.iter().find(|step| wanted.contains(&step.kind))
}

/// What is wrong with the storage, what it means for what was typed, and what to do.
pub fn store_error(i18n: I18n, error: &StoreError) -> String {
    match error {
        StoreError::Full => say!(i18n, error.storage_full),
        StoreError::Unavailable => say!(i18n, error.storage_private),
        StoreError::Blocked => say!(i18n, banner.blocked),
        StoreError::Closed | StoreError::Failed(_) => say!(i18n, error.storage_failed),
    }
}

/// Go, or not.
pub fn decision(i18n: I18n, decision: &Decided) -> String {
    match decision {
        Decided::Go => say!(i18n, go.go),
        Decided::GoWithConditions => say!(i18n, go.go_with_conditions),
        Decided::Postponed => say!(i18n, go.postponed),
        Decided::NoGo => say!(i18n, go.no_go),
        Decided::Other(code) => code.clone(),
    }
}

/// Why nothing was saved.
pub fn save_error(i18n: I18n, error: &SaveError) -> String {
    match error {
        SaveError::Fields(_) => say!(i18n, error.form),
        SaveError::Store(error) => store_error(i18n, error),
        SaveError::SignedOut => say!(i18n, error.not_signed_in),
    }
}

/// What is wrong with one field, if anything.
pub fn field_error(i18n: I18n, errors: &[FieldError], field: &str) -> Option<String> {
    errors.iter().find(|error| error.field == field).map(|error| problem(i18n, error.problem))
}

/// What is wrong, and how it should be written.
pub fn problem(i18n: I18n, problem: Problem) -> String {
    let figure = |value: f64| time::number(intl(i18n), value);
    #[allow(clippy::cast_precision_loss)] // limits are small
    match problem {
        Problem::Required => say!(i18n, error.required),
        Problem::NotANumber => say!(i18n, error.not_a_number),
        Problem::OutOfRange { min, max } => {
            say!(i18n, error.out_of_range, min = figure(min as f64), max = figure(max as f64))
        }
        Problem::TooLong { max } => say!(i18n, error.too_long, max = figure(max as f64)),
        Problem::NotADuration => say!(i18n, error.not_a_duration),
        Problem::WrongOrder => say!(i18n, error.wrong_order),
        Problem::Repeated => say!(i18n, error.repeated),
        Problem::LongAgo => say!(i18n, error.long_ago),
        Problem::NotAMoment => say!(i18n, error.not_a_moment),
        Problem::InFuture => say!(i18n, error.in_future),
        Problem::Unchanged => say!(i18n, error.unchanged),
    }
}
