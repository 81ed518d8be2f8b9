//! A report of one page for an audience: what it may know, in figures and in the items that matter most.

use super::{Exported, Reader, redact};
use crate::event::Stamp;
use crate::order;
use crate::view::Chain;
use crate::view::chain::{GapKind, Item, Status, Tally};
use crate::view::community::{acceptance, by_area};
use crate::view::sectors::{Cut, gaps_here, levels};

/// Items of which a page has room for the first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    pub first: Vec<Exported<'static>>,
    /// Of how many.
    pub count: usize,
}

/// How far an area accepts us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub area: String,
    /// The mean of the indicators that were judged.
    pub tenths: u32,
    /// How many those are.
    pub indicators: u32,
}

/// What stands in the report. Nothing in it, no figure either, comes from what the audience may not know.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Situation {
    /// How what happened in the time and area of the cut turned out.
    pub tally: Tally,
    /// Open now, whenever they were reported: the nearest deadline first, then the newest.
    pub threats: Listed,
    /// Of the time of the cut, the newest first.
    pub incidents: Listed,
    /// Open actions whose day has passed, the oldest first.
    pub overdue: Listed,
    /// The latest of each area.
    pub levels: Listed,
    /// The latest of each area within the time of the cut.
    pub acceptance: Vec<Acceptance>,
    pub gaps: Vec<(GapKind, u32)>,
}

/// How many of each there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub threats: usize,
    pub incidents: usize,
    pub overdue: usize,
    pub areas: usize,
}

/// The situation as of `now`, in the area of the cut. `drill` is a report of exercises, as if they had happened.
pub fn situation(
    chain: &Chain,
    reader: &Reader,
    cut: &Cut,
    now: Stamp,
    drill: bool,
    room: Room,
) -> Situation {
    let mut known = chain.without(&reader.hidden(chain));
    if drill {
        known = known.exercises();
    }
    let chain = &known;
    let list = |items: Vec<&Item>, most| listed(reader, items, most, drill);
    let mut rated = levels(chain);
    rated.retain(|item| cut.is_here(chain, item));
    Situation {
        tally: chain.tally(cut.from, cut.to, &|item| cut.is_here(chain, item)),
        threats: list(open_threats(chain, cut, now), room.threats),
        incidents: list(incidents(chain, cut), room.incidents),
        overdue: list(overdue(chain, cut, now), room.overdue),
        levels: list(rated, room.areas),
        acceptance: accepted(chain, cut, room.areas),
        gaps: gaps_here(chain, cut, &chain.gaps(now)),
    }
}

/// As files have them: [`redact`] alone decides what of an item is told.
fn listed(reader: &Reader, items: Vec<&Item>, most: usize, drill: bool) -> Listed {
    let count = items.len();
    let mut rows = vec![];
    for item in items.into_iter().take(most) {
        let mut row = reader.row(item, &[]);
        row.exercise |= drill;
        rows.push(row);
    }
    Listed { first: redact(&rows, reader.audience, &std::collections::BTreeSet::new()).items, count }
}

fn open_threats<'a>(chain: &'a Chain, cut: &Cut, now: Stamp) -> Vec<&'a Item> {
    let mut open = chain.of_form("threat");
    open.retain(|item| item.is_open() && cut.is_here(chain, item));
    order::sort_by_key(&mut open, |item| {
        let deadline = item.deadline().filter(|at| *at >= now);
        (deadline.is_none(), deadline)
    });
    open
}

fn incidents<'a>(chain: &'a Chain, cut: &Cut) -> Vec<&'a Item> {
    let mut incidents = chain.of_form("incident");
    incidents.retain(|item| cut.has(chain, item) && !item.is_external());
    incidents
}

fn overdue<'a>(chain: &'a Chain, cut: &Cut, now: Stamp) -> Vec<&'a Item> {
    let mut late = chain.of_form("action");
    late.retain(|item| {
        let late = item.status() == Status::Open && item.deadline().is_some_and(|due| due < now);
        late && cut.is_here(chain, item)
    });
    order::sort_by_key(&mut late, |item| item.deadline());
    late
}

fn accepted(chain: &Chain, cut: &Cut, most: usize) -> Vec<Acceptance> {
    let mut all = vec![];
    for (area, items) in by_area(chain) {
        let latest = items.into_iter().filter(|item| cut.has(chain, item)).find_map(acceptance);
        all.extend(latest.map(|(tenths, indicators)| Acceptance { area, tenths, indicators }));
    }
    all.truncate(most);
    all
}
