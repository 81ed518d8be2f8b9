use super::{PlaceDraft, PlanDraft, VehicleDraft, names};
use crate::event::draft::{Checks, FieldError, MAX_NAME, MAX_NOTE, Problem};
use crate::event::{
    ActionOn, AreaLevel, Leg, MAX_HEADCOUNT, Means, Pace, Person, Place, Plan, Situation, Stamp, Vehicle,
    WatchRules,
};

/// A leg of more than three days is a slip of the thumb.
pub(super) const MAX_LEG_MIN: u32 = 72 * 60;
pub(super) const MAX_LEG_KM: i64 = 5_000;
const MAX_INTERVAL_MIN: i64 = 12 * 60;
const MAX_GRACE_MIN: i64 = 120;
/// More would be no plan that anybody reads, and records have a size.
const MAX_ROWS: usize = 200;

impl PlanDraft {
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
        let plan = Plan {
            name: required(&mut checks, "name", &self.name),
            purpose: checks.text("purpose", &self.purpose, MAX_NOTE),
            from: place(&mut checks, "from", "from_code", &self.from),
            depart: self.depart(&mut checks),
            legs: self.legs(&mut checks),
            vehicles: self.vehicles(&mut checks, directory),
            on_foot: people(&mut checks, "on_foot", &self.on_foot, directory),
            headcount: self.headcount(&mut checks),
            leader: checks.text("leader", &self.leader, MAX_NAME).map(|name| Person::known(name, directory)),
            area_level: self.area_level.clone(),
            watch: self.watch(&mut checks, rules(&self.area_level)),
            means: self.means(&mut checks),
            turnaround: self.turnaround(&mut checks),
            no_go: lines(&mut checks, "no_go", &self.no_go),
            actions_on: self.actions_on(&mut checks),
            contacts: lines(&mut checks, "contacts", &self.contacts),
            clearance: checks.text("clearance", &self.clearance, MAX_NAME),
            notification: checks.text("notification", &self.notification, MAX_NAME),
        };
        self.check_nights(&mut checks, &plan);
        checks.done(Some(plan))
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
            let said_alike = |other: &Vehicle| other.call_sign.to_lowercase() == call_sign.to_lowercase();
            if !call_sign.is_empty() && vehicles.iter().any(said_alike) {
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

    pub(super) fn watch(&self, checks: &mut Checks, rules: WatchRules) -> WatchRules {
        let typed =
            |count: Option<i64>, other| count.and_then(|count| u32::try_from(count).ok()).unwrap_or(other);
        let interval = typed(checks.whole("interval", &self.interval, 5, MAX_INTERVAL_MIN), rules.interval);
        let grace = typed(checks.whole("grace", &self.grace, 1, MAX_GRACE_MIN), rules.grace);
        WatchRules { interval, grace, prompt: rules.prompt.min(grace.saturating_sub(1)), ..rules }
    }

    fn depart(&self, checks: &mut Checks) -> Stamp {
        if self.depart.is_none() {
            checks.fail("depart", Problem::Required);
        }
        self.depart.unwrap_or_default()
    }

    fn turnaround(&self, checks: &mut Checks) -> Option<Stamp> {
        let before_departure = |turnaround| self.depart.is_some_and(|depart| turnaround <= depart);
        if self.turnaround.is_some_and(before_departure) {
            checks.fail("turnaround", Problem::WrongOrder);
        }
        self.turnaround
    }

    /// A night ends after the arrival, and after all that comes before it.
    fn check_nights(&self, checks: &mut Checks, plan: &Plan) {
        let Some(mut latest) = self.depart else { return };
        for (row, (leg, arrival)) in plan.legs.iter().zip(plan.timetable().into_iter().skip(1)).enumerate() {
            latest = arrival.map_or(latest, |arrival| arrival.max(latest));
            if let Some(until) = leg.overnight_until {
                if until <= latest {
                    checks.row(Some(row));
                    checks.fail("overnight_until", Problem::WrongOrder);
                    checks.row(None);
                }
                latest = latest.max(until);
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

fn people(checks: &mut Checks, field: &'static str, raw: &str, directory: &[Person]) -> Vec<Person> {
    let text = checks.text(field, raw, MAX_NOTE).unwrap_or_default();
    let mut all = vec![];
    for name in names(&text) {
        if name.chars().count() > MAX_NAME {
            checks.fail(field, Problem::TooLong { max: MAX_NAME });
        }
        all.push(Person::known(name.to_owned(), directory));
    }
    all
}
