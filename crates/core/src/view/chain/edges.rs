use std::collections::HashSet;

use super::{Chain, Item, Said};
use crate::event::form::Sector;
use crate::event::{EventId, Kind, Relation};
use crate::view::movement::By;

/// Two items belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub from: EventId,
    pub to: EventId,
    pub relation: Relation,
    /// Who said so; `None` where the later one was written out of the earlier.
    pub by: Option<By>,
    pub note: Option<String>,
}

/// In which direction along the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// What led to it.
    Back,
    /// What came of it.
    Forth,
}

/// More items than anybody reads; a web of links is cut off here.
const MOST: usize = 200;

impl Edge {
    /// The end that is not `id`.
    pub fn other(&self, id: EventId) -> EventId {
        if self.from == id { self.to } else { self.from }
    }
}

impl Chain {
    /// Everything that joins an item to another that is known here.
    pub fn edges(&self, id: EventId) -> Vec<Edge> {
        let mut edges = vec![];
        let mut last: Vec<(EventId, EventId, &Said)> = vec![];
        for link in self.links.get(&id).into_iter().flatten() {
            let Some((from, to)) = link.filled.ends() else { continue };
            // The last word on a pair counts, whichever way round.
            last.retain(|(one, two, _)| !((*one, *two) == (from, to) || (*two, *one) == (from, to)));
            last.push((from, to, link));
        }
        for (from, to, link) in last {
            let relation = Relation::from_code(link.filled.text("relation").unwrap_or_default());
            if relation != Relation::Withdrawn && self.get(from).is_some() && self.get(to).is_some() {
                let note = link.filled.text("note").map(str::to_owned);
                edges.push(Edge { from, to, relation, by: Some(link.by.clone()), note });
            }
        }
        let plain = |from, to, relation| Edge { from, to, relation, by: None, note: None };
        if let Some(of) = self.get(id).and_then(|item| item.now.of()).filter(|of| self.get(*of).is_some()) {
            edges.push(plain(of, id, self.relation(id)));
        }
        for item in self.out_of(id) {
            edges.push(plain(id, item.id, self.relation(item.id)));
        }
        edges
    }

    /// How an item relates to the one that it came out of.
    fn relation(&self, id: EventId) -> Relation {
        match self.get(id).map(|item| &item.form.kind) {
            Some(Kind::LossRecorded) => Relation::ResultedIn,
            _ => Relation::LedTo,
        }
    }

    /// All items that are joined to this one by any number of steps, itself first; at most [`MOST`].
    pub fn reach(&self, id: EventId) -> Vec<&Item> {
        self.walk(id, |_, _| true)
    }

    /// Those that lead to it, or that came of it, by any number of steps; not itself.
    pub fn along(&self, id: EventId, way: Way) -> Vec<&Item> {
        let follow = |edge: &Edge, at| match way {
            Way::Back => edge.to == at,
            Way::Forth => edge.from == at,
        };
        let mut found = self.walk(id, follow);
        found.retain(|item| item.id != id);
        found
    }

    /// Breadth first; circles end where they began.
    fn walk(&self, id: EventId, follow: impl Fn(&Edge, EventId) -> bool) -> Vec<&Item> {
        let mut found: Vec<&Item> = self.get(id).into_iter().collect();
        let mut known: HashSet<EventId> = HashSet::new();
        known.insert(id);
        let mut at = 0;
        while let Some(item) = found.get(at).copied() {
            at += 1;
            for edge in self.edges(item.id) {
                let other = edge.other(item.id);
                if follow(&edge, item.id) && found.len() < MOST && known.insert(other) {
                    found.extend(self.get(other));
                }
            }
        }
        found
    }
}

impl Item {
    /// Its place in the chain: 0 risk factors, 1 communities, 2 threats, 3 incidents, 4 losses, 5 what is done.
    pub fn stage(&self) -> usize {
        match (&self.form.kind, self.form.sector) {
            (_, Sector::Risk) => 0,
            (Kind::ThreatReported, _) => 2,
            (_, Sector::Community) => 1,
            (Kind::IncidentReported, _) => 3,
            (Kind::LossRecorded, _) => 4,
            _ => 5,
        }
    }
}
