//! What is known along the way of a movement, leg by leg, before somebody decides on go or no-go.

mod checks;
mod near;

use crate::event::{AreaLevel, EventId, Kind, Known, KnownItem, KnownLeg, Place, Plan, Stamp};
use crate::order;
use crate::spelling::folded;
use crate::view::Chain;
use crate::view::chain::{Item, Status, newest_first};
use crate::view::community::AreaItems;
use crate::view::places::KnownPlace;

pub use checks::{Check, CheckState, checks, known_checks};
use near::{Near, Told};

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
    /// Observations of acceptance, area by area.
    pub acceptance: Vec<AreaItems<'a>>,
    /// The latest level of each area here that somebody rated.
    pub levels: Vec<&'a Item>,
}

impl Leg<'_> {
    /// The worst of its levels. A code of a newer version counts as worse than any.
    pub fn level(&self) -> Option<&str> {
        let rank =
            |code: &&str| AreaLevel::ALL.iter().position(|level| level.code() == *code).unwrap_or(usize::MAX);
        self.levels.iter().filter_map(|item| item.now.text("level")).max_by_key(rank)
    }
}

/// All legs, and what cannot be located.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outlook<'a> {
    pub legs: Vec<Leg<'a>>,
    /// Open threats, what communities say and nobody has answered, and recent incidents, of which nobody knows the place:
    /// they may be about any leg. Those with a deadline first.
    pub unplaced: Vec<&'a Item>,
    /// The levels of areas that no leg names: a name may be written in another way.
    pub other_levels: Vec<&'a Item>,
    /// Legs of which an end has no coordinates: what is near them is found by name only.
    pub by_name_only: usize,
}

const DAY_MS: i64 = 86_400_000;

/// Of whom, of what and when.
#[derive(Debug, Clone, Copy)]
pub struct Question<'p> {
    pub plan: &'p Plan,
    /// Exercises are seen by exercises only.
    pub exercise: bool,
    /// Where names are, as far as this phone knows.
    pub places: &'p [KnownPlace],
    pub now: Stamp,
    pub window: Window,
}

/// What the chain knows along the way.
pub fn outlook<'a>(chain: &'a Chain, question: &Question<'_>) -> Outlook<'a> {
    let Question { plan, exercise, places: known, now, window } = *question;
    let wanted = |item: &&Item| item.exercise == exercise && concerns(item, now, window);
    let mut items: Vec<&Item> = chain.items().filter(wanted).collect();
    newest_first(&mut items);
    let told: Vec<Told<'a>> = items.into_iter().map(|item| Told::of(item, known)).collect();
    let (rated, observed) = (areas(&told, &Kind::AreaRated), areas(&told, &Kind::AcceptanceObserved));
    let places: Vec<&Place> = plan.places().collect();
    let mut outlook = Outlook::default();
    let mut located: Vec<bool> = vec![false; told.len()];
    let mut rated_here: Vec<bool> = vec![false; rated.len()];
    for pair in places.windows(2) {
        let [from, to] = pair else { continue };
        let near = Near::new(from, to, window.km);
        let mut here: Vec<&Item> = vec![];
        for (told, located) in told.iter().zip(&mut located) {
            if near.has(told) {
                *located = true;
                here.push(told.item);
            }
        }
        let mut leg = leg(chain, &near, &here, plan);
        for (area, is_here) in rated.iter().zip(&mut rated_here) {
            if near.has_any(area) {
                *is_here = true;
                leg.levels.extend(area.first().map(|told| told.item));
            }
        }
        for area in observed.iter().filter(|area| near.has_any(area)) {
            let name = area.first().and_then(|told| told.item.now.text("area")).unwrap_or_default();
            leg.acceptance.push((name.to_owned(), area.iter().map(|told| told.item).collect()));
        }
        outlook.by_name_only += usize::from(from.at.is_none() || to.at.is_none());
        outlook.legs.push(leg);
    }
    let elsewhere = rated.iter().zip(&rated_here).filter(|(_, here)| !**here);
    outlook.other_levels = elsewhere.filter_map(|(area, _)| Some(area.first()?.item)).collect();
    for (told, located) in told.iter().zip(&located) {
        if !located && may_be_anywhere(chain, told) {
            outlook.unplaced.push(told.item);
        }
    }
    order::sort_by_key(&mut outlook.unplaced, |item| (item.deadline().is_none(), item.deadline()));
    outlook
}

/// What is told of each area: one rating of it says where it is for all of them.
fn areas<'t, 'a>(told: &'t [Told<'a>], kind: &Kind) -> Vec<Vec<&'t Told<'a>>> {
    let mut all: Vec<(String, Vec<&Told<'a>>)> = vec![];
    for told in told.iter().filter(|told| told.item.form.kind == *kind) {
        let key = folded(told.item.now.text("area").unwrap_or_default());
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, area)) => area.push(told),
            None => all.push((key, vec![told])),
        }
    }
    all.into_iter().map(|(_, area)| area).collect()
}

