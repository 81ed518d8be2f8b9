//! What is known along the way of a movement, leg by leg, before somebody decides on go or no-go.

mod near;

use crate::event::{AreaLevel, EventId, Kind, Known, KnownItem, KnownLeg, Place, Plan, Stamp};
use crate::order;
use crate::view::Chain;
use crate::view::chain::{Item, Status, newest_first};
use crate::view::community::{AreaItems, by_areas};
use crate::view::sectors::latest_of_areas;

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

/// What the chain knows along the way; exercises are seen by exercises only.
pub fn outlook<'a>(chain: &'a Chain, plan: &Plan, exercise: bool, now: Stamp, window: Window) -> Outlook<'a> {
    let wanted = |item: &&Item| item.exercise == exercise && concerns(item, now, window);
    let told: Vec<Told<'a>> = chain.items().filter(wanted).map(Told::of).collect();
    let places: Vec<&Place> = plan.places().collect();
    let mut outlook = Outlook::default();
    let mut located: Vec<bool> = vec![false; told.len()];
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
        newest_first(&mut here);
        outlook.by_name_only += usize::from(from.at.is_none() || to.at.is_none());
        outlook.legs.push(leg(chain, &near, &here, plan));
    }
    let elsewhere = told.iter().zip(&located).filter(|(_, located)| !**located).map(|(told, _)| told);
    let mut rated = vec![];
    for told in elsewhere {
        // Those whose place is known, and elsewhere, are not about this way.
        if told.item.form.kind == Kind::AreaRated {
            rated.push(told.item);
        } else if !told.is_placed && may_be_anywhere(told.item) {
            outlook.unplaced.push(told.item);
        }
    }
    newest_first(&mut rated);
    outlook.other_levels = latest_of_areas(rated);
    newest_first(&mut outlook.unplaced);
    order::sort_by_key(&mut outlook.unplaced, |item| (item.deadline().is_none(), item.deadline()));
    outlook
}

fn may_be_anywhere(item: &Item) -> bool {
    match item.form.kind {
        Kind::ThreatReported => true,
        Kind::CommunityHeard => item.is_open(),
        Kind::IncidentReported => !item.is_external(),
        _ => false,
    }
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
    let (mut observed, mut rated) = (vec![], vec![]);
    for item in here {
        match item.form.kind {
            Kind::ThreatReported => leg.threats.push(item),
            Kind::CommunityHeard | Kind::CommunityConsulted => leg.feedback.push(item),
            Kind::IncidentReported if item.is_external() => leg.history.push(item),
            Kind::IncidentReported => leg.incidents.push(item),
            Kind::RiskAssessed if chain.stands(item) => leg.risks.push(item),
            Kind::AcceptanceObserved => observed.push(*item),
            Kind::AreaRated => rated.push(*item),
            _ => {}
        }
    }
    leg.acceptance = by_areas(observed);
    leg.levels = latest_of_areas(rated);
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
        let mut known = Known { seen_as_of, unsent, ..Known::default() };
        let mut room = MOST_KEPT;
        known.unplaced = kept(&mut self.unplaced.iter().copied(), &mut room, &mut known.left_out);
        for leg in &self.legs {
            let items = kept(&mut leg.items(), &mut room, &mut known.left_out);
            let level = leg.level().map(str::to_owned);
            known.legs.push(KnownLeg { from: leg.from.clone(), to: leg.to.clone(), level, items });
        }
        known
    }
}

impl<'a> Leg<'a> {
    /// What counts for a decision, what weighs most first.
    fn items(&self) -> impl Iterator<Item = &'a Item> {
        let lists = [&self.threats, &self.feedback, &self.incidents, &self.risks, &self.actions];
        let observed = self.acceptance.iter().filter_map(|(_, items)| items.first());
        lists.into_iter().flatten().chain(observed).copied()
    }
}

/// The crew reads the decision: what could harm a source is not named in it.
fn kept(items: &mut dyn Iterator<Item = &Item>, room: &mut usize, left_out: &mut u32) -> Vec<KnownItem> {
    let mut kept = vec![];
    for item in items.filter(|item| !item.is_sensitive()) {
        if *room == 0 {
            *left_out += 1;
        } else {
            *room -= 1;
            kept.push(KnownItem { id: item.id, form: item.form.name.to_owned(), open: item.is_open() });
        }
    }
    kept
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
        let other = write(&mut chain, 4, "heard", &other);
        let nowhere = write(&mut chain, 5, "threat", &json!({"words": "e"}));
        let set = json!({"words": "f", "feedback": "warning", "deadline": "2026-07-16T00:00:00Z"});
        let set = write(&mut chain, 6, "heard", &set);
        let hidden = write(&mut chain, 7, "incident", &json!({"what": "g", "sensitive": true}));
        let coarse = json!({"name": "bush", "at": [13.61, 21.3], "coarse": true});
        let coarse = write(&mut chain, 8, "threat", &json!({"words": "h", "place": coarse}));
        let outlook = outlook(&chain, &plan(), false, MORNING.plus_ms(60_000), Window::default());
        let ids = |items: &[&Item]| items.iter().map(|item| item.id).collect::<Vec<_>>();
        assert_eq!(ids(&outlook.legs[0].threats), [coarse, near]);
        assert!(outlook.legs[1].threats.is_empty());
        assert_eq!((ids(&outlook.legs[0].feedback), ids(&outlook.legs[1].feedback)), (vec![], vec![named]));
        assert_eq!(ids(&outlook.unplaced), [set, hidden, nowhere, other]);
        let kept: Vec<_> = outlook.known(None, 0).unplaced.iter().map(|item| item.id).collect();
        assert_eq!((kept, outlook.unnamed()), (vec![set, nowhere, other], vec![hidden]));
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
        let quiet = json!({"area": "Farchana, town", "level": "low", "reason": "r"});
        write(&mut chain, 6, "level", &quiet);
        write(&mut chain, 7, "level", &json!({"area": "Moundou", "level": "extreme", "reason": "r"}));
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
        let chain_now = chain.clone();
        let rated = super::outlook(&chain_now, &plan, false, MORNING, Window::default());
        let levels: Vec<_> = rated.legs[1].levels.iter().filter_map(|item| item.now.text("level")).collect();
        assert_eq!(levels, ["low", "high"], "of each area the latest, and the worst of them counts");
        assert_eq!(rated.other_levels.len(), 1);
        let secret =
            json!({"words": "w", "feedback": "warning", "place": {"name": "Adré"}, "sensitive": true});
        let secret = write(&mut chain, 5, "heard", &secret);
        let outlook = outlook(&chain, &plan, false, MORNING, Window::default());
        let known = outlook.known(None, 0);
        assert!(known.legs[1].items.iter().all(|item| item.id != secret));
        assert_eq!(outlook.unnamed(), [secret]);
    }
}
