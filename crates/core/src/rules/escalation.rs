//! The ladder: whom to turn to, and when the next (domain.md, overdue ladder; lone-worker practice).

use crate::event::{Party, Stamp, WatchRules, minutes};
use crate::rules::Role;

/// How far the ladder has been climbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Nothing is due.
    Quiet,
    /// Due this minute.
    Due,
    /// The traveller is prompted.
    Grace,
    /// The radio room tries every means.
    RadioRoom,
    /// Leader, other vehicles, destination, last waypoint.
    Convoy,
    Security,
    /// Crisis lead and central.
    Crisis,
    /// Every manager; cannot be switched off.
    Exhausted,
}

impl Stage {
    pub const ALL: [Self; 8] = [
        Self::Quiet,
        Self::Due,
        Self::Grace,
        Self::RadioRoom,
        Self::Convoy,
        Self::Security,
        Self::Crisis,
        Self::Exhausted,
    ];

    /// The stable word for tests and assistive tools (`data-overdue-stage`).
    pub fn code(self) -> &'static str {
        match self {
            Self::Quiet => "none",
            Self::Due => "0",
            Self::Grace => "1",
            Self::RadioRoom => "2",
            Self::Convoy => "3",
            Self::Security => "4",
            Self::Crisis => "5",
            Self::Exhausted => "exhausted",
        }
    }

    /// The number of the step, 0 to 6; `None` when nothing is due.
    pub fn number(self) -> Option<u8> {
        match self {
            Self::Quiet => None,
            Self::Due => Some(0),
            Self::Grace => Some(1),
            Self::RadioRoom => Some(2),
            Self::Convoy => Some(3),
            Self::Security => Some(4),
            Self::Crisis => Some(5),
            Self::Exhausted => Some(6),
        }
    }

    pub fn is_overdue(self) -> bool {
        self >= Self::RadioRoom
    }

    /// Whom this step turns to.
    pub fn parties(self) -> &'static [Party] {
        match self {
            Self::Quiet | Self::Due => &[],
            Self::Grace => &[Party::Traveller],
            Self::RadioRoom => &[Party::RadioRoom],
            Self::Convoy => &[Party::Leader, Party::OtherVehicles, Party::Destination, Party::LastWaypoint],
            Self::Security => &[Party::Security],
            Self::Crisis => &[Party::CrisisLead, Party::Central],
            Self::Exhausted => &[Party::EveryManager],
        }
    }

    /// The roles that are told when this step is reached, with those of the steps before.
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::Quiet | Self::Due | Self::Grace => &[],
            Self::RadioRoom | Self::Convoy => &[Role::Manager],
            Self::Security => &[Role::Manager, Role::Security],
            Self::Crisis | Self::Exhausted => &[Role::Manager, Role::Security, Role::Central],
        }
    }

    fn climbed(steps: i64) -> Self {
        match steps {
            ..=0 => Self::RadioRoom,
            1 => Self::Convoy,
            2 => Self::Security,
            3 => Self::Crisis,
            _ => Self::Exhausted,
        }
    }
}

/// Steps of the ladder between overdue and its end.
const STEPS: i64 = 4;
/// The number of the last step.
const END: u8 = 6;

fn calls_at_end(climbed: i64, step: i64, again: i64) -> u8 {
    let more = (climbed - STEPS * step).max(0) / again.max(1);
    END.saturating_add(u8::try_from(more).unwrap_or(u8::MAX))
}

/// The next step of the ladder, and when it comes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextStep {
    pub stage: Stage,
    pub at: Stamp,
}

/// One check-in that is due, and when people held the ladder by acting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    pub due: Stamp,
    pub rules: WatchRules,
    /// Moments at which somebody who is on it did something, in order.
    pub holds: Vec<Stamp>,
}

impl Ladder {
    /// The stage at `now`. Never falls as `now` rises.
    pub fn stage(&self, now: Stamp) -> Stage {
        if now < self.due {
            Stage::Quiet
        } else if now < self.prompted() {
            Stage::Due
        } else if now < self.overdue() {
            Stage::Grace
        } else {
            Stage::climbed(self.climbing(now) / self.step())
        }
    }

