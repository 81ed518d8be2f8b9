//! Who has read what: cards that ask for it, by name and revision.

use std::collections::HashMap;

use super::Chain;
use super::chain::Item;
use crate::event::{Kind, UserId};
use crate::guidance::Card;
use crate::rules::Role;

/// The latest reading of each person of each card, by its id.
#[derive(Debug, Clone, Default)]
pub struct Readings<'a>(HashMap<(&'a str, &'a UserId), &'a Item>);

impl<'a> Readings<'a> {
    pub fn of(chain: &'a Chain) -> Self {
        let mut all: HashMap<(&str, &UserId), &Item> = HashMap::new();
        for item in chain.items().filter(|item| item.form.kind == Kind::GuidanceRead) {
            let Some(card) = item.first.text("card") else { continue };
            let key = |item: &Item| (revision(item), item.by.at, item.id);
            let own = all.entry((card, &item.by.user)).or_insert(item);
            if key(item) > key(own) {
                *own = item;
            }
        }
        Self(all)
    }

    /// That this person has read the card as it is now.
    pub fn by(&self, card: &Card, user: &UserId) -> Option<&'a Item> {
        self.0.get(&(card.id.as_str(), user)).copied().filter(|item| revision(item) >= card.revision)
    }

    /// Cards that ask this person to read them, and that they have not read as they are now.
    pub fn left<'c>(&self, cards: &'c [Card], user: &UserId, role: Role) -> Vec<&'c Card> {
        cards.iter().filter(|card| asks(card, role) && self.by(card, user).is_none()).collect()
    }
}

/// Whether a card asks people of this role to confirm that they have read it.
pub fn asks(card: &Card, role: Role) -> bool {
    card.acknowledge && (card.roles.is_empty() || card.roles.iter().any(|own| own == role.code()))
}

fn revision(item: &Item) -> u32 {
    item.first.count("revision")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build;
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    #[test]
    fn a_later_revision_is_read_again() {
        let mut chain = Chain::default();
        let mut n = 0;
        let mut read = |user: &str, card: &str, revision: u32| {
            n += 1;
            let data = json!({"title": "T", "card": card, "revision": revision});
            let event = build::unsaved(user, n, build::filled("reading", &data)).into_event(n);
            chain.take(Said::of(Report::of(&build::arrived(event, n, user)).unwrap()).unwrap());
        };
        read("amina", "duress", 2);
        read("amina", "duress", 1);
        read("idriss", "duress", 1);
        read("idriss", "code-words", 1);
        let card = |id: &str, revision, acknowledge| Card {
            id: id.to_owned(),
            revision,
            acknowledge,
            ..Card::default()
        };
        let mut others = card("lost-contact", 1, true);
        others.roles = vec!["traveller".to_owned()];
        let cards = [card("duress", 2, true), card("code-words", 1, true), card("cash", 1, false), others];
        let readings = Readings::of(&chain);
        let left = |user: &str| {
            readings
                .left(&cards, &user.into(), Role::Reporter)
                .iter()
                .map(|card| card.id.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(left("amina"), ["code-words"]);
        assert_eq!(left("idriss"), ["duress"], "an older revision");
        assert_eq!(left("hawa"), ["duress", "code-words"]);
        assert!(readings.by(&cards[0], &"amina".into()).is_some());
    }
}