/// Those whose place is known, and elsewhere, are not about this way. Of what is no warning, the name of another place
/// is enough to say so.
fn may_be_anywhere(chain: &Chain, told: &Told<'_>) -> bool {
    let item = told.item;
    let counts = match item.form.kind {
        Kind::ThreatReported => true,
        Kind::IncidentReported => !item.is_external(),
        Kind::CommunityHeard => item.is_open() || !told.is_named() && item.status() == Status::Standing,
        Kind::CommunityConsulted => !told.is_named(),
        Kind::RiskAssessed => !told.is_named() && chain.stands(item),
        _ => false,
    };
    counts && !told.is_placed
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

fn leg<'a>(chain: &'a Chain, near: &Near<'_>, here: &[&'a Item], plan: &Plan) -> Leg<'a> {
    let mut leg = Leg { from: near.from.name.clone(), to: near.to.name.clone(), ..Leg::default() };
    for item in here {
        match item.form.kind {
            Kind::ThreatReported => leg.threats.push(item),
            Kind::CommunityHeard | Kind::CommunityConsulted => leg.feedback.push(item),
            Kind::IncidentReported if item.is_external() => leg.history.push(item),
            Kind::IncidentReported => leg.incidents.push(item),
            Kind::RiskAssessed if chain.stands(item) => leg.risks.push(item),
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

impl Outlook<'_> {
    /// What a decision does not name, since it could harm whoever said it: whoever decides notes that they have seen it.
    pub fn unnamed(&self) -> Vec<EventId> {
        let mut all = vec![];
        let of_legs = self.legs.iter().flat_map(Leg::items);
        for item in of_legs.chain(self.unplaced.iter().copied()).filter(|item| item.is_sensitive()) {
            if !all.contains(&item.id) {
                all.push(item.id);
            }
        }
        all
    }

    /// What a decision keeps of it.
    pub fn known(&self, seen_as_of: Option<Stamp>, unsent: u32) -> Known {
        let mut keep = Keep { room: MOST_KEPT, seen: vec![] };
        let mut legs = vec![];
        for leg in &self.legs {
            let items = keep.of(&mut leg.items());
            let level = leg.level().map(str::to_owned);
            legs.push(KnownLeg { from: leg.from.clone(), to: leg.to.clone(), level, items });
        }
        let unplaced = keep.of(&mut self.unplaced.iter().copied());
        let left_out = keep.seen.iter().filter(|(_, kept)| !kept).count();
        let left_out = u32::try_from(left_out).unwrap_or(u32::MAX);
        Known { seen_as_of, unsent, legs, unplaced, left_out, checks: vec![], phones: vec![] }
    }
}

impl<'a> Leg<'a> {
    /// What counts for a decision, what weighs most first.
    pub fn items(&self) -> impl Iterator<Item = &'a Item> {
        let lists = [&self.threats, &self.feedback, &self.incidents, &self.risks, &self.actions];
        let observed = self.acceptance.iter().filter_map(|(_, items)| items.first());
        lists.into_iter().flatten().chain(observed).copied()
    }
}

/// What has found room in a decision, and what has not.
struct Keep {
    room: usize,
    /// Each item once, and whether it is kept anywhere.
    seen: Vec<(EventId, bool)>,
}

impl Keep {
    /// The crew reads the decision: what could harm a source is not named in it.
    fn of(&mut self, items: &mut dyn Iterator<Item = &Item>) -> Vec<KnownItem> {
        let mut kept = vec![];
        for item in items.filter(|item| !item.is_sensitive()) {
            let fits = self.room > 0;
            match self.seen.iter_mut().find(|(id, _)| *id == item.id) {
                Some((_, kept)) => *kept |= fits,
                None => self.seen.push((item.id, fits)),
            }
            if fits {
                self.room -= 1;
                kept.push(KnownItem { id: item.id, form: item.form.name.to_owned(), open: item.is_open() });
            }
        }
        kept
    }
}

