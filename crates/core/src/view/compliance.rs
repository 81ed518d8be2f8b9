//! What an organisation asks of premises, vehicles, people and plans: what holds, what runs out, what is missing, by area.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::chain::{Item, Status, newest_first};
use super::readiness::{DAY_MS, Standing, of_kind, trained};
use crate::event::{Kind, Stamp};
use crate::guidance::{Checklist, Contingency};
use crate::order;
use crate::spelling::folded;
use crate::view::Chain;

/// A checklist of one house, car or person, as it was gone through last.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked<'a> {
    pub list: &'a Checklist,
    pub item: &'a Item,
    /// For as long as the list says.
    pub standing: Standing,
    pub gaps: usize,
}

/// What was gone through, what has run out first; that of movements is over with them.
pub fn checked<'a>(chain: &'a Chain, lists: &'a [Checklist], now: Stamp) -> Vec<Checked<'a>> {
    let mut items = of_kind(chain, &Kind::ChecklistCompleted);
    newest_first(&mut items);
    let mut seen: HashSet<(&str, String, String)> = HashSet::new();
    let mut all = vec![];
    for item in items {
        let id = item.now.text("checklist").unwrap_or_default();
        let Some(list) = lists.iter().find(|list| list.id == id && list.of != "movement") else { continue };
        if !seen.insert(thing(item)) {
            continue;
        }
        let until = item.happened().plus_ms(i64::from(list.days) * DAY_MS);
        let standing = Standing::of(until, now, list.days);
        let gaps = if is_put_right(chain, item) { 0 } else { item.now.list("gaps").len() };
        all.push(Checked { list, item, standing, gaps });
    }
    order::sort_by_key(&mut all, |one| (one.standing, one.gaps == 0, one.item.happened()));
    all
}

/// What somebody noticed to be missing and nobody has put right: no action that came of it is verified. The oldest first.
pub fn lacks(chain: &Chain) -> Vec<&Item> {
    let mut all = chain.of_form("lack");
    all.retain(|item| !is_put_right(chain, item));
    all.reverse();
    all
}

/// Whether there are actions that came of it, and each of them is verified.
fn is_put_right(chain: &Chain, item: &Item) -> bool {
    let mut actions = chain.out_of(item.id);
    actions.retain(|action| action.form.kind == Kind::ActionOpened);
    !actions.is_empty() && actions.iter().all(|action| matches!(action.status(), Status::Closed(_)))
}

/// Which house, car or person a checklist is of: an office of this name in one area is not that in another.
pub(crate) fn thing(item: &Item) -> (&str, String, String) {
    let text = |name| item.now.text(name).map(folded).unwrap_or_default();
    (item.now.text("checklist").unwrap_or_default(), text("name"), text("area"))
}

/// How one area stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AreaStands {
    /// As it is written in `areas`, or else first by name; empty where none is named.
    pub area: String,
    pub overdue: u32,
    pub soon: u32,
    pub good: u32,
    /// Points of checklists that are not met, and what was noticed besides.
    pub missing: u32,
}

impl AreaStands {
    fn count(&mut self, standing: Standing) {
        match standing {
            Standing::Overdue => self.overdue += 1,
            Standing::Soon => self.soon += 1,
            Standing::Good => self.good += 1,
        }
    }
}

/// Checklists, training and drills of each area, the area with the most that is overdue or missing first. `areas` are
/// those in which there should be some. In an area a plan is overdue that nobody has practised there, and the premises or the
/// vehicles are if nobody has ever gone through any of their checklists.
pub fn by_area(
    chain: &Chain,
    lists: &[Checklist],
    plans: &[Contingency],
    areas: &[String],
    now: Stamp,
) -> Vec<AreaStands> {
    let mut all: BTreeMap<String, AreaStands> = BTreeMap::new();
    for area in areas {
        own(&mut all, area);
    }
    let mut add = |item: &Item, change: &dyn Fn(&mut AreaStands)| {
        change(own(&mut all, item.now.text("area").unwrap_or_default()));
    };
    let mut begun: HashSet<(String, &str)> = HashSet::new();
    for one in checked(chain, lists, now) {
        begun.insert((one.item.now.text("area").map(folded).unwrap_or_default(), one.list.of.as_str()));
        add(one.item, &|own| {
            own.count(one.standing);
            own.missing += u32::try_from(one.gaps).unwrap_or(u32::MAX);
        });
    }
    for one in trained(chain, now) {
        add(one.item, &|own| own.count(one.standing));
    }
    for item in lacks(chain) {
        add(item, &|own| own.missing += 1);
    }
    let mut drills: HashMap<(String, &str), Stamp> = HashMap::new();
    for item in of_kind(chain, &Kind::DrillHeld) {
        let area = item.now.text("area").map(folded).unwrap_or_default();
        let last = drills.entry((area, item.now.text("plan").unwrap_or_default())).or_insert(item.happened());
        *last = (*last).max(item.happened());
    }
    for (key, own) in &mut all {
        for plan in plans {
            match drills.get(&(key.clone(), plan.id.as_str())) {
                Some(last) => {
                    own.count(Standing::of(last.plus_ms(i64::from(plan.drill) * DAY_MS), now, plan.drill));
                }
                None if !key.is_empty() => own.overdue += 1,
                None => {}
            }
        }
        let asked = ["premises", "vehicle"].iter().filter(|of| lists.iter().any(|list| list.of == **of));
        let never = asked.filter(|of| !begun.contains(&(key.clone(), **of))).count();
        if !key.is_empty() {
            own.overdue += u32::try_from(never).unwrap_or(u32::MAX);
        }
    }
    let mut all: Vec<AreaStands> = all.into_values().collect();
    order::sort_by_key(&mut all, |own| {
        (std::cmp::Reverse(own.overdue + own.missing), own.area.is_empty(), own.area.clone())
    });
    all
}

