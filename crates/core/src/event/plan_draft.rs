use serde::{Deserialize, Serialize};

use super::draft::{Checks, FieldError, MAX_NAME, MAX_NOTE, Problem};
use super::{
    ActionOn, AreaLevel, Leg, MAX_HEADCOUNT, Means, Pace, Person, Place, Plan, Situation, Stamp, Vehicle,
    WatchRules,
};

/// The form of a plan while it is filled in; parses into [`Plan`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlanDraft {
    pub name: String,
    pub purpose: String,
    pub clearance: String,
    pub notification: String,
    pub area_level: AreaLevel,
    pub leader: String,
    pub vehicles: Vec<VehicleDraft>,
    /// Names, one a line or with commas.
    pub on_foot: String,
    pub headcount: String,
    pub depart: Option<Stamp>,
    pub from: PlaceDraft,
    pub legs: Vec<LegDraft>,
    pub turnaround: Option<Stamp>,
    /// One a line.
    pub no_go: String,
    /// Primary, alternate, contingency, emergency.
    pub means: [String; 4],
    /// One a line.
    pub contacts: String,
    /// In the order of [`Situation::ALL`].
    pub actions_on: [String; 5],
    /// Minutes as typed; empty for the default of the area's level.
    pub interval: String,
    pub grace: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceDraft {
    pub name: String,
    pub code_name: String,
    /// Known from an earlier plan; not typed.
    pub at: Option<(f64, f64)>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegDraft {
    pub to: PlaceDraft,
    pub road: String,
    pub km: String,
    /// Hours and minutes.
    pub time: String,
    pub medical: String,
    pub overnight_until: Option<Stamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VehicleDraft {
    pub call_sign: String,
    pub plate: String,
    /// Names, one a line or with commas: the driver, the navigator, the others.
    pub people: String,
}

impl Default for PlanDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            purpose: String::new(),
            clearance: String::new(),
            notification: String::new(),
            area_level: AreaLevel::Moderate,
            leader: String::new(),
            vehicles: vec![VehicleDraft::default()],
            on_foot: String::new(),
            headcount: String::new(),
            depart: None,
            from: PlaceDraft::default(),
            legs: vec![LegDraft::default()],
            turnaround: None,
            no_go: String::new(),
            means: Default::default(),
            contacts: String::new(),
            actions_on: Default::default(),
            interval: String::new(),
            grace: String::new(),
        }
    }
}

/// A leg of more than three days is a slip of the thumb.
const MAX_LEG_MIN: u32 = 72 * 60;
const MAX_LEG_KM: i64 = 5_000;
const MAX_INTERVAL_MIN: i64 = 12 * 60;
const MAX_GRACE_MIN: i64 = 120;
/// More would be no plan that anybody reads, and records have a size.
const MAX_ROWS: usize = 200;

impl PlanDraft {
    /// How many people are named in it.
    pub fn named(&self) -> usize {
        let aboard: usize = self.vehicles.iter().map(|vehicle| names(&vehicle.people).count()).sum();
        aboard + names(&self.on_foot).count()
    }

    /// Checks every field. `directory` are the people known in Waymark; `rules` those of an area level.
    ///
    /// # Errors
    /// Everything that is wrong, field by field and row by row.
    pub fn parse(
        &self,
        directory: &[Person],
        rules: &dyn Fn(&AreaLevel) -> WatchRules,
    ) -> Result<Plan, Vec<FieldError>> {
        let mut checks = Checks::default();
        let name = required(&mut checks, "name", &self.name);
        let from = place(&mut checks, "from", "from_code", &self.from);
        let legs = self.legs(&mut checks);
        let vehicles = self.vehicles(&mut checks, directory);
        let on_foot = people(&mut checks, "on_foot", &self.on_foot, directory);
        let headcount = self.headcount(&mut checks);
        let watch = self.watch(&mut checks, rules(&self.area_level));
        self.check_times(&mut checks);
        let plan = self.depart.map(|depart| Plan {
            name,
            purpose: checks.text("purpose", &self.purpose, MAX_NOTE),
            clearance: checks.text("clearance", &self.clearance, MAX_NAME),
            notification: checks.text("notification", &self.notification, MAX_NAME),
            area_level: self.area_level.clone(),
            leader: checks.text("leader", &self.leader, MAX_NAME).map(|name| known(name, directory)),
            vehicles,
            on_foot,
            headcount,
            depart,
            from,
            legs,
            turnaround: self.turnaround,
            no_go: lines(&mut checks, "no_go", &self.no_go),
            means: self.means(&mut checks),
            contacts: lines(&mut checks, "contacts", &self.contacts),
            actions_on: self.actions_on(&mut checks),
            watch,
        });
        checks.done(plan)
    }

