use std::collections::BTreeMap;

use super::search::Index;
use super::{
    Agreed, Card, Checklist, Contingency, Found, Item, Now, ORIGINAL, Offered, Pack, Reach, SpeakCard, offer,
};
use crate::order;

/// So many of the cards to read out are offered.
const MAX_SPEAK: usize = 2;

/// What a phone has at hand: the built-in pack, and over it the organisation's.
#[derive(Debug, Clone, Default)]
pub struct Library {
    pub cards: Vec<Card>,
    pub speak: Vec<SpeakCard>,
    pub checklists: Vec<Checklist>,
    pub plans: Vec<Contingency>,
    messages: BTreeMap<String, Vec<Agreed>>,
    /// Ids of cards that the organisation wrote.
    own: Vec<String>,
    /// Made once somebody may search: it takes longer than all the rest.
    index: Index,
}

impl Library {
    /// An organisation's card stands in the place of a built-in one with its id.
    pub fn new(built_in: Pack, own: Option<Pack>) -> Self {
        let own = own.unwrap_or_default();
        let ids = own.cards.iter().map(|card| card.id.clone()).collect();
        let mut cards = over(own.cards, built_in.cards, |card| card.id.as_str());
        let speak = over(own.speak, built_in.speak, |card| card.id.as_str());
        let checklists = over(own.checklists, built_in.checklists, |list| list.id.as_str());
        let plans = over(own.plans, built_in.plans, |plan| plan.id.as_str());
        // One pack's alone: two agreements are none.
        let messages = if own.messages.is_empty() { built_in.messages } else { own.messages };
        order::sort_by(&mut cards, |one, other| one.id.cmp(&other.id));
        Self { cards, speak, checklists, plans, messages, own: ids, index: Index::default() }
    }

    pub fn checklist(&self, id: &str) -> Option<&Checklist> {
        self.checklists.iter().find(|list| list.id == id)
    }

    pub fn plan(&self, id: &str) -> Option<&Contingency> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    pub fn speak_card(&self, id: &str) -> Option<&SpeakCard> {
        self.speak.iter().find(|card| card.id == id)
    }

    /// What was agreed to be said about ourselves, in this language or else the original.
    pub fn messages(&self, language: &str) -> &[Agreed] {
        let own = self.messages.get(language).or_else(|| self.messages.get(ORIGINAL));
        own.map(Vec::as_slice).unwrap_or_default()
    }

    pub fn offer(&self, now: &Now) -> Vec<Offered<'_>> {
        offer(&self.cards, now)
    }

    /// What is read out in such a situation, at most two; see [`offer`].
    pub fn offer_speak(&self, now: &Now) -> Vec<&SpeakCard> {
        let fits = |card: &&SpeakCard| {
            now.moments.iter().any(|moment| {
                card.when
                    .iter()
                    .any(|own| own.axis == moment.axis && (own.is_any() || own.code == moment.code))
            })
        };
        self.speak.iter().filter(fits).take(MAX_SPEAK).collect()
    }

    /// Goes on for one turn with what [`Self::search`] looks into; whether there is more to do.
    pub fn index(&mut self) -> bool {
        let Self { cards, speak, checklists, plans, index, .. } = self;
        index.go_on(|at| item(cards, speak, checklists, plans, at))
    }

    /// How much of it [`Self::search`] finds.
    pub fn reach(&self) -> Reach {
        self.index.reach()
    }

    /// What `query` finds among what is in the index by now, in any language; what is in `language` before others as good.
    pub fn search(&self, query: &str, language: &str) -> Vec<Found<'_>> {
        let Self { cards, speak, checklists, plans, index, .. } = self;
        let items = cards.len() + speak.len() + checklists.len() + plans.len();
        let found = index.search(query, language, items).into_iter();
        let one = |(at, language, score)| {
            Some(Found { item: item(cards, speak, checklists, plans, at)?, language, score })
        };
        found.filter_map(one).collect()
    }

    /// Whether the organisation wrote this card, and not we.
    pub fn is_own(&self, id: &str) -> bool {
        self.own.iter().any(|own| own == id)
    }
}

/// Everything that is searched, by its place.
fn item<'a>(
    cards: &'a [Card],
    speak: &'a [SpeakCard],
    checklists: &'a [Checklist],
    plans: &'a [Contingency],
    mut at: usize,
) -> Option<Item<'a>> {
    if let Some(own) = cards.get(at) {
        return Some(Item::Card(own));
    }
    at -= cards.len();
    if let Some(own) = speak.get(at) {
        return Some(Item::Speak(own));
    }
    at -= speak.len();
    if let Some(own) = checklists.get(at) {
        return Some(Item::Checklist(own));
    }
    plans.get(at - checklists.len()).map(Item::Plan)
}

/// The own ones, and those that are built in of which there is no own one.
fn over<T>(mut own: Vec<T>, built_in: Vec<T>, id: fn(&T) -> &str) -> Vec<T> {
    for item in built_in {
        if own.iter().all(|own| id(own) != id(&item)) {
            own.push(item);
        }
    }
    own
}
