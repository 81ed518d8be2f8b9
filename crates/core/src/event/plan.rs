use serde::Serialize;

use super::code_list::code_list;
use super::{Stamp, UserId};
use crate::{json_serialize, json_struct};

code_list! {
    /// How dangerous an area is (United Nations Security Level System).
    AreaLevel {
        Minimal = "minimal",
        Low = "low",
        Moderate = "moderate",
        Substantial = "substantial",
        High = "high",
        Extreme = "extreme",
    }
}

impl AreaLevel {
    /// As people say it, 1 to 6 (UN SLS); `None` for a level of a newer version.
    pub fn figure(&self) -> Option<u8> {
        let at = Self::ALL.iter().position(|level| level == self)?;
        u8::try_from(at + 1).ok()
    }
}

code_list! {
    /// The order in which means of communication are tried.
    Pace {
        Primary = "primary",
        Alternate = "alternate",
        Contingency = "contingency",
        Emergency = "emergency",
    }
}

code_list! {
    /// What a convoy has agreed to do when something happens (domain.md, movement).
    Situation {
        Breakdown = "breakdown",
        Separation = "separation",
        Checkpoint = "checkpoint",
        Attack = "attack",
        Accident = "accident",
    }
}

/// Above this many vehicles a convoy is hard to keep together (UN radio manual 2007; domain.md).
pub const MANY_VEHICLES: usize = 6;
/// Above this many it should be split.
pub const TOO_MANY_VEHICLES: usize = 10;

/// What a movement is meant to be: who goes where, when, with what, and when somebody is to worry.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What it is called on the radio and on the board.
    pub name: String,
    pub purpose: Option<String>,
    /// Who cleared it, and under which reference.
    pub clearance: Option<String>,
    /// The reference of a humanitarian notification, which is not a protection.
    pub notification: Option<String>,
    pub area_level: AreaLevel,
    pub leader: Option<Person>,
    /// In the order in which they drive; none for people on foot.
    pub vehicles: Vec<Vehicle>,
    /// People who are not in one of the vehicles.
    pub on_foot: Vec<Person>,
    /// How many people there are, named or not.
    pub headcount: u32,
    pub depart: Stamp,
    pub from: Place,
    pub legs: Vec<Leg>,
    /// Whoever has not arrived by then turns back.
    pub turnaround: Option<Stamp>,
    /// What calls the movement off.
    pub no_go: Vec<String>,
    pub means: Vec<Means>,
    pub contacts: Vec<String>,
    pub actions_on: Vec<ActionOn>,
    /// The rules of the watch as they stood when it was planned, so that everyone comes to one verdict.
    pub watch: WatchRules,
}

json_struct! {
    Plan:
        required [name, area_level, headcount, depart, from, watch]
        listed [vehicles, legs]
        optional [
            purpose, clearance, notification, leader, on_foot, turnaround, no_go, means, contacts,
            actions_on,
        ]
}

/// When somebody is to worry, and how soon the next. All in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct WatchRules {
    /// Between two check-ins.
    pub interval: u32,
    /// From the moment a check-in was due until it is overdue.
    pub grace: u32,
    /// From due until the traveller is prompted; within the grace.
    pub prompt: u32,
    /// Between two steps of the ladder as long as nobody is on it.
    pub step: u32,
    /// How long an acknowledgement holds the ladder if nothing more is heard from whoever gave it.
    pub hold: u32,
}

json_struct!(WatchRules: required [interval, grace, prompt, step, hold]);

impl WatchRules {
    /// These rules, as far as a watch can be stretched: half a day between check-ins, two hours of grace.
    #[must_use]
    pub fn within_limits(self) -> Self {
        Self {
            interval: self.interval.min(12 * 60),
            grace: self.grace.min(120),
            prompt: self.prompt.min(120),
            step: self.step.clamp(1, 60),
            hold: self.hold.min(240),
        }
    }

