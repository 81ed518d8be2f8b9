//! What became of every row of a file, as the operator reads it.

use std::fmt;

use super::table::{Encoding, Table};

/// Every row is counted once: `new`, `same`, `changed`, or left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub rows: usize,
    pub encoding: Encoding,
    /// Nothing was written.
    pub dry: bool,
    pub new: usize,
    pub same: usize,
    pub changed: usize,
    pub left_out: Vec<Note>,
    /// What is odd about rows that are not left out.
    pub doubts: Vec<Note>,
}

/// Something about one row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    pub line: u64,
    /// What the source calls it; empty if that is not known.
    pub id: String,
    pub words: String,
}

impl Report {
    pub fn new(table: &Table, dry: bool) -> Self {
        Self { rows: table.rows.len(), encoding: table.encoding, dry, ..Self::default() }
    }
}

impl Note {
    pub fn new(line: u64, id: &str, words: &impl ToString) -> Self {
        Self { line, id: id.to_owned(), words: words.to_string() }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, encoding, new, same, changed, left_out, .. } = self;
        let left_out = left_out.len();
        writeln!(f, "Aid Worker Security Database: {rows} rows, read as {encoding}")?;
        if self.dry {
            write!(f, "nothing is written: {new} to import, {same} already there, {changed} to update, ")?;
        } else {
            write!(f, "{new} imported, {same} already there, {changed} updated, ")?;
        }
        writeln!(f, "{left_out} left out")?;
        let out = self.left_out.iter().map(|note| (note, "left out: "));
        let mut notes: Vec<_> = out.chain(self.doubts.iter().map(|note| (note, ""))).collect();
        notes.sort_by_key(|(note, _)| note.line);
        notes.into_iter().try_for_each(|(note, so)| {
            let id: String = note.id.chars().filter(|c| !c.is_control()).take(20).collect();
            let id = if id.is_empty() { id } else { format!(", incident {id}") };
            writeln!(f, "line {}{id}: {so}{}", note.line, note.words)
        })
    }
}
