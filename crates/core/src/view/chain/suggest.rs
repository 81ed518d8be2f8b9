use super::{Chain, Item};
use crate::event::{EventId, Kind, Relation, Stamp};
use crate::geo::distance;
use crate::order;
use crate::spelling::folded;

/// Why two items may belong together.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// Both name this place.
    Place(String),
    /// So many kilometres apart.
    Near(f64),
    /// So many days apart.
    Days(i64),
    /// What one sets a deadline for, or what is said to come, falls on the day of the other.
    SameDay(Stamp),
    /// Both are aimed at this.
    Target(String),
    /// Words that both use and few others do.
    Words(Vec<String>),
}

/// An item that may belong to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    pub other: EventId,
    /// From the earlier to the later.
    pub from: EventId,
    pub to: EventId,
    pub relation: Relation,
    /// At least two, the strongest first.
    pub reasons: Vec<Reason>,
    weight: u32,
}

/// Further apart, nothing is proposed.
const DAYS: i64 = 45;
const DAY_MS: i64 = 86_400_000;
const NEAR_KM: f64 = 25.0;
/// A word that more than this share of the items of that time use says nothing: one in so many.
const COMMON: usize = 5;
const WORDS_SHOWN: usize = 4;

impl Chain {
    /// Items of about the same time that may belong to this one and are not joined to it, the likeliest first; no
    /// exercise with a real one.
    pub fn suggestions(&self, id: EventId, limit: usize) -> Vec<Suggestion> {
        let Some(item) = self.get(id) else { return vec![] };
        let joined: Vec<EventId> = self.edges(id).iter().map(|edge| edge.other(id)).collect();
        let mut around: Vec<&Item> = vec![];
        for other in self.items() {
            let days = days(item, other);
            if other.exercise == item.exercise && days.abs() <= DAYS && may_join(item, other) {
                around.push(other);
            }
        }
        let own = words(item);
        let shared: Vec<Vec<usize>> = around.iter().map(|other| shared(&own, other)).collect();
        let rare = rare(own.len(), &shared);
        let mut found = vec![];
        for (other, shared) in around.iter().zip(&shared) {
            if other.id != id && !joined.contains(&other.id) {
                let words = shared.iter().filter(|at| rare[**at]).map(|at| own[*at].clone());
                found.extend(judge(item, other, words.take(WORDS_SHOWN).collect()));
            }
        }
        order::sort_by_key(&mut found, |found: &Suggestion| (std::cmp::Reverse(found.weight), found.other));
        found.truncate(limit);
        found
    }

    /// How somebody who finds that two items belong together would join them: from, to, and the relation.
    pub fn would_join(&self, one: EventId, other: EventId) -> Option<(EventId, EventId, Relation)> {
        let (from, to, relation) = joined(self.get(one)?, self.get(other)?);
        Some((from.id, to.id, relation))
    }
}

/// Kinds between which a link says something.
fn may_join(one: &Item, other: &Item) -> bool {
    let tells = |item: &Item| {
        let routine = [
            Kind::AreaRated,
            Kind::AcceptanceObserved,
            Kind::ChecklistCompleted,
            Kind::TrainingRecorded,
            Kind::DrillHeld,
            Kind::GuidanceRead,
            Kind::GuidanceNoted,
            Kind::PlanStaffed,
            Kind::PackPublished,
        ];
        item.stage() < 5 && !routine.contains(&item.form.kind)
    };
    tells(one) && tells(other)
}

fn days(one: &Item, other: &Item) -> i64 {
    one.happened().ms_since(other.happened()) / DAY_MS
}

fn judge(item: &Item, other: &Item, shared: Vec<String>) -> Option<Suggestion> {
    let mut reasons: Vec<(u32, Reason)> = vec![];
    reasons.extend(by_place(item, other));
    reasons.extend(by_day(item, other));
    reasons.extend(by_target(item, other));
    // One word that both use is chance.
    if shared.len() > 1 {
        let weight = 2 * u32::try_from(shared.len()).unwrap_or(0);
        reasons.push((weight, Reason::Words(shared)));
    }
    let apart = days(item, other).abs();
    let strong = !reasons.is_empty();
    if apart <= 7 {
        reasons.push((if apart <= 2 { 2 } else { 1 }, Reason::Days(apart)));
    }
    let weight: u32 = reasons.iter().map(|(weight, _)| weight).sum();
    // Being of the same days is no reason by itself, nor is one word.
    if !strong || reasons.len() < 2 || weight < 4 {
        return None;
    }
    order::sort_by_key(&mut reasons, |(weight, _)| std::cmp::Reverse(*weight));
    let (from, to, relation) = joined(item, other);
    Some(Suggestion {
        other: other.id,
        from: from.id,
        to: to.id,
        relation,
        reasons: reasons.into_iter().map(|(_, reason)| reason).collect(),
        weight,
    })
}