/// A record is at most 64 KiB, and one of these some 70 bytes.
const MOST_KEPT: usize = 400;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build::{self, MORNING};
    use crate::view::chain::Said;
    use crate::view::movement::Report;
    use crate::view::places::known_places;

    fn write(chain: &mut Chain, n: u64, form: &str, data: &serde_json::Value) -> EventId {
        let event = build::unsaved("amina", n, build::filled(form, data)).into_event(n);
        let id = event.id;
        chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
        id
    }

    fn ask(plan: &Plan, now: Stamp) -> Question<'_> {
        Question { plan, exercise: false, places: &[], now, window: Window::default() }
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
        let other = write(&mut chain, 4, "heard", &other);
        let nowhere = write(&mut chain, 5, "threat", &json!({"words": "e"}));
        let set = json!({"words": "f", "feedback": "warning", "deadline": "2026-07-16T00:00:00Z"});
        let set = write(&mut chain, 6, "heard", &set);
        let hidden = write(&mut chain, 7, "incident", &json!({"what": "g", "sensitive": true}));
        // 33 km from the nearest point of the way.
        let away = json!({"name": "bush", "at": [14.06, 21.3]});
        write(&mut chain, 9, "threat", &json!({"words": "i", "place": away}));
        let mut coarse = away.clone();
        coarse["coarse"] = true.into();
        let coarse = write(&mut chain, 8, "threat", &json!({"words": "h", "place": coarse}));
        let bare = write(&mut chain, 10, "risk", &json!({"what": "robbers all over the country"}));
        let outlook = outlook(&chain, &ask(&plan(), MORNING.plus_ms(60_000)));
        let ids = |items: &[&Item]| items.iter().map(|item| item.id).collect::<Vec<_>>();
        assert_eq!(ids(&outlook.legs[0].threats), [coarse, near]);
        assert!(outlook.legs[1].threats.is_empty());
        assert_eq!((ids(&outlook.legs[0].feedback), ids(&outlook.legs[1].feedback)), (vec![], vec![named]));
        assert_eq!(ids(&outlook.unplaced), [set, bare, hidden, nowhere, other]);
        let kept: Vec<_> = outlook.known(None, 0).unplaced.iter().map(|item| item.id).collect();
        assert_eq!((kept, outlook.unnamed()), (vec![set, bare, nowhere, other], vec![hidden]));
        assert!(!ids(&outlook.unplaced).contains(&far));
    }

    #[test]
    fn a_name_that_another_plan_knows_is_near_the_way() {
        let mut chain = Chain::default();
        let mill = json!({"words": "a", "place": {"name": "the MILL"}});
        let mill = write(&mut chain, 1, "threat", &mill);
        let mut other = plan();
        other.legs[0].to.name = "The mill".into();
        other.legs[0].to.at = Some((13.75, 21.4));
        let places = known_places(&mut [&other].into_iter(), &chain);
        let plan = plan();
        let question = Question { places: &places, ..ask(&plan, MORNING.plus_ms(60_000)) };
        let outlook = outlook(&chain, &question);
        assert_eq!((outlook.legs[0].threats[0].id, outlook.unplaced.len()), (mill, 0));
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
        let outlook = outlook(&chain, &ask(&plan(), MORNING.plus_ms(60_000)));
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
        let quiet = json!({"area": "Farchana, town", "level": "low", "reason": "r"});
        write(&mut chain, 6, "level", &quiet);
        // Its later level says no place: it is where the earlier one was.
        let east = json!({"area": "East", "level": "low", "reason": "r",
            "place": {"name": "x", "at": [13.61, 21.76]}});
        write(&mut chain, 8, "level", &east);
        write(&mut chain, 9, "level", &json!({"area": "east", "level": "extreme", "reason": "r"}));
        write(&mut chain, 7, "level", &json!({"area": "Moundou", "level": "extreme", "reason": "r"}));
        let risk = json!({"what": "robbers on the road", "area": "Adré", "likelihood": 4, "impact": 4});
        let risk = write(&mut chain, 3, "risk", &risk);
        let action = json!({"action": "recommendation", "what": "two cars", "owner": {"name": "A"},
            "due": "2026-08-01T00:00:00Z", "of": risk.to_string()});
        let action = write(&mut chain, 4, "action", &action);
        let plan = plan();
        let known = outlook(&chain, &ask(&plan, MORNING)).known(Some(MORNING), 3);
        assert_eq!((known.seen_as_of, known.unsent), (Some(MORNING), 3));
        assert_eq!(known.legs[1].level.as_deref(), Some("extreme"));
        let ids: Vec<_> = known.legs[1].items.iter().map(|item| item.id).collect();
        assert_eq!(ids, [risk, action]);
        let chain_now = chain.clone();
        let rated = super::outlook(&chain_now, &ask(&plan, MORNING));
        let levels: Vec<_> = rated.legs[1].levels.iter().filter_map(|item| item.now.text("level")).collect();
        assert_eq!(
            levels,
            ["extreme", "low", "high"],
            "of each area the latest, and the worst of them counts"
        );
        assert_eq!(rated.legs[1].level(), Some("extreme"));
        assert_eq!(rated.other_levels.len(), 1);
        let secret =
            json!({"words": "w", "feedback": "warning", "place": {"name": "Adré"}, "sensitive": true});
        let secret = write(&mut chain, 5, "heard", &secret);
        let outlook = outlook(&chain, &ask(&plan, MORNING));
        let known = outlook.known(None, 0);
        assert!(known.legs[1].items.iter().all(|item| item.id != secret));
        assert_eq!(outlook.unnamed(), [secret]);
    }
}
