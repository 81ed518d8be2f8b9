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

/// As an [`Edge`]; with the link that says so and its relation, where one does.
struct Join<'a> {
    from: EventId,
    to: EventId,
    link: Option<(Relation, &'a Said)>,
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
        self.each_join(id, &mut |Join { from, to, link }| {
            edges.push(match link {
                Some((relation, link)) => {
                    let note = link.filled.text("note").map(str::to_owned);
                    Edge { from, to, relation, by: Some(link.by.clone()), note }
                }
                None => Edge { from, to, relation: self.relation(to), by: None, note: None },
            });
        });
        edges
    }

    /// The same without its words: most are looked at only to go on from there.
    fn each_join<'a>(&'a self, id: EventId, tell: &mut dyn FnMut(Join<'a>)) {
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
                tell(Join { from, to, link: Some((relation, link)) });
            }
        }
        if let Some(of) = self.get(id).and_then(|item| item.now.of()).filter(|of| self.get(*of).is_some()) {
            tell(Join { from: of, to: id, link: None });
        }
        for item in self.out_of(id) {
            tell(Join { from: id, to: item.id, link: None });
        }
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
        let mut found = self.walk(id, |join, at| match way {
            Way::Back => join.to == at,
            Way::Forth => join.from == at,
        });
        found.retain(|item| item.id != id);
        found
    }

    /// Those of which somebody said that they caused it, by any number of steps; what is the same as one of these is one
    /// of them. Not itself.
    pub fn causes(&self, id: EventId) -> Vec<&Item> {
        let mut found = self.walk(id, |join, at| match join.link {
            Some((Relation::SameAs, _)) => true,
            Some((Relation::LedTo | Relation::CarriedOutAs | Relation::ResultedIn, _)) | None => {
                join.to == at
            }
            Some(_) => false,
        });
        found.retain(|item| item.id != id);
        found
    }

    /// Breadth first; circles end where they began.
    fn walk(&self, id: EventId, follow: impl Fn(&Join<'_>, EventId) -> bool) -> Vec<&Item> {
        let mut found: Vec<&Item> = self.get(id).into_iter().collect();
        let mut at = 0;
        while let Some(item) = found.get(at).copied() {
            at += 1;
            self.each_join(item.id, &mut |join| {
                let other = if join.from == item.id { join.to } else { join.from };
                let known = || found.iter().any(|known| known.id == other);
                if follow(&join, item.id) && found.len() < MOST && !known() {
                    found.extend(self.get(other));
                }
            });
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
