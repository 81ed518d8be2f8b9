//! Items of the chain as files that other software reads: CSV with HXL tags, `GeoJSON`, CAP and `CloudEvents`.
//!
//! [`redaction`] decides what leaves, and gives [`Exported`]; every format takes nothing else.

mod area;
pub mod cap;
pub mod cloudevents;
pub mod geojson;
mod hidden;
pub mod hxl;
mod mapping;
mod reader;
pub mod redaction;
pub mod situation;
mod text;

use crate::event::form::External;
use crate::event::{EventId, Filled, Record, Spot, Stamp};

pub use reader::Reader;
pub use redaction::{Audience, Export, redact};

/// An item as it stands: its record and everything said about it, folded.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
pub struct Row<'a> {
    pub id: EventId,
    /// The name of its form.
    pub form: String,
    /// What it says, for lists; may be empty.
    pub headline: String,
    pub happened: Stamp,
    /// When the backend got it, or when it was written down if no backend has it.
    pub reported: Stamp,
    pub spot: Option<Spot>,
    /// Its own members with those of later updates.
    pub filled: Filled,
    /// A code.
    pub status: String,
    pub closed: bool,
    /// 1 to 5; `None` where nobody has judged it.
    pub likelihood: Option<u8>,
    /// 1 to 5; `None` where nobody has judged it.
    pub impact: Option<u8>,
    /// A code.
    pub outcome: Option<String>,
    pub author_name: String,
    /// Whoever the file is for wrote it.
    pub own: bool,
    pub protected: bool,
    pub exercise: bool,
    pub external: Option<External>,
    /// Its own record, what is said about it and the links from and to it, in any order.
    pub events: &'a [Record],
}

/// Who hands the file out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Publisher<'a> {
    /// Unique in the world, such as a domain name.
    pub sender: &'a str,
    /// The organisation's name, for people.
    pub name: &'a str,
    /// The language of what its people write, as in BCP 47.
    pub language: &'a str,
}

/// An item as it may leave, for one audience: made by [`redact`] alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported<'a> {
    row: Row<'a>,
    /// Those of the row's that may leave, as they may leave.
    events: Vec<Record>,
}

/// Put before texts of exercises.
const EXERCISE: &str = "EXERCISE: ";

impl Exported<'_> {
    pub fn id(&self) -> EventId {
        self.row.id
    }

    /// What of it may leave, for a reader of this audience.
    pub fn row(&self) -> &Row<'_> {
        &self.row
    }

    /// With the mark of an exercise; `None` where nothing of it can be read.
    fn marked(&self, text: &str) -> Option<String> {
        let mark = if self.row.exercise { EXERCISE } else { "" };
        let text = text::trimmed(text);
        (!text.is_empty()).then(|| format!("{mark}{text}"))
    }

    /// In a few words; those of its form if there are no others.
    fn headline(&self) -> String {
        let form = self.row.form.replace('_', " ");
        [&self.row.headline, &form].into_iter().find_map(|text| self.marked(text)).unwrap_or_default()
    }

    /// What happened or was said, in full.
    fn description(&self) -> String {
        const TEXTS: [&str; 9] =
            ["summary", "what", "words", "translation", "said", "scope", "reason", "course", "note"];
        let mut all = String::new();
        for text in TEXTS.iter().filter_map(|name| self.row.filled.text(name)) {
            if !all.is_empty() {
                all.push_str("\n\n");
            }
            all.push_str(text);
        }
        self.marked(&all).unwrap_or_else(|| self.headline())
    }

    /// The name of the place, or of the area that its author named.
    fn place_name(&self) -> String {
        let place = self.row.spot.as_ref().map(|spot| spot.name.as_str());
        let mut names = [place, self.row.filled.text("area")].into_iter().flatten().map(text::trimmed);
        names.find(|name| !name.is_empty()).unwrap_or_default()
    }

    fn pcode(&self) -> String {
        self.row.spot.as_ref().and_then(|spot| spot.pcode.as_deref()).map(text::trimmed).unwrap_or_default()
    }

    /// How many were `harm` (killed, wounded, kidnapped): of an incident, or of a loss of that kind. `None` where nothing
    /// is said, which is not 0.
    fn people(&self, harm: &str) -> Option<u32> {
        let filled = &self.row.filled;
        let name = if filled.text("loss") == Some(harm) { "number" } else { harm };
        filled.data.get(name).filter(|value| value.is_u64()).map(|_| filled.count(name))
    }

    /// Where it comes from: another data set, its author, or the organisation.
    fn source(&self, publisher: &Publisher<'_>) -> String {
        match &self.row.external {
            Some(external) => format!("{} {}", external.source, external.id),
            None if self.row.author_name.is_empty() => publisher.name.to_owned(),
            None => self.row.author_name.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
