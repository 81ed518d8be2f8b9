//! What is known along the way of a movement, leg by leg, before somebody decides on go or no-go.

use crate::event::{EventId, Kind, Known, KnownItem, KnownLeg, Place, Plan, Stamp};
use crate::geo::{distance, project};
use crate::order;
use crate::view::Chain;
use crate::view::chain::{Item, Status};

/// How far from the way, and how far back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub km: f64,
    /// Days back, for what communities say and for incidents.
    pub days: i64,
}

impl Default for Window {
    fn default() -> Self {
        Self { km: 30.0, days: 90 }
    }
}

/// What is known of one leg. All lists the newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Leg<'a> {
    pub from: String,
    pub to: String,
    /// Threats that nobody has closed, and those for the time of the movement first.
    pub threats: Vec<&'a Item>,
    /// What communities say, within the window.
    pub feedback: Vec<&'a Item>,
    /// Incidents of our own, within the window.
    pub incidents: Vec<&'a Item>,
    /// History from elsewhere, of any time.
    pub history: Vec<&'a Item>,
    /// Risk factors as they were last assessed.
    pub risks: Vec<&'a Item>,
    /// Open actions against those, and about the threats and incidents here.
    pub actions: Vec<&'a Item>,
    /// The latest observation of acceptance, and the one before it.
    pub acceptance: Vec<&'a Item>,
    /// The latest level that somebody gave the area.
    pub level: Option<&'a Item>,
}

/// All legs, and what cannot be located.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlook<'a> {
    pub legs: Vec<Leg<'a>>,
    /// Open threats without a place that is known here: they may be about any leg.
    pub unplaced: Vec<&'a Item>,
    /// Legs of which an end has no coordinates: what is near them is found by name only.
    pub by_name_only: usize,
}

const DAY_MS: i64 = 86_400_000;

/// What the chain knows along the way; exercises are seen by exercises only.
pub fn outlook<'a>(chain: &'a Chain, plan: &Plan, exercise: bool, now: Stamp, window: Window) -> Outlook<'a> {
    let wanted = |item: &&Item| item.exercise == exercise && concerns(item, now, window);
    let told: Vec<Told<'a>> = chain.items().filter(wanted).map(Told::of).collect();
    let places: Vec<&Place> = plan.places().collect();
    let mut outlook = Outlook::default();
    for pair in places.windows(2) {
        let [from, to] = pair else { continue };
        let near = Near::new(from, to, window.km);
        let mut here: Vec<&Item> = told.iter().filter(|told| near.has(told)).map(|told| told.item).collect();
        crate::view::chain::newest_first(&mut here);
        outlook.by_name_only += usize::from(from.at.is_none() || to.at.is_none());
        outlook.legs.push(leg(chain, &near, &here, plan));
    }
    let located = |id: EventId| outlook.legs.iter().any(|leg| leg.threats.iter().any(|item| item.id == id));
    // Those whose place is known, and elsewhere, are not about this way.
    let unplaced = |told: &&Told<'a>| {
        told.item.form.kind == Kind::ThreatReported && !told.is_placed && !located(told.item.id)
    };
    let mut unplaced: Vec<&Item> = told.iter().filter(unplaced).map(|told| told.item).collect();
    crate::view::chain::newest_first(&mut unplaced);
    outlook.unplaced = unplaced;
    outlook
}

/// Whether it is of a kind and a time that matters to whoever decides, wherever it is.
fn concerns(item: &Item, now: Stamp, window: Window) -> bool {
    let recent = now.ms_since(item.happened()) <= window.days * DAY_MS;
    match item.form.kind {
        Kind::ThreatReported => item.is_open(),
        Kind::CommunityHeard | Kind::CommunityConsulted => recent,
        Kind::IncidentReported => recent || item.is_external(),
        Kind::RiskAssessed | Kind::AcceptanceObserved | Kind::AreaRated => true,
        _ => false,
    }
}

/// An item with what says where it is, read once for all legs.
struct Told<'a> {
    item: &'a Item,
    /// In small letters.
    names: Vec<String>,
    /// Where it is near things: not the middle of a country or a region.
    at: Option<(f64, f64)>,
    is_placed: bool,
}

impl<'a> Told<'a> {
    fn of(item: &'a Item) -> Self {
        let spot = item.spot();
        let said = spot.as_ref().map(|spot| spot.name.as_str()).into_iter().chain(item.now.text("area"));
        let names = said.map(str::to_lowercase).collect();
        let vague = matches!(item.now.text("place_level"), Some("country" | "region"));
        let at = spot.and_then(|spot| spot.at);
        Self { item, names, at: at.filter(|_| !vague), is_placed: at.is_some() }
    }
}

