//! Whether what has to be looked at before a movement was: the checklists of its vehicles, its people and itself.

use crate::event::{EventId, Kind, KnownCheck, Plan, Stamp};
use crate::guidance::Checklist;
use crate::spelling::folded;
use crate::view::Chain;
use crate::view::chain::{Item, newest_first};

use super::DAY_MS;

/// One checklist of one of those that go.
#[derive(Debug, Clone, PartialEq)]
pub struct Check<'a> {
    pub list: &'a Checklist,
    /// The call sign, the person or the movement.
    pub name: String,
    pub state: CheckState<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CheckState<'a> {
    /// Nobody has.
    Missing,
    /// So long ago that it does not hold at the departure.
    Old(&'a Item),
    Done {
        item: &'a Item,
        /// How many points are not met; one that must be is not met either where it was passed over.
        gaps: usize,
        /// Whether one of them has to be met before anybody leaves.
        must: bool,
    },
}

impl CheckState<'_> {
    /// As a decision keeps it, see [`KnownCheck::state`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Old(_) => "old",
            Self::Done { gaps: 0, .. } => "clear",
            Self::Done { .. } => "gaps",
        }
    }
}

/// So many are kept with a decision: those of a dozen cars and their people.
const KEPT: usize = 60;

/// What a decision keeps of them, and how many more there were. The crew reads it: what people were asked about themselves
/// is not in it.
pub fn known_checks(all: &[Check<'_>]) -> (Vec<KnownCheck>, u32) {
    let keep = |check: &Check<'_>| KnownCheck {
        checklist: check.list.id.clone(),
        name: check.name.clone(),
        state: check.state.code().to_owned(),
        record: check.item().map(|item| item.id),
    };
    let mut kept: Vec<KnownCheck> = all.iter().filter(|check| check.list.of != "person").map(keep).collect();
    let more = kept.len().saturating_sub(KEPT);
    kept.truncate(KEPT);
    (kept, u32::try_from(more).unwrap_or(u32::MAX))
}

impl Check<'_> {
    /// Whether nothing is left to do about it.
    pub fn is_clear(&self) -> bool {
        matches!(self.state, CheckState::Done { gaps: 0, .. })
    }

    pub fn item(&self) -> Option<&Item> {
        match self.state {
            CheckState::Missing => None,
            CheckState::Old(item) | CheckState::Done { item, .. } => Some(item),
        }
    }
}

/// Every checklist of this movement: those about movements, about each of its vehicles and about each of its people; what
/// is not clear first. Exercises are seen by exercises only.
pub fn checks<'a>(
    chain: &'a Chain,
    lists: &'a [Checklist],
    plan: &Plan,
    movement: EventId,
    exercise: bool,
) -> Vec<Check<'a>> {
    let done = |item: &&Item| item.form.kind == Kind::ChecklistCompleted && item.exercise == exercise;
    let mut items: Vec<&Item> = chain.items().filter(done).collect();
    newest_first(&mut items);
    let mut all = vec![];
    for list in lists {
        for (name, other) in who(list, plan) {
            let same = |item: &&&Item| {
                item.now.text("checklist") == Some(list.id.as_str())
                    && match list.of.as_str() {
                        "movement" => item.now.movement() == Some(movement),
                        "vehicle" => is_vehicle(item, &name, other.as_deref(), movement),
                        _ => is_about(item, &name),
                    }
            };
            let state =
                items.iter().find(same).map_or(CheckState::Missing, |item| state(list, item, plan.depart));
            all.push(Check { list, name, state });
        }
    }
    crate::order::sort_by_key(&mut all, Check::is_clear);
    all
}

/// Whom or what of the plan a checklist is about: a name, and another for the same.
fn who(list: &Checklist, plan: &Plan) -> Vec<(String, Option<String>)> {
    match list.of.as_str() {
        "movement" => vec![(plan.name.clone(), None)],
        "vehicle" => plan.vehicles.iter().map(|own| (own.call_sign.clone(), own.plate.clone())).collect(),
        "person" => {
            let mut names: Vec<String> = vec![];
            for person in plan.people() {
                if !person.name.is_empty() && names.iter().all(|name| folded(name) != folded(&person.name)) {
                    names.push(person.name.clone());
                }
            }
            names.into_iter().map(|name| (name, None)).collect()
        }
        _ => vec![],
    }
}

/// By its plate wherever it was looked at; by its call sign, which another car bears in another convoy, in this movement or
/// where it was looked at by itself.
fn is_vehicle(item: &Item, call_sign: &str, plate: Option<&str>, movement: EventId) -> bool {
    let here = item.now.movement().is_none_or(|own| own == movement);
    plate.is_some_and(|plate| is_about(item, plate)) || here && is_about(item, call_sign)
}

fn is_about(item: &Item, name: &str) -> bool {
    item.now.text("name").is_some_and(|own| folded(own) == folded(name))
}

