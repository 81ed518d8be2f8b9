use std::collections::BTreeMap;

use super::{Agreed, Card, Index, Now, ORIGINAL, Offered, Pack, SpeakCard, offer};
use crate::order;

/// So many of the cards to read out are offered.
const MAX_SPEAK: usize = 2;

/// What a phone has at hand: the built-in pack, and over it the organisation's.
#[derive(Debug, Clone, Default)]
pub struct Library {
    pub cards: Vec<Card>,
    pub speak: Vec<SpeakCard>,
    messages: BTreeMap<String, Vec<Agreed>>,
    index: Index,
}

impl Library {
    /// An organisation's card stands in the place of a built-in one with its id.
    pub fn new(built_in: Pack, own: Option<Pack>) -> Self {
        let own = own.unwrap_or_default();
        let mut cards = own.cards;
        let mut speak = own.speak;
        for card in built_in.cards {
            if cards.iter().all(|own| own.id != card.id) {
                cards.push(card);
            }
        }
        for card in built_in.speak {
            if speak.iter().all(|own| own.id != card.id) {
                speak.push(card);
            }
        }
        let mut messages = built_in.messages;
        for (language, list) in own.messages {
            messages.insert(language, list);
        }
        order::sort_by(&mut cards, |one, other| one.id.cmp(&other.id));
        let index = Index::new(&cards, &speak);
        Self { cards, speak, messages, index }
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
        &self.index
    }
}