fn leg<'a>(chain: &'a Chain, near: &Near<'_>, here: &[&'a Item], plan: &Plan) -> Leg<'a> {
    let mut leg = Leg { from: near.from.name.clone(), to: near.to.name.clone(), ..Leg::default() };
    for item in here {
        match item.form.kind {
            Kind::ThreatReported => leg.threats.push(item),
            Kind::CommunityHeard | Kind::CommunityConsulted => leg.feedback.push(item),
            Kind::IncidentReported if item.is_external() => leg.history.push(item),
            Kind::IncidentReported => leg.incidents.push(item),
            Kind::RiskAssessed if !is_reassessed(chain, item) => leg.risks.push(item),
            Kind::AcceptanceObserved if leg.acceptance.len() < 2 => leg.acceptance.push(item),
            Kind::AreaRated if leg.level.is_none() => leg.level = Some(item),
            _ => {}
        }
    }
    let day = |at: Stamp| (at.ms_since(plan.depart).abs()) / DAY_MS;
    order::sort_by_key(&mut leg.threats, |item| item.deadline().map_or(i64::MAX, day));
    let about = leg.risks.iter().chain(&leg.threats).chain(&leg.incidents);
    let mut actions = vec![];
    for item in about {
        for action in chain.out_of(item.id) {
            if action.form.kind == Kind::ActionOpened && action.status() == Status::Open {
                actions.push(action);
            }
        }
    }
    leg.actions = actions;
    leg
}

/// A later assessment was written out of it.
fn is_reassessed(chain: &Chain, item: &Item) -> bool {
    chain.out_of(item.id).iter().any(|other| other.form.kind == Kind::RiskAssessed)
}

/// The stretch between two places.
struct Near<'a> {
    from: &'a Place,
    to: &'a Place,
    /// What they are called, in small letters.
    names: [String; 2],
    km: f64,
}

impl<'a> Near<'a> {
    fn new(from: &'a Place, to: &'a Place, km: f64) -> Self {
        Self { from, to, names: [from, to].map(|place| place.name.trim().to_lowercase()), km }
    }

    fn has(&self, told: &Told<'_>) -> bool {
        if told.names.iter().any(|name| self.is_named(name)) {
            return true;
        }
        let Some(at) = told.at else { return false };
        match (self.from.at, self.to.at) {
            (Some(from), Some(to)) => project(from, to, at).1 <= self.km,
            (Some(one), None) | (None, Some(one)) => distance(one, at) <= self.km,
            (None, None) => false,
        }
    }

    /// Whether a text in small letters names one of the two places, alone or among other words.
    fn is_named(&self, text: &str) -> bool {
        let word = |c: char| !c.is_alphanumeric() && c != '\'' && c != '’' && c != '-';
        self.names.iter().any(|name| {
            let found = |at: usize| {
                let (before, after) =
                    (text[..at].chars().next_back(), text[at + name.len()..].chars().next());
                before.is_none_or(word) && after.is_none_or(word)
            };
            !name.is_empty() && text.match_indices(name.as_str()).any(|(at, _)| found(at))
        })
    }
}

impl Outlook<'_> {
    /// What a decision does not name, since it could harm whoever said it: whoever decides notes that they have seen it.
    pub fn unnamed(&self) -> Vec<EventId> {
        let mut all = vec![];
        for leg in &self.legs {
            for item in [&leg.threats, &leg.feedback, &leg.incidents].into_iter().flatten() {
                if item.is_sensitive() && !all.contains(&item.id) {
                    all.push(item.id);
                }
            }
        }
        all
    }

    /// What a decision keeps of it.
    pub fn known(&self, seen_as_of: Option<Stamp>, unsent: u32) -> Known {
        let mut legs = vec![];
        for leg in &self.legs {
            let level = leg.level.and_then(|item| item.now.text("level")).map(str::to_owned);
            let lists =
                [&leg.threats, &leg.feedback, &leg.incidents, &leg.risks, &leg.actions, &leg.acceptance];
            let mut items: Vec<KnownItem> = vec![];
            // The crew reads the decision: what could harm a source is not named in it.
            for item in lists.into_iter().flatten().filter(|item| !item.is_sensitive()) {
                items.push(KnownItem { id: item.id, form: item.form.name.to_owned(), open: item.is_open() });
            }
            // A record is at most 64 KiB.
            items.truncate(MOST_KEPT);
            legs.push(KnownLeg { from: leg.from.clone(), to: leg.to.clone(), level, items });
        }
        Known { seen_as_of, unsent, legs }
    }
}