fn state<'a>(list: &Checklist, item: &'a Item, depart: Stamp) -> CheckState<'a> {
    if depart.ms_since(item.happened()) > i64::from(list.days) * DAY_MS {
        return CheckState::Old(item);
    }
    let (gaps, met) = (item.now.list("gaps"), item.now.list("met"));
    let unmet = |code: &str| gaps.contains(&code) || list.is_must(code) && !met.contains(&code);
    let open: Vec<&str> =
        list.items.iter().map(|item| item.code.as_str()).filter(|code| unmet(code)).collect();
    // Codes of another pack are gaps all the same.
    let foreign = gaps.iter().filter(|code| !open.contains(code)).count();
    CheckState::Done { item, gaps: open.len() + foreign, must: open.iter().any(|code| list.is_must(code)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::guidance::CheckItem;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn list(id: &str, of: &str, days: u32) -> Checklist {
        let items = vec![
            CheckItem { code: "tyres".to_owned(), must: true },
            CheckItem { code: "lights".to_owned(), must: false },
        ];
        Checklist { id: id.to_owned(), of: of.to_owned(), days, items, ..Checklist::default() }
    }

    fn write(chain: &mut Chain, n: u64, data: &serde_json::Value) {
        let mut data = data.clone();
        data["title"] = "T".into();
        data["subject"] = "vehicle".into();
        let event = build::unsaved("amina", n, build::filled("checklist", &data)).into_event(n);
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
    }

    fn other() -> EventId {
        EventId::new(1, [9; 10])
    }

    fn states(chain: &Chain, lists: &[Checklist], movement: EventId) -> Vec<String> {
        let plan = build::plan();
        let all = checks(chain, lists, &plan, movement, false);
        all.iter().map(|check| format!("{} {} {}", check.list.id, check.name, check.state.code())).collect()
    }

    #[test]
    fn each_vehicle_person_and_the_movement_itself_has_its_checklists() {
        let mut chain = Chain::default();
        let lists = [list("car", "vehicle", 7), list("convoy", "movement", 1), list("house", "premises", 90)];
        let plan = build::plan();
        let movement =
            build::unsaved("amina", 1, build::filled("risk", &json!({"what": "x"}))).into_event(1).id;
        let (first, name) = (plan.vehicles[0].call_sign.clone(), plan.name.clone());
        let before = states(&chain, &lists, movement);
        assert!(before.contains(&format!("car {first} missing")), "{before:?}");
        assert!(before.contains(&format!("convoy {name} missing")));
        assert!(before.iter().all(|one| !one.starts_with("house")), "premises do not travel");

        write(
            &mut chain,
            1,
            &json!({"checklist": "car", "name": first.to_uppercase(), "met": ["tyres", "lights"]}),
        );
        write(
            &mut chain,
            2,
            &json!({"checklist": "convoy", "name": "x", "met": ["tyres"], "gaps": ["lights"], "movement": movement.to_string()}),
        );
        let after = states(&chain, &lists, movement);
        assert!(after.contains(&format!("car {first} clear")), "{after:?}");
        assert!(after.contains(&format!("convoy {name} gaps")), "{after:?}");
        assert!(after.last().unwrap().ends_with("clear"), "what is left to do stands first");
    }

    #[test]
    fn a_must_that_was_passed_over_and_the_same_call_sign_elsewhere_are_not_in_order() {
        let mut chain = Chain::default();
        let lists = [list("car", "vehicle", 7)];
        let name = build::plan().vehicles[0].call_sign.clone();
        let of = |chain: &Chain| {
            states(chain, &lists, other()).into_iter().find(|one| one.contains(&name)).unwrap()
        };
        let elsewhere = EventId::new(2, [3; 10]).to_string();
        write(
            &mut chain,
            1,
            &json!({"checklist": "car", "name": name, "met": ["tyres", "lights"], "movement": elsewhere}),
        );
        assert!(of(&chain).ends_with("missing"), "another convoy's car");
        write(
            &mut chain,
            2,
            &json!({"checklist": "car", "name": name, "met": ["lights"], "skipped": ["tyres"], "movement": other().to_string()}),
        );
        assert!(of(&chain).ends_with("gaps"), "a must that does not apply");
        write(
            &mut chain,
            3,
            &json!({"checklist": "car", "name": name, "met": ["tyres"], "skipped": ["lights"]}),
        );
        assert!(of(&chain).ends_with("clear"));
    }

    #[test]
    fn the_newest_counts_a_must_is_told_and_what_is_too_old_does_not_hold() {
        let mut chain = Chain::default();
        let lists = [list("car", "vehicle", 7)];
        let plan = build::plan();
        let name = &plan.vehicles[0].call_sign;
        write(
            &mut chain,
            1,
            &json!({"checklist": "car", "name": name, "gaps": ["tyres"], "happened": MORNING.to_string()}),
        );
        let find = |chain: &Chain| {
            let all = checks(chain, &lists, &plan, other(), false);
            let own = all.into_iter().find(|check| check.name == *name).unwrap();
            match own.state {
                CheckState::Done { gaps, must, .. } => format!("{gaps} {must}"),
                other => other.code().to_owned(),
            }
        };
        assert_eq!(find(&chain), "1 true");
        write(
            &mut chain,
            2,
            &json!({"checklist": "car", "name": name, "met": ["tyres"], "gaps": ["lights"], "happened": MORNING.plus_ms(1).to_string()}),
        );
        assert_eq!(find(&chain), "1 false");
        let mut chain = Chain::default();
        write(
            &mut chain,
            1,
            &json!({"checklist": "car", "name": name, "happened": MORNING.plus_ms(-8 * DAY_MS).to_string()}),
        );
        assert_eq!(find(&chain), "old");
        let all = checks(&chain, &lists, &plan, other(), true);
        assert!(all.iter().all(|check| check.state == CheckState::Missing), "an exercise sees its own only");
        assert_eq!(known_checks(&all).0[0].state, "missing");
        let person = [list("traveller", "person", 180)];
        let all = checks(&chain, &person, &plan, other(), false);
        assert!(!all.is_empty() && known_checks(&all).0.is_empty(), "the crew reads decisions");
    }
}
