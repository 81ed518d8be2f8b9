use super::{Chain, Item, Said, Way};
use crate::event::{EventId, Stamp};
use crate::order;

/// Where an entry of the story stands to the item it is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It led to the item.
    Before,
    Itself,
    /// It came of the item.
    After,
    /// It belongs there in another way.
    Beside,
}

/// One entry of the story of an item: a report, or what was said about one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Chapter<'a> {
    pub at: Stamp,
    pub item: &'a Item,
    /// What was said about the item; `None` for the report itself.
    pub said: Option<&'a Said>,
    pub side: Side,
}

impl Chain {
    /// What led to an item, the item, and what came of it, in the order in which it happened.
    pub fn story(&self, id: EventId) -> Vec<Chapter<'_>> {
        let ids = |way| self.along(id, way).iter().map(|item| item.id).collect::<Vec<_>>();
        let (before, after) = (ids(Way::Back), ids(Way::Forth));
        let mut story = vec![];
        for item in self.reach(id) {
            let side = match item.id {
                own if own == id => Side::Itself,
                other if before.contains(&other) => Side::Before,
                other if after.contains(&other) => Side::After,
                _ => Side::Beside,
            };
            story.push(Chapter { at: item.happened(), item, said: None, side });
            for said in item.said.iter() {
                story.push(Chapter { at: said.by.at, item, said: Some(said), side });
            }
        }
        order::sort_by_key(&mut story, |chapter| {
            (chapter.at, chapter.item.stage(), chapter.said.map(|said| said.id))
        });
        story
    }
}
