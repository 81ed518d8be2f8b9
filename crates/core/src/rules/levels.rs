//! How closely people are watched, by the level of the area: who sets it, and within which limits.

use std::collections::BTreeMap;

use crate::event::{AreaLevel, WatchRules};

/// A day: whoever need not be heard for longer is not watched.
pub const MAX_INTERVAL_MIN: u32 = 24 * 60;
/// Four hours.
pub const MAX_GRACE_MIN: u32 = 240;
pub const MAX_STEP_MIN: u32 = 120;
/// Eight hours.
pub const MAX_HOLD_MIN: u32 = 480;

/// Rules for some of the levels.
pub type Levels = BTreeMap<AreaLevel, WatchRules>;

/// What is wrong with rules, in one sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LevelFault {
    #[error("{name} is from {least} to {most} minutes")]
    Range { name: &'static str, least: u32, most: u32 },
    #[error("prompt is within grace: travellers are asked before they are overdue")]
    PromptAfterGrace,
}

/// Looks rules over before they are set.
///
/// # Errors
/// The first fault.
pub fn check(rules: &WatchRules) -> Result<(), LevelFault> {
    for (name, value, least, most) in [
        ("interval", rules.interval, 1, MAX_INTERVAL_MIN),
        ("grace", rules.grace, 0, MAX_GRACE_MIN),
        ("step", rules.step, 1, MAX_STEP_MIN),
        ("hold", rules.hold, 1, MAX_HOLD_MIN),
    ] {
        if !(least..=most).contains(&value) {
            return Err(LevelFault::Range { name, least, most });
        }
    }
    if rules.prompt > rules.grace {
        return Err(LevelFault::PromptAfterGrace);
    }
    Ok(())
}

/// The rules of a level: those of the first that names it, else our own. The server's operator comes before the
/// organisation's pack.
pub fn rules_of(level: &AreaLevel, operator: &Levels, pack: &Levels) -> WatchRules {
    let set = operator.get(level).or_else(|| pack.get(level));
    set.copied().unwrap_or_else(|| WatchRules::of_level(level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_rules_pass_and_faults_are_told() {
        for level in AreaLevel::ALL {
            assert_eq!(check(&WatchRules::of_level(level)), Ok(()));
        }
        let usual = WatchRules::of_level(&AreaLevel::High);
        for (rules, words) in [
            (WatchRules { interval: 0, ..usual }, "interval"),
            (WatchRules { interval: 1_441, ..usual }, "1440"),
            (WatchRules { grace: u32::MAX, ..usual }, "grace"),
            (WatchRules { prompt: 6, ..usual }, "within"),
            (WatchRules { step: 0, ..usual }, "step"),
            (WatchRules { hold: 0, ..usual }, "hold"),
        ] {
            let fault = check(&rules).unwrap_err().to_string();
            assert!(fault.contains(words), "{fault}");
        }
    }

    #[test]
    fn the_operator_comes_before_the_pack_and_the_pack_before_what_is_usual() {
        let every = |interval| WatchRules { interval, ..WatchRules::of_level(&AreaLevel::High) };
        let operator = Levels::from([(AreaLevel::High, every(15))]);
        let pack = Levels::from([(AreaLevel::High, every(20)), (AreaLevel::Extreme, every(10))]);
        let interval = |level: &AreaLevel| rules_of(level, &operator, &pack).interval;
        assert_eq!([&AreaLevel::High, &AreaLevel::Extreme, &AreaLevel::Low].map(interval), [15, 10, 60]);
        assert_eq!(rules_of(&AreaLevel::High, &Levels::new(), &pack).interval, 20);
    }
}