    fn legs(&self, checks: &mut Checks) -> Vec<Leg> {
        let mut legs = vec![];
        for (row, draft) in self.legs.iter().enumerate().take(MAX_ROWS) {
            checks.row(Some(row));
            legs.push(Leg {
                to: place(checks, "to", "to_code", &draft.to),
                road: checks.text("road", &draft.road, MAX_NAME),
                km: checks.number("km", &draft.km, 0, MAX_LEG_KM),
                minutes: checks.duration("time", &draft.time, MAX_LEG_MIN),
                medical: checks.text("medical", &draft.medical, MAX_NAME),
                overnight_until: draft.overnight_until,
            });
        }
        checks.row(None);
        if self.legs.is_empty() {
            checks.fail("to", Problem::Required);
        }
        if self.legs.len() > MAX_ROWS {
            checks.fail("to", Problem::TooLong { max: MAX_ROWS });
        }
        legs
    }

    fn vehicles(&self, checks: &mut Checks, directory: &[Person]) -> Vec<Vehicle> {
        let mut vehicles: Vec<Vehicle> = vec![];
        let empty = VehicleDraft::default();
        let rows = self.vehicles.iter().enumerate().take(MAX_ROWS);
        for (row, draft) in rows.filter(|(_, draft)| **draft != empty) {
            checks.row(Some(row));
            let call_sign = required(checks, "call_sign", &draft.call_sign);
            if vehicles.iter().any(|other| other.call_sign == call_sign) {
                checks.fail("call_sign", Problem::Repeated);
            }
            vehicles.push(Vehicle {
                call_sign,
                plate: checks.text("plate", &draft.plate, MAX_NAME),
                people: people(checks, "people", &draft.people, directory),
            });
        }
        checks.row(None);
        vehicles
    }

    /// As typed, else as many as are named; somebody has to go.
    fn headcount(&self, checks: &mut Checks) -> u32 {
        let typed = checks.whole("headcount", &self.headcount, 1, MAX_HEADCOUNT);
        let named = self.named();
        match typed {
            Some(count) => u32::try_from(count).unwrap_or_default(),
            None if named == 0 && self.headcount.trim().is_empty() => {
                checks.fail("headcount", Problem::Required);
                0
            }
            None => u32::try_from(named).unwrap_or(u32::MAX),
        }
    }

    fn watch(&self, checks: &mut Checks, rules: WatchRules) -> WatchRules {
        let typed =
            |count: Option<i64>, other| count.and_then(|count| u32::try_from(count).ok()).unwrap_or(other);
        let interval = typed(checks.whole("interval", &self.interval, 5, MAX_INTERVAL_MIN), rules.interval);
        let grace = typed(checks.whole("grace", &self.grace, 1, MAX_GRACE_MIN), rules.grace);
        WatchRules { interval, grace, prompt: rules.prompt.min(grace.saturating_sub(1)), ..rules }
    }

    fn check_times(&self, checks: &mut Checks) {
        let Some(depart) = self.depart else {
            checks.fail("depart", Problem::Required);
            return;
        };
        if self.turnaround.is_some_and(|turnaround| turnaround <= depart) {
            checks.fail("turnaround", Problem::WrongOrder);
        }
        let mut earliest = depart;
        for (row, leg) in self.legs.iter().enumerate() {
            if let Some(until) = leg.overnight_until {
                if until <= earliest {
                    checks.row(Some(row));
                    checks.fail("overnight_until", Problem::WrongOrder);
                    checks.row(None);
                }
                earliest = until;
            }
        }
    }

