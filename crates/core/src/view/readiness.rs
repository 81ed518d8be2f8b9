//! How ready people and plans are: training that holds or runs out, plans that were practised or wait for it.

use std::collections::HashSet;

use crate::event::{Kind, Stamp};
use crate::guidance::Contingency;
use crate::order;
use crate::spelling::folded;
use crate::view::Chain;
use crate::view::chain::{Item, newest_first};

pub(super) const DAY_MS: i64 = 86_400_000;
/// So long before it runs out somebody has to see to it.
const SOON_MS: i64 = 60 * DAY_MS;

/// How something stands that has to be done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Never done, or past its day.
    Overdue,
    /// Within two months, or the last quarter of its time where that is shorter.
    Soon,
    Good,
}

impl Standing {
    pub fn code(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Good => "good",
        }
    }

    /// Of what is done again after so many days.
    pub(super) fn of(until: Stamp, now: Stamp, days: u32) -> Self {
        Self::within(until, now, SOON_MS.min(i64::from(days) * DAY_MS / 4))
    }

    fn within(until: Stamp, now: Stamp, soon: i64) -> Self {
        match until.ms_since(now) {
            left if left < 0 => Self::Overdue,
            left if left < soon => Self::Soon,
            _ => Self::Good,
        }
    }
}

/// The last training of somebody in one course; one that has no end holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Trained<'a> {
    pub item: &'a Item,
    pub standing: Standing,
}

/// The latest training of each person in each course, what runs out first at the top; exercises left out.
pub fn trained(chain: &Chain, now: Stamp) -> Vec<Trained<'_>> {
    let mut items: Vec<&Item> = of_kind(chain, &Kind::TrainingRecorded);
    newest_first(&mut items);
    let mut seen: HashSet<(String, String)> = HashSet::new();
    let mut all = vec![];
    for item in items {
        // Two of one name are two, as far as that is known.
        let who = item.now.person("person").map(|person| match person.user {
            Some(user) => format!("user {user}"),
            None => folded(&person.name),
        });
        if !seen.insert((who.unwrap_or_default(), item.now.text("course").unwrap_or_default().to_owned())) {
            continue;
        }
        let until = item.now.moment("expires");
        let standing = until.map_or(Standing::Good, |until| Standing::within(until, now, SOON_MS));
        all.push(Trained { item, standing });
    }
    order::sort_by_key(&mut all, |one| {
        (one.standing, one.item.now.moment("expires").is_none(), one.item.now.moment("expires"))
    });
    all
}

/// A contingency plan and when it was last practised.
#[derive(Debug, Clone, PartialEq)]
pub struct Practised<'a> {
    pub plan: &'a Contingency,
    pub last: Option<&'a Item>,
    pub standing: Standing,
}

/// Every plan, those that wait for a drill first.
pub fn practised<'a>(chain: &'a Chain, plans: &'a [Contingency], now: Stamp) -> Vec<Practised<'a>> {
    let mut drills: Vec<&Item> = of_kind(chain, &Kind::DrillHeld);
    newest_first(&mut drills);
    let mut all = vec![];
    for plan in plans {
        let last = drills.iter().copied().find(|item| item.now.text("plan") == Some(plan.id.as_str()));
        let until = last.map(|item| item.happened().plus_ms(i64::from(plan.drill) * DAY_MS));
        let standing = until.map_or(Standing::Overdue, |until| Standing::of(until, now, plan.drill));
        all.push(Practised { plan, last, standing });
    }
    order::sort_by_key(&mut all, |one| (one.standing, one.plan.id.clone()));
    all
}

/// A drill is practice by itself, but one within an exercise of the app is not a drill that was held.
pub(super) fn of_kind<'a>(chain: &'a Chain, kind: &Kind) -> Vec<&'a Item> {
    chain.items().filter(|item| item.form.kind == *kind && !item.exercise).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &serde_json::Value) {
        let event = build::unsaved("amina", n, build::filled(form, data)).into_event(n);
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
    }

    fn day(days: i64) -> String {
        MORNING.plus_ms(days * DAY_MS).to_string()
    }

    #[test]
    fn the_latest_training_of_each_person_and_course_counts() {
        let mut chain = Chain::default();
        let of = |name: &str, course: &str, happened: i64, expires: Option<i64>| {
            let mut data = json!({"person": {"name": name}, "course": course, "happened": day(happened)});
            if let Some(expires) = expires {
                data["expires"] = day(expires).into();
            }
            data
        };
        write(&mut chain, 1, "training", &of("Idriss", "first_aid", -900, Some(-170)));
        write(&mut chain, 2, "training", &of("idriss", "first_aid", -10, Some(700)));
        write(&mut chain, 3, "training", &of("Hawa", "first_aid", -700, Some(20)));
        write(&mut chain, 4, "training", &of("Hawa", "driving", -700, Some(-1)));
        write(&mut chain, 5, "training", &of("Hawa", "radio", -700, None));
        let all = trained(&chain, MORNING);
        let told: Vec<_> = all
            .iter()
            .map(|one| {
                let person = one.item.now.person("person").unwrap().name;
                format!("{person} {} {}", one.item.now.text("course").unwrap(), one.standing.code())
            })
            .collect();
        assert_eq!(
            told,
            ["Hawa driving overdue", "Hawa first_aid soon", "idriss first_aid good", "Hawa radio good"]
        );
    }

    #[test]
    fn a_plan_that_nobody_has_practised_in_time_is_overdue() {
        let mut chain = Chain::default();
        let plan = |id: &str| Contingency { id: id.to_owned(), drill: 180, ..Contingency::default() };
        let plans = [plan("evacuation"), plan("hibernation"), plan("relocation"), plan("abduction")];
        let held = |plan: &str, days: i64| {
            json!({
                "plan": plan, "title": plan, "name": "Abéché", "drill_kind": "live", "result": "partly",
                "lessons": "Keys", "happened": day(days),
            })
        };
        write(&mut chain, 1, "drill", &held("evacuation", -10));
        write(&mut chain, 2, "drill", &held("hibernation", -150));
        write(&mut chain, 3, "drill", &held("relocation", -200));
        let all = practised(&chain, &plans, MORNING);
        let told: Vec<_> = all.iter().map(|one| format!("{} {}", one.plan.id, one.standing.code())).collect();
        assert_eq!(told, ["abduction overdue", "relocation overdue", "hibernation soon", "evacuation good"]);
    }
}
