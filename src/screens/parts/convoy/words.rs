//! What stands on the board about a movement; never better than it is known.

use waymark_core::event::{
    Ending, NO_MEANS, Pace, Party, PeopleState, ResolvedHow, Situation, Stamp, Tried, TryResult,
};
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::{Expected, Verdict};
use waymark_core::view::Movement;
use waymark_core::view::board::{Rank, rank};
use waymark_core::view::movement::{Alarm, By};

use crate::i18n::{I18n, intl};
use crate::say;
use crate::screens::parts::words;
use crate::ui::{IconData, Tone, lu, time};

/// The one thing to know of a movement, and how loud it is.
#[derive(Clone, PartialEq)]
pub struct Face {
    pub text: String,
    pub icon: IconData,
    pub tone: Tone,
    pub rank: Rank,
    /// Who is on it, in words.
    pub on_it: Option<String>,
    /// Where on the ladder, or when next.
    pub step: String,
}

pub fn face(i18n: I18n, movement: &Movement, verdict: &Verdict, now: Stamp) -> Face {
    let rank = rank(movement, verdict);
    let (text, icon, tone) = match rank {
        Rank::Emergency => alarm_face(i18n, movement),
        Rank::Exhausted | Rank::Overdue => {
            (due_words(i18n, verdict, true, now), lu::LuTriangleAlert, Tone::Danger)
        }
        Rank::Due => (say!(i18n, board.due_now), lu::LuClock, Tone::Warn),
        Rank::NotLeft => {
            let time = time::moment(intl(i18n), movement.plan.plan.depart.0, now.0);
            (say!(i18n, board.leaves, time = time), lu::LuCircleDashed, Tone::Quiet)
        }
        Rank::Closed => (say!(i18n, board.closed), lu::LuSquareCheckBig, Tone::Quiet),
        Rank::NotWell | Rank::Unconfirmed | Rank::OnTime => heard_face(i18n, movement, now),
    };
    let on_it = match rank {
        Rank::Emergency => on_all_alarms(movement),
        Rank::Exhausted | Rank::Overdue => verdict.acknowledged().cloned(),
        _ => None,
    };
    Face {
        on_it: on_it.map(|by| say!(i18n, station.on_it_by, name = by.name)),
        step: if rank == Rank::NotLeft { String::new() } else { step(i18n, verdict, now) },
        text,
        icon,
        tone,
        rank,
    }
}

/// Who took on an emergency, if none of them waits for somebody.
fn on_all_alarms(movement: &Movement) -> Option<By> {
    let mut first = None;
    for alarm in movement.open_alarms() {
        first.get_or_insert(alarm.acknowledged.clone()?);
    }
    first
}

/// The last word about the people; whoever is missed comes before whoever is safe.
fn heard_face(i18n: I18n, movement: &Movement, now: Stamp) -> (String, IconData, Tone) {
    let people = movement.people();
    let missed = [people.missing, people.separated].concat();
    if !missed.is_empty() {
        let text = say!(i18n, board.missed, names = missed.join(", "));
        return (text, lu::LuUserX, Tone::Danger);
    }
    if let Some((count, _)) = people.headcount.filter(|(count, _)| *count < movement.plan.plan.headcount) {
        let of = movement.plan.plan.headcount.to_string();
        return (say!(i18n, board.few, count = count.to_string(), of = of), lu::LuUserX, Tone::Danger);
    }
    let settled = movement.is_settled_by_hand();
    let (icon, tone) = words::people_face(&people.state);
    (heard(i18n, movement, settled, now), icon, if settled { Tone::Quiet } else { tone })
}

fn alarm_face(i18n: I18n, movement: &Movement) -> (String, IconData, Tone) {
    let unanswered = |alarm: &&Alarm| alarm.acknowledged.is_none();
    let alarm = movement.open_alarms().find(unanswered).or_else(|| movement.open_alarms().next());
    let text = match alarm {
        Some(alarm) if alarm.duress => say!(i18n, board.threat),
        _ => say!(i18n, record.emergency),
    };
    (text, lu::LuSiren, Tone::Danger)
}

/// "Safe 8 min ago" while all is as expected; else "Last known safe 47 min ago".
pub fn heard(i18n: I18n, movement: &Movement, doubtful: bool, now: Stamp) -> String {
    let people = movement.people();
    let Some(contact) = movement.last_contact() else { return say!(i18n, board.never) };
    let at = people.by.as_ref().map_or(contact.by.at, |by| by.at);
    let ago = time::ago(intl(i18n), at.0, now.0);
    let state = words::people(i18n, &people.state);
    match people.state {
        PeopleState::Safe if movement.open_alarms().any(|alarm| alarm.duress) => {
            say!(i18n, board.said_threat, ago = ago)
        }
        PeopleState::Safe if doubtful => say!(i18n, board.last_safe, ago = ago),
        PeopleState::Unknown => say!(i18n, board.unknown, ago = ago),
        _ => say!(i18n, board.said, state = state, ago = ago),
    }
}

/// "Next check-in 14:15, in 10 min"; once it is overdue, by how much if `counted`, else since when.
pub fn due_words(i18n: I18n, verdict: &Verdict, counted: bool, now: Stamp) -> String {
    let Some(Expected { due, stage, .. }) = verdict.first() else { return say!(i18n, board.closed) };
    let when = time::moment(intl(i18n), due.at.0, now.0);
    match stage {
        Stage::Quiet => {
            let ago = time::ago(intl(i18n), due.at.0, now.0);
            say!(i18n, board.next_check, time = when, ago = ago)
        }
        _ if counted => say!(i18n, board.overdue, span = time::span(intl(i18n), now.ms_since(due.at))),
        _ => say!(i18n, board.due_since, time = when),
    }
}