const MOST_KEPT: usize = 40;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &serde_json::Value) -> EventId {
        let event = build::unsaved("amina", n, build::filled(form, data)).into_event(n);
        let id = event.id;
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
        id
    }

    /// Abéché, Farchana, Adré.
    fn plan() -> Plan {
        let mut plan = build::plan();
        plan.legs[0].to.at = Some((13.61, 21.76));
        plan.legs[1].to.at = Some((13.466_48, 22.198_75));
        plan
    }

    #[test]
    fn what_is_near_a_leg_counts_for_it_by_distance_or_by_name() {
        let mut chain = Chain::default();
        let at = |lat: f64, lon: f64| json!({"name": "somewhere", "at": [lat, lon]});
        let near = write(&mut chain, 1, "threat", &json!({"words": "a", "place": at(13.8, 21.3)}));
        let far = write(&mut chain, 2, "threat", &json!({"words": "b", "place": at(12.0, 18.2)}));
        let named = json!({"words": "c", "feedback": "warning", "place": {"name": "market of Adré"}});
        let named = write(&mut chain, 3, "heard", &named);
        let other = json!({"words": "d", "feedback": "warning", "place": {"name": "Adrénaline bar"}});
        write(&mut chain, 4, "heard", &other);
        let nowhere = write(&mut chain, 5, "threat", &json!({"words": "e"}));
        let outlook = outlook(&chain, &plan(), false, MORNING.plus_ms(60_000), Window::default());
        let ids = |items: &[&Item]| items.iter().map(|item| item.id).collect::<Vec<_>>();
        assert_eq!(ids(&outlook.legs[0].threats), [near]);
        assert!(outlook.legs[1].threats.is_empty());
        assert_eq!((ids(&outlook.legs[0].feedback), ids(&outlook.legs[1].feedback)), (vec![], vec![named]));
        assert_eq!(ids(&outlook.unplaced), [nowhere]);
        assert!(!ids(&outlook.unplaced).contains(&far));
    }

    #[test]
    fn what_is_over_or_long_ago_is_left_out_but_for_history() {
        let mut chain = Chain::default();
        let place = json!({"name": "Adré"});
        let threat = write(&mut chain, 1, "threat", &json!({"words": "a", "place": place}));
        let end = json!({"record": threat.to_string(), "outcome": "not_carried_out"});
        write(&mut chain, 2, "threat_end", &end);
        let old = json!({"what": "b", "place": place, "happened": "2025-01-01T00:00:00Z"});
        write(&mut chain, 3, "incident", &old);
        let mut external = old.clone();
        external["external"] = json!({"source": "AWSD", "id": "7"});
        let history = write(&mut chain, 4, "incident", &external);
        let outlook = outlook(&chain, &plan(), false, MORNING.plus_ms(60_000), Window::default());
        let leg = &outlook.legs[1];
        assert!(leg.threats.is_empty() && leg.incidents.is_empty());
        assert_eq!(leg.history[0].id, history);
    }

    #[test]
    fn the_latest_level_and_the_open_recommendations_stand_with_the_leg() {
        let mut chain = Chain::default();
        let rated = |level: &str| json!({"area": "Adré", "level": level, "reason": "r"});
        write(&mut chain, 1, "level", &rated("moderate"));
        write(&mut chain, 2, "level", &rated("high"));
        let risk = json!({"what": "robbers on the road", "area": "Adré", "likelihood": 4, "impact": 4});
        let risk = write(&mut chain, 3, "risk", &risk);
        let action = json!({"action": "recommendation", "what": "two cars", "owner": {"name": "A"},
            "due": "2026-08-01T00:00:00Z", "of": risk.to_string()});
        let action = write(&mut chain, 4, "action", &action);
        let plan = plan();
        let known = outlook(&chain, &plan, false, MORNING, Window::default()).known(Some(MORNING), 3);
        assert_eq!((known.seen_as_of, known.unsent), (Some(MORNING), 3));
        assert_eq!(known.legs[1].level.as_deref(), Some("high"));
        let ids: Vec<_> = known.legs[1].items.iter().map(|item| item.id).collect();
        assert_eq!(ids, [risk, action]);
        let secret =
            json!({"words": "w", "feedback": "warning", "place": {"name": "Adré"}, "sensitive": true});
        let secret = write(&mut chain, 5, "heard", &secret);
        let outlook = outlook(&chain, &plan, false, MORNING, Window::default());
        let known = outlook.known(None, 0);
        assert!(known.legs[1].items.iter().all(|item| item.id != secret));
        assert_eq!(outlook.unnamed(), [secret]);
    }
}
