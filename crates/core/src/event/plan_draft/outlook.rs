use super::{BETWEEN_NAMES, PlanDraft, VehicleDraft, names};
use crate::event::draft::Checks;
use crate::event::plan::minutes;
use crate::event::{MAX_HEADCOUNT, Person, Stamp, WatchRules};

/// How far a leg leads, as far as is typed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Stretch {
    /// Unknown after a leg without a time, until a night with a known end.
    pub arrival: Option<Stamp>,
    /// Kilometres from the departure; unknown after a leg without a distance.
    pub km: Option<f64>,
}

/// What two plans can differ in, as people speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPart {
    Name,
    Departure,
    Route,
    Vehicles,
    Means,
    Watch,
    /// What is done when something goes wrong, and under which clearance all of it stands.
    Precautions,
}

impl PlanDraft {
    /// How many people are named in it.
    pub fn named(&self) -> usize {
        let aboard: usize = self.vehicles.iter().map(|vehicle| names(&vehicle.people).count()).sum();
        aboard + names(&self.on_foot).count()
    }

    /// How many people go: as typed, else as many as are named.
    pub fn going(&self) -> usize {
        let typed = Checks::default().whole("headcount", &self.headcount, 1, MAX_HEADCOUNT);
        typed.and_then(|count| usize::try_from(count).ok()).unwrap_or_else(|| self.named())
    }

    /// How many vehicles are filled in.
    pub fn convoy(&self) -> usize {
        let empty = VehicleDraft::default();
        self.vehicles.iter().filter(|vehicle| **vehicle != empty).count()
    }

    /// The end of each leg, as far as what is typed so far can be read.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut leaving = self.depart;
        let mut km = Some(0.0);
        let mut all = Vec::with_capacity(self.legs.len());
        for leg in &self.legs {
            let mut lenient = Checks::default();
            let count = lenient.duration("time", &leg.time, super::parse::MAX_LEG_MIN);
            let arrival = leaving.zip(count).map(|(left, count)| left.plus_ms(minutes(count)));
            km = km.zip(lenient.number("km", &leg.km, 0, super::parse::MAX_LEG_KM)).map(|(a, b)| a + b);
            all.push(Stretch { arrival, km });
            leaving = leg.overnight_until.or(arrival);
        }
        all
    }

    /// When a check-in is due and how long is waited for it, with what is typed so far; `rules` are those of the level.
    pub fn watch_by(&self, rules: WatchRules) -> WatchRules {
        self.watch(&mut Checks::default(), rules)
    }

    /// People who are named nowhere in it and whose names hold what is being typed last in `field`.
    pub fn offered<'a>(&self, field: &str, people: &'a [Person], most: usize) -> Vec<&'a str> {
        let begun = begun(field).trim().to_lowercase();
        let listed = |list: &str, name: &str| names(list).any(|named| named.to_lowercase() == name);
        let free = |person: &&Person| {
            let name = person.name.to_lowercase();
            name.contains(&begun)
                && !listed(&self.on_foot, &name)
                && !self.vehicles.iter().any(|vehicle| listed(&vehicle.people, &name))
        };
        people.iter().filter(free).take(most).map(|person| person.name.as_str()).collect()
    }

    /// What `other` has in another way.
    pub fn differs(&self, other: &Self) -> Vec<PlanPart> {
        let same = [
            (PlanPart::Name, self.name == other.name && self.purpose == other.purpose),
            (PlanPart::Departure, self.depart == other.depart && self.from == other.from),
            (PlanPart::Route, self.legs == other.legs),
            (
                PlanPart::Vehicles,
                self.vehicles == other.vehicles
                    && self.on_foot == other.on_foot
                    && self.going() == other.going()
                    && self.leader == other.leader,
            ),
            (PlanPart::Means, self.means == other.means),
            (
                PlanPart::Watch,
                self.area_level == other.area_level
                    && self.interval == other.interval
                    && self.grace == other.grace,
            ),
            (
                PlanPart::Precautions,
                self.turnaround == other.turnaround
                    && self.no_go == other.no_go
                    && self.actions_on == other.actions_on
                    && self.contacts == other.contacts
                    && self.clearance == other.clearance
                    && self.notification == other.notification,
            ),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect()
    }
}

/// A list of names in which `name` stands in place of what is being typed last.
pub fn with_name(field: &str, name: &str) -> String {
    let kept = field.strip_suffix(begun(field)).unwrap_or_default().trim_end();
    let gap = if kept.is_empty() { "" } else { " " };
    format!("{kept}{gap}{name}, ")
}

fn begun(field: &str) -> &str {
    field.rsplit(BETWEEN_NAMES).next().unwrap_or_default()
}
