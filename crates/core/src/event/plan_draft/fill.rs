use super::{LegDraft, PlaceDraft, PlanDraft, VehicleDraft};
use crate::event::{Leg, Pace, Person, Place, Plan, Situation, Vehicle, WatchRules};

impl PlanDraft {
    /// The form filled with an earlier plan, for a new movement: without its times. `rules` are those of its area
    /// level now.
    pub fn copy_of(plan: &Plan, rules: &WatchRules) -> Self {
        let again = |leg: &Leg| LegDraft { overnight_until: None, ..leg_draft(leg) };
        Self {
            depart: None,
            turnaround: None,
            legs: plan.legs.iter().map(again).collect(),
            clearance: String::new(),
            notification: String::new(),
            ..Self::of(plan, rules)
        }
    }

    /// The form filled with the way of an earlier plan, for other people.
    pub fn route_of(plan: &Plan, rules: &WatchRules) -> Self {
        let other = Self::default();
        Self {
            name: String::new(),
            purpose: String::new(),
            leader: String::new(),
            vehicles: other.vehicles,
            on_foot: String::new(),
            headcount: String::new(),
            ..Self::copy_of(plan, rules)
        }
    }

    /// The form filled with a plan, to revise it. What is as usual by `rules`, those of its area level, stays empty,
    /// and so does a count that the names come to.
    pub fn of(plan: &Plan, rules: &WatchRules) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let own = |value: u32, usual: u32| if value == usual { String::new() } else { value.to_string() };
        let vehicle = |vehicle: &Vehicle| VehicleDraft {
            call_sign: vehicle.call_sign.clone(),
            plate: text(&vehicle.plate),
            people: list(&vehicle.people),
        };
        let means =
            |pace: &Pace| plan.means.iter().find(|means| means.pace == *pace).map(|means| means.text.clone());
        let action = |situation: &Situation| {
            let action = plan.actions_on.iter().find(|action| action.situation == *situation);
            action.map(|action| action.text.clone())
        };
        let draft = Self {
            name: plan.name.clone(),
            purpose: text(&plan.purpose),
            clearance: text(&plan.clearance),
            notification: text(&plan.notification),
            area_level: plan.area_level.clone(),
            leader: plan.leader.as_ref().map(|leader| leader.name.clone()).unwrap_or_default(),
            vehicles: plan.vehicles.iter().map(vehicle).collect(),
            on_foot: list(&plan.on_foot),
            headcount: String::new(),
            depart: Some(plan.depart),
            from: place_draft(&plan.from),
            legs: plan.legs.iter().map(leg_draft).collect(),
            turnaround: plan.turnaround,
            no_go: plan.no_go.join("\n"),
            means: [0, 1, 2, 3].map(|at| Pace::ALL.get(at).and_then(means).unwrap_or_default()),
            contacts: plan.contacts.join("\n"),
            actions_on: [0, 1, 2, 3, 4].map(|at| Situation::ALL.get(at).and_then(action).unwrap_or_default()),
            interval: own(plan.watch.interval, rules.interval),
            grace: own(plan.watch.grace, rules.grace),
            exercise: false,
        };
        let counted = usize::try_from(plan.headcount) != Ok(draft.named());
        Self { headcount: if counted { plan.headcount.to_string() } else { String::new() }, ..draft }
    }
}

fn place_draft(place: &Place) -> PlaceDraft {
    let code_name = place.code_name.clone().unwrap_or_default();
    PlaceDraft { name: place.name.clone(), code_name, at: place.at }
}

fn leg_draft(leg: &Leg) -> LegDraft {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    LegDraft {
        to: place_draft(&leg.to),
        road: text(&leg.road),
        km: leg.km.map(|km| km.to_string()).unwrap_or_default(),
        time: leg.minutes.map(|count| format!("{}:{:02}", count / 60, count % 60)).unwrap_or_default(),
        medical: text(&leg.medical),
        overnight_until: leg.overnight_until,
    }
}

fn list(people: &[Person]) -> String {
    people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
}
