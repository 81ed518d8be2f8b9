use std::collections::BTreeSet;

use super::{Chain, Said, put};
use crate::event::EventId;

impl Chain {
    /// The rest of it: without these items and records, what is said about them, and what joins them to others.
    #[must_use]
    pub fn without(&self, hidden: &BTreeSet<EventId>) -> Self {
        let mut rest = Self::default();
        let known = |said: &&Said| !hidden.contains(&said.id);
        for item in self.items.values().filter(|item| !hidden.contains(&item.id)) {
            let mut item = item.clone();
            if !item.said.iter().all(|said| known(&said)) {
                let mut said = vec![];
                said.extend(item.said.iter().filter(known).cloned());
                item.replace(said);
            }
            rest.out_of.extend(item.first.of().map(|of| (of, vec![])));
            rest.items.insert(item.id, item);
        }
        rest.join_as(self, &|link| !hidden.contains(&link.id));
        rest
    }

    /// What was an exercise, each item as if it had happened: for reports that say so themselves.
    #[must_use]
    pub fn exercises(&self) -> Self {
        let mut drills = Self::default();
        for item in self.items.values().filter(|item| item.exercise) {
            let mut item = item.clone();
            item.exercise = false;
            drills.out_of.extend(item.first.of().map(|of| (of, vec![])));
            drills.items.insert(item.id, item);
        }
        drills.join_as(self, &|link| link.exercise);
        drills
    }

    /// Joins its items as those of `whole` are.
    fn join_as(&mut self, whole: &Self, wanted: &dyn Fn(&Said) -> bool) {
        for (of, all) in &whole.out_of {
            if let Some(own) = self.out_of.get_mut(of) {
                own.extend(all.iter().filter(|id| self.items.contains_key(*id)));
            }
        }
        let both = |link: &Said| {
            link.filled.ends().is_some_and(|(from, to)| {
                self.items.contains_key(&from) && self.items.contains_key(&to) && wanted(link)
            })
        };
        for (end, links) in &whole.links {
            for link in links.iter().filter(|link| both(link)) {
                put(self.links.entry(*end).or_default(), link.clone());
            }
        }
    }

    /// The links from and to an item, oldest first.
    pub fn links(&self, id: EventId) -> &[Said] {
        self.links.get(&id).map_or(&[], Vec::as_slice)
    }
}