    fn means(&self, checks: &mut Checks) -> Vec<Means> {
        let mut all = vec![];
        for (row, (pace, raw)) in Pace::ALL.iter().zip(&self.means).enumerate() {
            checks.row(Some(row));
            all.extend(checks.text("means", raw, MAX_NAME).map(|text| Means { pace: pace.clone(), text }));
        }
        checks.row(None);
        all
    }

    fn actions_on(&self, checks: &mut Checks) -> Vec<ActionOn> {
        let mut all = vec![];
        for (row, (situation, raw)) in Situation::ALL.iter().zip(&self.actions_on).enumerate() {
            checks.row(Some(row));
            let text = checks.text("actions_on", raw, MAX_NOTE);
            all.extend(text.map(|text| ActionOn { situation: situation.clone(), text }));
        }
        checks.row(None);
        all
    }

    /// The form filled with an earlier plan, for a new movement: without its times.
    pub fn copy_of(plan: &Plan) -> Self {
        let again = |leg: &Leg| LegDraft { overnight_until: None, ..leg_draft(leg) };
        Self {
            depart: None,
            turnaround: None,
            legs: plan.legs.iter().map(again).collect(),
            clearance: String::new(),
            notification: String::new(),
            ..Self::of(plan)
        }
    }

    /// The form filled with the way of an earlier plan, for other people.
    pub fn route_of(plan: &Plan) -> Self {
        let other = Self::default();
        Self {
            name: String::new(),
            purpose: String::new(),
            leader: String::new(),
            vehicles: other.vehicles,
            on_foot: String::new(),
            headcount: String::new(),
            ..Self::copy_of(plan)
        }
    }

    /// The form filled with a plan, to revise it.
    pub fn of(plan: &Plan) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let rules = WatchRules::of_level(&plan.area_level);
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
        Self {
            name: plan.name.clone(),
            purpose: text(&plan.purpose),
            clearance: text(&plan.clearance),
            notification: text(&plan.notification),
            area_level: plan.area_level.clone(),
            leader: plan.leader.as_ref().map(|leader| leader.name.clone()).unwrap_or_default(),
            vehicles: plan.vehicles.iter().map(vehicle).collect(),
            on_foot: list(&plan.on_foot),
            headcount: plan.headcount.to_string(),
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
        }
    }
}

fn required(checks: &mut Checks, field: &'static str, raw: &str) -> String {
    let text = checks.text(field, raw, MAX_NAME);
    if text.is_none() {
        checks.fail(field, Problem::Required);
    }
    text.unwrap_or_default()
}

fn place(checks: &mut Checks, field: &'static str, code_field: &'static str, draft: &PlaceDraft) -> Place {
    Place {
        name: required(checks, field, &draft.name),
        code_name: checks.text(code_field, &draft.code_name, MAX_NAME),
        at: draft.at,
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

fn lines(checks: &mut Checks, field: &'static str, raw: &str) -> Vec<String> {
    checks
        .text(field, raw, MAX_NOTE)
        .iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Names as people list them, in any script.
fn names(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(['\n', ',', ';', '،', '؛']).map(str::trim).filter(|name| !name.is_empty())
}

fn list(people: &[Person]) -> String {
    people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn people(checks: &mut Checks, field: &'static str, raw: &str, directory: &[Person]) -> Vec<Person> {
    let text = checks.text(field, raw, MAX_NOTE).unwrap_or_default();
    let mut all = vec![];
    for name in names(&text) {
        if name.chars().count() > MAX_NAME {
            checks.fail(field, Problem::TooLong { max: MAX_NAME });
        }
        all.push(known(name.to_owned(), directory));
    }
    all
}

/// A name that two people share stands for neither of them.
fn known(name: String, directory: &[Person]) -> Person {
    let key = name.to_lowercase();
    let mut same = directory.iter().filter(|person| person.name.to_lowercase() == key);
    let user = match (same.next(), same.next()) {
        (Some(person), None) => person.user.clone(),
        _ => None,
    };
    Person { name, user }
}
