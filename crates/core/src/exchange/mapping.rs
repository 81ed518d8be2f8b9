//! Our judgements in the words of CAP 1.2 (OASIS, sections 3.2.2 and 3.2.3). The choice is ours.

use super::Exported;
use crate::event::{Outcome, Stamp};

const HOUR_MS: i64 = 3_600_000;
const UNKNOWN: &str = "Unknown";

/// How bad: impact 5 `Extreme`, 4 `Severe`, 3 `Moderate`, 2 and 1 `Minor`. Where nobody has judged it, by people: killed
/// `Extreme`, wounded, kidnapped or missing `Severe`; then by the level of an area: extreme `Extreme`, high and substantial
/// `Severe`, moderate `Moderate`, low and minimal `Minor`; else `Unknown`.
pub(super) fn severity(item: &Exported<'_>) -> &'static str {
    let some = |harm| item.people(harm).is_some_and(|count| count > 0);
    match item.row.impact {
        Some(5) => "Extreme",
        Some(4) => "Severe",
        Some(3) => "Moderate",
        Some(1 | 2) => "Minor",
        _ if some("killed") => "Extreme",
        _ if ["wounded", "kidnapped", "missing"].into_iter().any(some) => "Severe",
        _ => match item.row.filled.text("level") {
            Some("extreme") => "Extreme",
            Some("high" | "substantial") => "Severe",
            Some("moderate") => "Moderate",
            Some("low" | "minimal") => "Minor",
            _ => UNKNOWN,
        },
    }
}

/// How soon something has to be done: `Past` once it is closed; `Immediate` where somebody needs help now, and from an hour
/// before the deadline on, also when that is gone; `Expected` on the day before it; `Future` until then; `Unknown` without one.
pub(super) fn urgency(item: &Exported<'_>, now: Stamp) -> &'static str {
    if item.row.closed {
        return "Past";
    }
    if item.row.filled.yes("critical") {
        return "Immediate";
    }
    match deadline(item).map(|deadline| deadline.ms_since(now)) {
        Some(left) if left <= HOUR_MS => "Immediate",
        Some(left) if left <= 24 * HOUR_MS => "Expected",
        Some(_) => "Future",
        None => UNKNOWN,
    }
}

/// An ultimatum, or the day by which an action is to be done.
pub(super) fn deadline(item: &Exported<'_>) -> Option<Stamp> {
    ["deadline", "due"].iter().find_map(|name| item.row.filled.moment(name))
}

/// How sure: what has happened is `Observed`; likelihood 5 and 4 `Likely`, 3 and 2 `Possible`, 1 `Unlikely`; `Unknown` where
/// nobody has judged it.
pub(super) fn certainty(item: &Exported<'_>) -> &'static str {
    let carried_out = item.row.outcome.as_deref() == Some(Outcome::CarriedOut.code());
    if carried_out || matches!(item.row.form.as_str(), "incident" | "loss") {
        return "Observed";
    }
    match item.row.likelihood {
        Some(4 | 5) => "Likely",
        Some(2 | 3) => "Possible",
        Some(1) => "Unlikely",
        _ => UNKNOWN,
    }
}

/// `Health` for illness and care, `Safety` for accidents and hazards, else `Security`.
pub(super) fn category(item: &Exported<'_>) -> &'static str {
    let code = |name| item.row.filled.text(name).unwrap_or_default();
    match (code("means"), code("action"), code("category")) {
        ("illness", ..) | (_, "medical_care" | "post_traumatic_support" | "welfare_contact", _) => "Health",
        ("road_accident" | "near_miss", ..) | (.., "hazards") => "Safety",
        _ => "Security",
    }
}
