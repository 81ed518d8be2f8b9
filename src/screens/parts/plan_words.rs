//! The words of a plan; an unknown code is shown as itself.

use waymark_core::event::{AreaLevel, Pace, Plan, Situation};

use crate::i18n::I18n;
use crate::say;

pub fn level(i18n: I18n, level: &AreaLevel) -> String {
    // In plans and in ratings of areas a level is called the same.
    if let Some(own) = i18n.own_words("level", level.code()) {
        return own;
    }
    match level {
        AreaLevel::Minimal => say!(i18n, plan.level_minimal),
        AreaLevel::Low => say!(i18n, plan.level_low),
        AreaLevel::Moderate => say!(i18n, plan.level_moderate),
        AreaLevel::Substantial => say!(i18n, plan.level_substantial),
        AreaLevel::High => say!(i18n, plan.level_high),
        AreaLevel::Extreme => say!(i18n, plan.level_extreme),
        AreaLevel::Other(code) => code.clone(),
    }
}

pub fn pace(i18n: I18n, pace: &Pace) -> String {
    match pace {
        Pace::Primary => say!(i18n, plan.pace_primary),
        Pace::Alternate => say!(i18n, plan.pace_alternate),
        Pace::Contingency => say!(i18n, plan.pace_contingency),
        Pace::Emergency => say!(i18n, plan.pace_emergency),
        Pace::Other(code) => code.clone(),
    }
}

pub fn situation(i18n: I18n, situation: &Situation) -> String {
    match situation {
        Situation::Breakdown => say!(i18n, plan.on_breakdown),
        Situation::Separation => say!(i18n, plan.on_separation),
        Situation::Checkpoint => say!(i18n, plan.on_checkpoint),
        Situation::Attack => say!(i18n, plan.on_attack),
        Situation::Accident => say!(i18n, plan.on_accident),
        Situation::Other(code) => code.clone(),
    }
}

/// "Abéché → Adré", the arrow in the direction of reading.
pub fn way(i18n: I18n, plan: &Plan) -> String {
    let (from, to) = (isolated(i18n, &plan.from.name), isolated(i18n, &plan.destination().name));
    say!(i18n, plan.way, from = from, to = to)
}

/// "2 vehicles, 6 people".
pub fn load(i18n: I18n, plan: &Plan) -> String {
    let people = say!(i18n, people.count, count = plan.headcount);
    match plan.vehicles.len() {
        0 => say!(i18n, plan.walking, people = people),
        count => {
            let vehicles = say!(i18n, plan.vehicle_count, count = count);
            say!(i18n, plan.load, vehicles = vehicles, people = people)
        }
    }
}

/// A name that runs against the page would turn round what stands beside it; isolated, it does not.
pub fn isolated(i18n: I18n, name: &str) -> String {
    let leftward = name.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}'));
    if leftward == (i18n.get_locale().direction() == "rtl") {
        name.to_owned()
    } else {
        format!("\u{2068}{name}\u{2069}")
    }
}