    /// What comes next if nothing happens; `None` at the end of the ladder.
    pub fn next(&self, now: Stamp) -> Option<NextStep> {
        let next = |stage, at| Some(NextStep { stage, at });
        match self.stage(now) {
            Stage::Quiet => next(Stage::Due, self.due),
            Stage::Due => next(Stage::Grace, self.prompted()),
            Stage::Grace => next(Stage::RadioRoom, self.overdue()),
            Stage::Exhausted => None,
            _ => {
                let climbed = self.climbing(now);
                let missing = self.step() - climbed % self.step();
                next(Stage::climbed(climbed / self.step() + 1), self.after(now, missing))
            }
        }
    }

    /// How often somebody has been called: the number of the step, and at the end of the ladder one more for each time
    /// that an acknowledgement would have held. Never falls as `now` rises.
    pub fn call(&self, now: Stamp) -> u8 {
        match self.stage(now).number() {
            None => 0,
            Some(number) if number < END => number,
            Some(_) => calls_at_end(self.climbing(now), self.step(), self.again()),
        }
    }

    /// At the end of the ladder: when everyone is called again.
    pub fn next_call(&self, now: Stamp) -> Option<Stamp> {
        (self.stage(now) == Stage::Exhausted).then(|| {
            let beyond = self.climbing(now) - STEPS * self.step();
            self.after(now, self.again() - beyond % self.again())
        })
    }

    fn again(&self) -> i64 {
        minutes(self.rules.hold).max(self.step())
    }

    /// When the check-in is overdue.
    pub fn overdue(&self) -> Stamp {
        self.due.plus_ms(minutes(self.rules.grace))
    }

    fn prompted(&self) -> Stamp {
        self.due.plus_ms(minutes(self.rules.prompt.min(self.rules.grace)))
    }

    fn step(&self) -> i64 {
        minutes(self.rules.step.max(1))
    }

    /// Spans in which the ladder stands still, in order and apart.
    fn still(&self) -> Vec<(Stamp, Stamp)> {
        let length = minutes(self.rules.hold);
        let mut spans: Vec<(Stamp, Stamp)> = vec![];
        for from in &self.holds {
            let (from, to) = ((*from).max(self.overdue()), from.plus_ms(length));
            match spans.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                _ if to > from => spans.push((from, to)),
                _ => {}
            }
        }
        spans
    }

    /// Milliseconds since it is overdue, without those in which the ladder stood still.
    fn climbing(&self, now: Stamp) -> i64 {
        let still: i64 = self.still().iter().map(|(from, to)| (*to).min(now).ms_since(*from).max(0)).sum();
        now.ms_since(self.overdue()) - still
    }

    /// The moment when `missing` more milliseconds of climbing have gone by.
    fn after(&self, now: Stamp, missing: i64) -> Stamp {
        let mut at = now.plus_ms(missing);
        for (from, to) in self.still() {
            if to > now && from < at {
                at = at.plus_ms(to.ms_since(from.max(now)));
            }
        }
        at
    }
}

/// Whom an emergency is told to at `now`, as long as nobody has taken it on: the managers at once, one step later
/// security, then central; every step again from then on.
pub fn alarm_stage(raised: Stamp, rules: WatchRules, now: Stamp) -> Stage {
    Stage::climbed(now.ms_since(raised).max(0) / minutes(rules.step.max(1)))
}

/// As [`Ladder::call`], for an emergency that nobody has taken on.
pub fn alarm_call(raised: Stamp, rules: WatchRules, now: Stamp) -> u8 {
    let step = minutes(rules.step.max(1));
    match alarm_stage(raised, rules, now).number() {
        Some(number) if number < END => number,
        _ => calls_at_end(now.ms_since(raised).max(0), step, minutes(rules.hold).max(step)),
    }
}

/// When somebody is called next.
pub fn alarm_next(raised: Stamp, rules: WatchRules, now: Stamp) -> Stamp {
    let step = minutes(rules.step.max(1));
    let gone = now.ms_since(raised).max(0);
    if gone < STEPS * step {
        return raised.plus_ms((gone / step + 1) * step);
    }
    let again = minutes(rules.hold).max(step);
    let beyond = gone - STEPS * step;
    raised.plus_ms(STEPS * step + (beyond / again + 1) * again)
}