    /// Our defaults by the level of the area: the standard interval and grace of domain.md, closer where it is worse.
    pub fn of_level(level: &AreaLevel) -> Self {
        let rules = Self { interval: 60, grace: 10, prompt: 2, step: 5, hold: 30 };
        match level {
            AreaLevel::High => Self { interval: 30, grace: 5, hold: 20, ..rules },
            AreaLevel::Extreme => Self { interval: 30, grace: 5, step: 3, hold: 15, ..rules },
            _ => rules,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub name: String,
    /// Who that is in Waymark, if the planner knew: their phone is shown the movement.
    pub user: Option<UserId>,
}

impl Person {
    /// Who that is in the directory. A name that two people share stands for neither of them; and people, unlike places,
    /// are no others for a letter less.
    pub fn known(name: String, directory: &[Self]) -> Self {
        let key = name.trim().to_lowercase();
        let mut same = directory.iter().filter(|person| person.name.to_lowercase() == key);
        let user = match (same.next(), same.next()) {
            (Some(person), None) => person.user.clone(),
            _ => None,
        };
        Self { name, user }
    }
}

json_struct!(Person: required [name] optional [user]);

/// One vehicle; the first person drives, the second navigates.
#[derive(Debug, Clone, PartialEq)]
pub struct Vehicle {
    pub call_sign: String,
    pub plate: Option<String>,
    pub people: Vec<Person>,
}

json_struct!(Vehicle: required [call_sign] optional [plate, people]);

#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub name: String,
    /// What it is called on an open channel.
    pub code_name: Option<String>,
    /// WGS 84 degrees: latitude, longitude.
    pub at: Option<(f64, f64)>,
}

json_struct!(Place: required [name] optional [code_name, at]);

/// The way to the next place.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    pub to: Place,
    pub road: Option<String>,
    /// Kilometres.
    pub km: Option<f64>,
    /// How long it is expected to take.
    pub minutes: Option<u32>,
    /// Where to get medical help on or after this leg.
    pub medical: Option<String>,
    /// They stay the night at its end and go on then.
    pub overnight_until: Option<Stamp>,
}

json_struct!(Leg: required [to] optional [road, km, minutes, medical, overnight_until]);

#[derive(Debug, Clone, PartialEq)]
pub struct Means {
    pub pace: Pace,
    /// With number, channel or call sign.
    pub text: String,
}

json_struct!(Means: required [pace, text]);

#[derive(Debug, Clone, PartialEq)]
pub struct ActionOn {
    pub situation: Situation,
    pub text: String,
}

json_struct!(ActionOn: required [situation, text]);
json_serialize!(Plan, Person, Vehicle, Place, Leg, Means, ActionOn);

const MINUTE_MS: i64 = 60_000;

/// Minutes as milliseconds.
pub(crate) fn minutes(count: u32) -> i64 {
    i64::from(count) * MINUTE_MS
}

impl Plan {
    /// Everyone it names.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        let aboard = self.vehicles.iter().flat_map(|vehicle| &vehicle.people);
        self.leader.iter().chain(aboard).chain(&self.on_foot)
    }

    /// Those of them who are known in Waymark, each once.
    pub fn crew(&self) -> Vec<UserId> {
        let mut users: Vec<_> = self.people().filter_map(|person| person.user.clone()).collect();
        crate::order::sort(&mut users);
        users.dedup();
        users
    }

    /// The places in order, the departure first.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        std::iter::once(&self.from).chain(self.legs.iter().map(|leg| &leg.to))
    }

    pub fn destination(&self) -> &Place {
        self.legs.last().map_or(&self.from, |leg| &leg.to)
    }

    /// When each place is to be reached; unknown after a leg without a time, until a night with a known end.
    pub fn timetable(&self) -> Vec<Option<Stamp>> {
        let mut leaving = Some(self.depart);
        let mut times = vec![leaving];
        for leg in &self.legs {
            let arriving = leaving.zip(leg.minutes).map(|(left, count)| left.plus_ms(minutes(count)));
            times.push(arriving);
            leaving = leg.overnight_until.or(arriving);
        }
        times
    }

    /// Kilometres of each place from the departure; unknown after a leg without a distance.
    pub fn distances(&self) -> Vec<Option<f64>> {
        let mut km = Some(0.0);
        let mut all = vec![km];
        for leg in &self.legs {
            km = km.zip(leg.km).map(|(so_far, leg)| so_far + leg);
            all.push(km);
        }
        all
    }
}

/// Fewer digits are a channel or a frequency.
const NUMBER_DIGITS: usize = 7;

impl Means {
    /// As [`number_in`].
    pub fn number(&self) -> Option<String> {
        number_in(&self.text)
    }
}

/// The first telephone number in a text, as a link takes it, if there seems to be one; in any script's digits.
pub fn number_in(text: &str) -> Option<String> {
    let text = super::western(text);
    let part_of_one = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '(' | ')' | '\u{a0}');
    let bare = |run: &str| run.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>();
    let mut runs = text.split(|c: char| !part_of_one(c)).map(bare);
    runs.find(|run| {
        run.len() - usize::from(run.starts_with('+')) >= NUMBER_DIGITS
            && run.rfind('+').is_none_or(|at| at == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_can_be_called() {
        for (text, number) in [
            ("Satellite phone +8816 234-56 789", Some("+881623456789")),
            ("Moussa, (235) 66 12 34 56", Some("23566123456")),
            ("٠٦٦١٢٣٤٥٦", Some("066123456")),
            ("66000001 / 66000002", Some("66000001")),
            ("Delta 112", None),
            ("HF 5.300 USB, “Mike 2”", None),
            ("VHF 156.800 or 160.250", None),
            ("", None),
        ] {
            let means = Means { pace: Pace::Primary, text: text.to_owned() };
            assert_eq!(means.number().as_deref(), number, "{text}");
        }
    }
}
