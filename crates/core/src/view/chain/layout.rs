use super::{Chain, Item};
use crate::event::{EventId, Relation};
use crate::order;

/// The items around one, each in its column of the chain, in the order of reading; lines go from column to column.
/// Whoever draws it chooses the sizes, and mirrors it where people read from the right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// The stages that have items, in the order of the chain.
    pub stages: Vec<usize>,
    /// The height of the tallest column.
    pub rows: usize,
    pub nodes: Vec<Node>,
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub id: EventId,
    /// Counted from 0, in [`Drawing::stages`].
    pub column: usize,
    /// In half rows, so that a short column stands in the middle of a tall one.
    pub half_row: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Places in [`Drawing::nodes`].
    pub from: usize,
    pub to: usize,
    pub relation: Relation,
}

/// As many as fit on a page; the nearest are drawn.
const DRAWN: usize = 40;
/// Sweeps over the columns; more change nothing that is seen.
const SWEEPS: usize = 4;

impl Chain {
    /// The items that are joined to this one, laid out so that lines cross little.
    pub fn drawing(&self, id: EventId) -> Drawing {
        let mut items = self.reach(id);
        items.truncate(DRAWN);
        let mut stages: Vec<usize> = items.iter().map(|item| item.stage()).collect();
        order::sort(&mut stages);
        stages.dedup();
        let lines = self.lines(&items);
        let columns = arranged(&items, &stages, &lines);
        let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
        let mut nodes: Vec<Node> =
            items.iter().map(|item| Node { id: item.id, column: 0, half_row: 0 }).collect();
        for (column, members) in columns.iter().enumerate() {
            let top = rows - members.len();
            for (row, at) in members.iter().enumerate() {
                if let Some(node) = nodes.get_mut(*at) {
                    (node.column, node.half_row) = (column, top + 2 * row);
                }
            }
        }
        Drawing { stages, rows, nodes, lines }
    }

    /// Each once, from the earlier to the later.
    fn lines(&self, items: &[&Item]) -> Vec<Line> {
        let place = |id: EventId| items.iter().position(|item| item.id == id);
        let mut lines: Vec<Line> = vec![];
        for item in items {
            for edge in self.edges(item.id).into_iter().filter(|edge| edge.from == item.id) {
                let Some((from, to)) = place(edge.from).zip(place(edge.to)) else { continue };
                if !lines.iter().any(|line| (line.from, line.to) == (from, to)) {
                    lines.push(Line { from, to, relation: edge.relation });
                }
            }
        }
        lines
    }
}

/// The items of each column, from the top: first by time, then each near the middle of its neighbours.
fn arranged(items: &[&Item], stages: &[usize], lines: &[Line]) -> Vec<Vec<usize>> {
    let mut columns: Vec<Vec<usize>> = vec![];
    for stage in stages {
        let mut members: Vec<usize> = (0..items.len()).filter(|at| items[*at].stage() == *stage).collect();
        order::sort_by_key(&mut members, |at| (items[*at].happened(), items[*at].id));
        columns.push(members);
    }
    for _ in 0..SWEEPS {
        let mut height = vec![0_usize; items.len()];
        for members in &columns {
            for (row, at) in members.iter().enumerate() {
                // Of a thousand, so that columns of any height compare.
                height[*at] = (2 * row + 1) * 500 / members.len().max(1);
            }
        }
        for members in &mut columns {
            order::sort_by_key(members, |at| middle(*at, lines, &height));
        }
    }
    columns
}

fn middle(at: usize, lines: &[Line], height: &[usize]) -> usize {
    let (mut sum, mut count): (usize, usize) = (0, 0);
    for line in lines.iter().filter(|line| line.from == at || line.to == at) {
        sum += height[if line.from == at { line.to } else { line.from }];
        count += 1;
    }
    sum.checked_div(count).unwrap_or(height[at])
}
