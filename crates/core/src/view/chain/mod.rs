//! The chain: risk factors, what communities say, threats, incidents, losses, and what was done, with what joins them.

mod edges;
mod find;
mod gaps;
mod item;
mod layout;
mod part;
mod press;
mod story;
mod suggest;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use crate::event::form::{Form, Stands, form_of};
use crate::event::{Body, Digest, EventId, Filled, Kind, Stamp};
use crate::order;

use super::movement::{By, Report};

pub use edges::{Edge, Way};
pub(crate) use gaps::counts;
pub use gaps::{Gap, GapKind, Tally};
pub use item::{Evaluation, Item, Progress, Status};
pub use layout::{Drawing, Line, Node};
pub use press::Press;
pub use story::{Chapter, Side};
pub use suggest::{Reason, Suggestion};

/// A record that is a form, as the fold takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub id: EventId,
    pub digest: Digest,
    pub by: By,
    /// When the backend got it; `None` as long as it has not.
    pub received: Option<Stamp>,
    pub exercise: bool,
    /// It may name a source.
    pub protected: bool,
    /// As [`Report::pack`].
    pub pack: Arc<str>,
    pub filled: Filled,
}

impl Said {
    /// `None` if the report is no form.
    pub fn of(report: Report) -> Option<Self> {
        let Report { id, digest, by, body, received, exercise, protected, pack, told: _ } = report;
        let Body::Filled(filled) = body else { return None };
        Some(Self { id, digest, by, received, exercise, protected, pack, filled: *filled })
    }

    /// When it happened: what it says of that, else when it was written down.
    pub fn happened(&self) -> Stamp {
        self.filled.moment("happened").unwrap_or(self.by.at)
    }
}

/// Everything known of the chain; takes records in any order, each as often as it comes.
#[derive(Debug, Clone, Default)]
pub struct Chain {
    items: HashMap<EventId, Item>,
    /// What was said about items that have not come, oldest first.
    early: HashMap<EventId, Vec<Said>>,
    /// By either end.
    links: HashMap<EventId, Vec<Said>>,
    /// Items by the item that they came out of.
    out_of: HashMap<EventId, Vec<EventId>>,
    /// The names of packs: there are few, and every record has one.
    packs: Vec<Arc<str>>,
}

impl Chain {
    /// Takes a record in; gives the items that are now other than before.
    pub fn take(&mut self, mut said: Said) -> Vec<EventId> {
        self.share_pack(&mut said);
        match form_of(&said.filled.kind).map(|form| (form, form.stands)) {
            Some((form, Stands::Alone)) => self.take_item(form, said),
            Some((_, Stands::About)) => {
                let Some(record) = said.filled.record() else { return vec![] };
                match self.items.get_mut(&record) {
                    Some(item) => item.hear(said),
                    None => put(self.early.entry(record).or_default(), said),
                }
                vec![record]
            }
            Some((_, Stands::Between)) => {
                let Some((from, to)) = said.filled.ends() else { return vec![] };
                put(self.links.entry(from).or_default(), said.clone());
                put(self.links.entry(to).or_default(), said);
                vec![from, to]
            }
            None => vec![],
        }
    }

    fn share_pack(&mut self, said: &mut Said) {
        match self.packs.iter().find(|own| **own == said.pack) {
            Some(own) => said.pack = Arc::clone(own),
            None => self.packs.push(Arc::clone(&said.pack)),
        }
    }

    /// The packs under which anything was written, by name.
    pub fn packs(&self) -> Vec<&str> {
        let mut packs: Vec<&str> = self.packs.iter().map(AsRef::as_ref).collect();
        order::sort(&mut packs);
        packs
    }

    fn take_item(&mut self, form: &'static Form, said: Said) -> Vec<EventId> {
        let id = said.id;
        let of = said.filled.of();
        if let Some(of) = of {
            let all = self.out_of.entry(of).or_default();
            if !all.contains(&id) {
                all.push(id);
            }
        }
        let about = match self.items.remove(&id) {
            Some(earlier) => earlier.said,
            None => Arc::new(self.early.remove(&id).unwrap_or_default()),
        };
        self.items.insert(id, Item::new(form, said, about));
        of.into_iter().chain([id]).collect()
    }

    pub fn get(&self, id: EventId) -> Option<&Item> {
        self.items.get(&id)
    }

    /// All items, in no order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// How many records it holds.
    pub fn len(&self) -> usize {
        let links: usize = self.links.values().map(Vec::len).sum();
        let about: usize = self.items.values().map(|item| item.said.len()).sum();
        self.items.len() + about + self.early.values().map(Vec::len).sum::<usize>() + links / 2
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Those of this form that are no exercise, the newest first.
    pub fn of_form(&self, name: &str) -> Vec<&Item> {
        let mut found: Vec<&Item> = vec![];
        for item in self.items.values() {
            if item.form.name == name && !item.exercise {
                found.push(item);
            }
        }
        newest_first(&mut found);
        found
    }

    /// Whether a risk factor stands as it was assessed: nobody has assessed it again. A drill changes nothing real.
    pub fn stands(&self, item: &Item) -> bool {
        let again = |other: &&Item| other.form.kind == Kind::RiskAssessed && other.exercise == item.exercise;
        !self.out_of(item.id).iter().any(again)
    }

    /// What came out of an item: its losses, actions, findings.
    pub fn out_of(&self, id: EventId) -> Vec<&Item> {
        let mut found = vec![];
        for id in self.out_of.get(&id).into_iter().flatten() {
            found.extend(self.items.get(id));
        }
        order::sort_by_key(&mut found, |item: &&Item| (item.by.at, item.id));
        found
    }
}

/// By when it happened.
pub fn newest_first(items: &mut Vec<&Item>) {
    order::sort_by_key(items, |item| (std::cmp::Reverse(item.happened()), item.id));
}

/// Puts it into its place, or in place of its earlier self.
fn put(all: &mut Vec<Said>, said: Said) {
    all.retain(|other| other.id != said.id);
    let key = (said.by.at, said.id);
    let at = all.iter().position(|other| (other.by.at, other.id) > key).unwrap_or(all.len());
    all.insert(at, said);
}