/// Where on the ladder, and when what comes next.
fn step(i18n: I18n, verdict: &Verdict, now: Stamp) -> String {
    let first = verdict.first();
    let next = first.and_then(|first| first.next).map(|next| {
        let ago = time::ago(intl(i18n), next.at.0, now.0);
        match next.stage.number() {
            Some(number @ 2..=5) => {
                say!(i18n, board.next_step, number = u32::from(number).to_string(), ago = ago)
            }
            Some(6) => say!(i18n, board.next_end, ago = ago),
            _ => say!(i18n, board.next, time = time::moment(intl(i18n), next.at.0, now.0)),
        }
    });
    // Where several are silent, the row speaks of one of them.
    let one_of = (verdict.due().count() > 1).then(|| first.map(|first| first.due.silent.join(", ")));
    let here = match first.and_then(|first| first.stage.number()) {
        Some(6) => Some(say!(i18n, board.exhausted)),
        Some(number @ 1..) => Some(say!(i18n, board.step, number = u32::from(number).to_string())),
        _ => None,
    };
    let words = one_of.flatten().into_iter().chain(here).chain(next);
    words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · ")
}

pub fn party(i18n: I18n, party: &Party) -> String {
    match party {
        Party::Traveller => say!(i18n, board.party_traveller),
        Party::RadioRoom => say!(i18n, board.party_radio_room),
        Party::Leader => say!(i18n, board.party_leader),
        Party::OtherVehicles => say!(i18n, board.party_other_vehicles),
        Party::Destination => say!(i18n, board.party_destination),
        Party::LastWaypoint => say!(i18n, board.party_last_waypoint),
        Party::Security => say!(i18n, board.party_security),
        Party::CrisisLead => say!(i18n, board.party_crisis_lead),
        Party::Central => say!(i18n, board.party_central),
        Party::EveryManager => say!(i18n, board.party_every_manager),
        Party::Other(code) => code.clone(),
    }
}

pub fn result(i18n: I18n, result: &TryResult) -> String {
    match result {
        TryResult::Reached => say!(i18n, board.result_reached),
        TryResult::NoAnswer => say!(i18n, board.result_no_answer),
        TryResult::Failed => say!(i18n, board.result_failed),
        TryResult::Sent => say!(i18n, board.result_sent),
        TryResult::Other(code) => code.clone(),
    }
}

/// What was tried, and more about it. The server's own words are for whoever reads the records.
pub fn tried_words(i18n: I18n, tried: &Tried, name: &str) -> (String, String) {
    if tried.automatic && tried.means == NO_MEANS {
        let number = say!(i18n, board.step, number = tried.stage.min(5).to_string());
        return (say!(i18n, board.nobody_told), format!("{number} · {}", say!(i18n, board.nobody_told_text)));
    }
    let what = say!(i18n, board.tried, party = party(i18n, &tried.to), result = result(i18n, &tried.result));
    let by = if tried.automatic { say!(i18n, board.by_server) } else { name.to_owned() };
    let number = say!(i18n, board.step, number = tried.stage.min(5).to_string());
    let more = [Some(by), Some(tried.means.clone()), Some(number), tried.note.clone()];
    (what, more.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

pub fn how(i18n: I18n, how: &ResolvedHow) -> String {
    match how {
        ResolvedHow::Contact => say!(i18n, board.how_contact),
        ResolvedHow::Mistake => say!(i18n, board.how_mistake),
        ResolvedHow::Emergency => say!(i18n, board.how_emergency),
        ResolvedHow::Other(code) => code.clone(),
    }
}

pub fn pace(i18n: I18n, pace: &Pace) -> String {
    match pace {
        Pace::Primary => say!(i18n, convoy.primary),
        Pace::Alternate => say!(i18n, convoy.alternate),
        Pace::Contingency => say!(i18n, convoy.contingency),
        Pace::Emergency => say!(i18n, convoy.emergency),
        Pace::Other(code) => code.clone(),
    }
}

pub fn situation(i18n: I18n, situation: &Situation) -> String {
    match situation {
        Situation::Breakdown => say!(i18n, convoy.on_breakdown),
        Situation::Separation => say!(i18n, convoy.on_separation),
        Situation::Checkpoint => say!(i18n, convoy.on_checkpoint),
        Situation::Attack => say!(i18n, convoy.on_attack),
        Situation::Accident => say!(i18n, convoy.on_accident),
        Situation::Other(code) => code.clone(),
    }
}

pub fn ending(i18n: I18n, ending: &Ending) -> String {
    match ending {
        Ending::Completed => say!(i18n, convoy.completed),
        Ending::HandedOver => say!(i18n, convoy.handed_over),
        Ending::Cancelled => say!(i18n, convoy.cancelled),
        Ending::Other(code) => code.clone(),
    }
}

/// "Mongo → Abéché · 4 vehicles · 11 people".
pub fn route(i18n: I18n, movement: &Movement) -> String {
    let plan = &movement.plan.plan;
    let way = say!(i18n, board.way, from = plan.from.name, to = plan.destination().name);
    let people = say!(i18n, people.count, count = plan.headcount);
    let mut parts = vec![way];
    if !plan.vehicles.is_empty() {
        let count = plan.vehicles.len();
        parts.push(say!(i18n, board.vehicles, count = count));
    }
    parts.push(people);
    parts.join(" · ")
}
