use std::collections::BTreeMap;

use super::{By, Contact, Movement};
use crate::event::PeopleState;

/// How the people are, out of all that was reported and not answered.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleNow {
    /// The worst that anybody says and nobody has answered; unknown as long as nobody has said anything.
    pub state: PeopleState,
    /// Who says so.
    pub by: Option<By>,
    /// Others who say something else: shown, never hidden.
    pub doubts: Vec<Doubt>,
    /// People whom somebody misses.
    pub missing: Vec<String>,
    /// Call signs of vehicles that somebody misses.
    pub separated: Vec<String>,
    /// The smallest count that is not answered, else the newest, and who counted.
    pub headcount: Option<(u32, By)>,
}

/// A report that differs from the one shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Doubt {
    pub state: PeopleState,
    pub by: By,
}

impl Movement {
    /// How the people are. Each reporter's last word counts; a bad one is outlived by others' good ones only when
    /// somebody has answered it.
    pub fn people(&self) -> PeopleNow {
        let open = self.last_words();
        let worst = open.iter().max_by_key(|contact| (contact.made.people.severity(), contact.by.at));
        let state = worst.map_or(PeopleState::Unknown, |contact| contact.made.people.clone());
        let differs = |contact: &&&Contact| contact.made.people != state;
        let doubt = |contact: &&Contact| Doubt { state: contact.made.people.clone(), by: contact.by.clone() };
        let named = |of: fn(&Contact) -> &Vec<String>| {
            let mut names: Vec<_> = open.iter().flat_map(|contact| of(contact)).cloned().collect();
            crate::order::sort(&mut names);
            names.dedup();
            names
        };
        let fewest = open.iter().copied().filter(|contact| contact.made.headcount.is_some());
        let fewest = fewest.min_by_key(|contact| contact.made.headcount);
        let newest = || self.contacts.iter().rev().find(|contact| contact.made.headcount.is_some());
        let counted = fewest.or_else(newest);
        PeopleNow {
            by: worst.map(|contact| contact.by.clone()),
            doubts: open.iter().filter(differs).map(doubt).collect(),
            missing: named(|contact| &contact.made.roll.missing),
            separated: self.separated.clone(),
            headcount: counted.and_then(|contact| Some((contact.made.headcount?, contact.by.clone()))),
            state,
        }
    }

    /// The last word of everyone who reported, without those that were answered and came before the newest of all.
    fn last_words(&self) -> Vec<&Contact> {
        let mut last: BTreeMap<(&str, Option<&str>), &Contact> = BTreeMap::new();
        for contact in &self.contacts {
            let said_by =
                contact.made.relayed.as_ref().map(|relayed| relayed.said_by.as_deref().unwrap_or(""));
            last.insert((&contact.by.user.0, said_by), contact);
        }
        let newest = self.last_contact().map(|contact| contact.id);
        let mut open: Vec<_> = last
            .into_values()
            .filter(|contact| {
                Some(contact.id) == newest || contact.confirmed.is_none() && self.is_bad(contact)
            })
            .collect();
        crate::order::sort_by_key(&mut open, |contact| (contact.by.at, contact.id));
        open
    }

    /// Whether it says that something is not as it should be.
    fn is_bad(&self, contact: &Contact) -> bool {
        let made = &contact.made;
        made.people.severity() > 0
            || !made.roll.missing.is_empty()
            || !made.roll.separated.is_empty()
            || made.roll.vehicles.is_empty()
                && made.headcount.is_some_and(|count| count < self.plan.plan.headcount)
    }
}