fn by_place(item: &Item, other: &Item) -> Option<(u32, Reason)> {
    let (one, two) = (item.spot()?, other.spot()?);
    if folded(&one.name) == folded(&two.name) && !one.name.is_empty() {
        return Some((4, Reason::Place(one.name)));
    }
    let km = distance(one.at?, two.at?);
    (km <= NEAR_KM).then_some((3, Reason::Near(km)))
}

/// A warning for a day, and what is set for it or happened on it.
fn by_day(item: &Item, other: &Item) -> Option<(u32, Reason)> {
    let day = |at: Stamp| at.0.div_euclid(DAY_MS);
    let set = |item: &Item| item.now.moment("deadline");
    let (one, two) = (set(item), set(other));
    let pairs = [(one, two), (one, Some(other.happened())), (Some(item.happened()), two)];
    let same =
        pairs.into_iter().find_map(|(one, two)| one.zip(two).filter(|(one, two)| day(*one) == day(*two)));
    same.map(|(at, _)| (4, Reason::SameDay(at)))
}

fn by_target(item: &Item, other: &Item) -> Option<(u32, Reason)> {
    let name = |item: &Item| item.now.text("target_name").map(folded);
    if let (Some(one), Some(two)) = (name(item), name(other)) {
        return (one == two)
            .then(|| (4, Reason::Target(item.now.text("target_name").unwrap_or_default().to_owned())));
    }
    None
}

/// How the two would be joined. What came later cannot have led to what was before, wherever they stand in the chain.
fn joined<'a>(one: &'a Item, other: &'a Item) -> (&'a Item, &'a Item, Relation) {
    let stand = |item: &Item| (item.stage(), item.happened(), item.id);
    let (from, to) = if stand(one) <= stand(other) { (one, other) } else { (other, one) };
    let relation = match (&from.form.kind, &to.form.kind) {
        (one, two) if one == two => Relation::SameAs,
        (Kind::CommunityHeard | Kind::CommunityConsulted, Kind::ThreatReported) => Relation::Supports,
        // Risk factors are no events: they stand before whatever day they were written down.
        (kind, _) if *kind != Kind::RiskAssessed && from.happened() > to.latest() => {
            return (to, from, Relation::LedTo);
        }
        (_, Kind::LossRecorded) => Relation::ResultedIn,
        (Kind::ThreatReported, Kind::IncidentReported) => Relation::CarriedOutAs,
        _ => Relation::LedTo,
    };
    (from, to, relation)
}

/// What its author wrote, as words that may be compared: in small letters, of every script, each once.
fn words(item: &Item) -> Vec<String> {
    let mut words = vec![];
    each_word(item, &mut |word| words.push(folded(word)));
    order::sort(&mut words);
    words.dedup();
    words
}

/// Which of these words another uses too, by their places: a word of its own that is not kept costs nothing.
fn shared(own: &[String], other: &Item) -> Vec<usize> {
    let mut places = vec![];
    each_word(other, &mut |word| {
        let word = folded(word);
        if let Ok(at) = own.binary_search(&word)
            && !places.contains(&at)
        {
            places.push(at);
        }
    });
    order::sort(&mut places);
    places
}

fn each_word(item: &Item, tell: &mut dyn FnMut(&str)) {
    for name in ["words", "summary", "what", "translation", "demand", "said", "course"] {
        let text = item.now.text(name).unwrap_or_default();
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            if word.chars().nth(3).is_some() {
                tell(word);
            }
        }
    }
}

/// Which of so many own words not everybody uses.
fn rare(own: usize, shared: &[Vec<usize>]) -> Vec<bool> {
    let mut counts = vec![0; own];
    for at in shared.iter().flatten() {
        counts[*at] += 1;
    }
    let most = (shared.len() / COMMON).max(3);
    counts.into_iter().map(|count| count <= most).collect()
}
