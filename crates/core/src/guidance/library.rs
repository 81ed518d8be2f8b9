use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{Agreed, Card, Checklist, Contingency, Index, Now, ORIGINAL, Offered, Pack, SpeakCard, offer};
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
    /// Made when somebody searches first: it takes longer than all the rest.
    index: OnceLock<Index>,
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
        Self { cards, speak, checklists, plans, messages, own: ids, index: OnceLock::new() }
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

    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.cards, &self.speak))
    }

    /// Whether the organisation wrote this card, and not we.
    pub fn is_own(&self, id: &str) -> bool {
        self.own.iter().any(|own| own == id)
    }
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