fn own<'a>(all: &'a mut BTreeMap<String, AreaStands>, name: &str) -> &'a mut AreaStands {
    let named = || AreaStands { area: name.trim().to_owned(), ..AreaStands::default() };
    all.entry(folded(name)).or_insert_with(named)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &Value) -> String {
        let event = build::unsaved("amina", n, build::filled(form, data)).into_event(n);
        let id = event.id.to_string();
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
        id
    }

    fn day(days: i64) -> String {
        MORNING.plus_ms(days * DAY_MS).to_string()
    }

    fn lists() -> Vec<Checklist> {
        let list = |id: &str, of: &str, days| Checklist {
            id: id.to_owned(),
            of: of.to_owned(),
            days,
            ..Checklist::default()
        };
        vec![list("house", "premises", 90), list("convoy", "movement", 1)]
    }

    fn house(name: &str, area: &str, days: i64, gaps: &[&str]) -> Value {
        json!({
            "title": "House", "checklist": "house", "subject": "premises", "name": name, "area": area,
            "gaps": gaps, "happened": day(days),
        })
    }

    #[test]
    fn each_house_counts_once_and_what_has_run_out_stands_first() {
        let mut chain = Chain::default();
        write(&mut chain, 1, "checklist", &house("Blue house", "East", -200, &["lock"]));
        write(&mut chain, 2, "checklist", &house("blue HOUSE", "East", -10, &[]));
        write(&mut chain, 3, "checklist", &house("Office", "West", -100, &["lock", "light"]));
        write(&mut chain, 4, "checklist", &house("Store", "West", -80, &[]));
        write(&mut chain, 5, "checklist", &house("Office", "East", -5, &[]));
        let lists = lists();
        let all = checked(&chain, &lists, MORNING);
        let told: Vec<_> = all
            .iter()
            .map(|one| (one.item.now.text("name").unwrap(), one.standing.code(), one.gaps))
            .collect();
        assert_eq!(
            told,
            [
                ("Office", "overdue", 2),
                ("Store", "soon", 0),
                ("blue HOUSE", "good", 0),
                ("Office", "good", 0)
            ]
        );
    }

    #[test]
    fn areas_are_told_apart_and_those_without_a_drill_are_behind() {
        let mut chain = Chain::default();
        write(&mut chain, 1, "checklist", &house("Office", "West", -100, &["lock", "light"]));
        write(&mut chain, 2, "checklist", &house("House", "east", -1, &[]));
        let held = json!({
            "plan": "fire", "title": "Fire", "name": "Office", "area": "East", "drill_kind": "live",
            "result": "partly", "lessons": "Keys", "happened": day(-1),
        });
        write(&mut chain, 3, "drill", &held);
        let trained = json!({"person": {"name": "Hawa"}, "course": "radio", "happened": day(-1)});
        write(&mut chain, 4, "training", &trained);
        let plans = [Contingency { id: "fire".to_owned(), drill: 180, ..Contingency::default() }];
        let areas = ["West".to_owned(), "South".to_owned()];
        let all = by_area(&chain, &lists(), &plans, &areas, MORNING);
        let told: Vec<_> =
            all.iter().map(|own| (own.area.as_str(), own.overdue, own.soon, own.good, own.missing)).collect();
        assert_eq!(
            told,
            [("West", 2, 0, 0, 2), ("South", 2, 0, 0, 0), ("east", 0, 0, 2, 0), ("", 0, 0, 1, 0)]
        );
    }

    #[test]
    fn what_is_missing_stays_until_an_action_is_verified() {
        let mut chain = Chain::default();
        let id = write(&mut chain, 1, "lack", &json!({"what": "No first aid kit in K2", "area": "East"}));
        assert_eq!(lacks(&chain).len(), 1);
        let action = json!({
            "of": id, "action": "protection_upgrade", "what": "Buy one", "owner": {"name": "Hawa", "user": "hawa"},
            "due": day(3),
        });
        let action = write(&mut chain, 2, "action", &action);
        write(&mut chain, 3, "done", &json!({"record": action, "evidence": "Receipt"}));
        assert_eq!(lacks(&chain).len(), 1, "nobody has looked");
        assert_eq!(by_area(&chain, &[], &[], &[], MORNING)[0].missing, 1);
        let event = build::unsaved(
            "idriss",
            4,
            build::filled("verified", &json!({"record": action, "holds": "yes"})),
        );
        let arrived = build::arrived(event.into_event(4), 4, "Idriss");
        chain.take(Said::of(Report::of(&arrived).unwrap()).unwrap());
        let left = lacks(&chain).len();
        assert_eq!(left, 0);
    }
}
