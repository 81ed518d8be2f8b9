use std::collections::BTreeMap;

use serde_json::Value;

use super::{Moment, ORIGINAL};
use crate::json::{Fault, Json, WRONG};
use crate::json_struct;

/// The fields of protection, in the order in which they are listed.
pub const FIELDS: [&str; 7] =
    ["transport", "crisis", "premises", "staff", "communication", "community", "mitigation"];

/// What somebody reads who has ten seconds; the rest is for the evening before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Card {
    /// Small letters, figures and `-`; stays when the title changes.
    pub id: String,
    /// One of [`FIELDS`].
    pub field: String,
    /// Goes up with every change of sense.
    pub revision: u32,
    pub when: Vec<Moment>,
    /// Only where the area's level is at least this (UN SLS, 1 to 6).
    pub level: Option<u8>,
    /// Codes of the roles it is for; none: for all.
    pub roles: Vec<String>,
    /// `clinician`: nobody of that calling has reviewed it yet.
    pub needs: Option<String>,
    pub reviewed_by: Option<String>,
    /// Reading it is confirmed by name.
    pub acknowledge: bool,
    pub sources: String,
    /// By language.
    pub texts: BTreeMap<String, CardText>,
}

json_struct!(Card:
    required [id, field, revision, texts]
    optional [when, level, roles, needs, reviewed_by, acknowledge, sources]);

impl Card {
    /// The text in this language, or else the original; the language that it is.
    pub fn text(&self, language: &str) -> Option<(&str, &CardText)> {
        by_language(&self.texts, language)
    }
}

pub(super) fn by_language<'a, T>(texts: &'a BTreeMap<String, T>, language: &str) -> Option<(&'a str, &'a T)> {
    let own = texts.get_key_value(language).or_else(|| texts.get_key_value(ORIGINAL));
    own.or_else(|| texts.iter().next()).map(|(language, text)| (language.as_str(), text))
}

/// A card in one language. Lines may hold what [`super::spans`] reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CardText {
    pub title: String,
    /// What else people call it.
    pub words: Vec<String>,
    /// What to do now, in order.
    pub steps: Vec<String>,
    /// Paragraphs.
    pub why: Vec<String>,
    pub avoid: Vec<String>,
    pub tell: Vec<String>,
    pub translation: Translation,
    /// The revision of the original that this says the same as.
    pub revision: u32,
}

json_struct!(CardText:
    required [title, steps, revision]
    optional [words, why, avoid, tell, translation]);

/// Whether a text was written, translated by a machine, or read by a person since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Translation {
    #[default]
    Original,
    Machine,
    Reviewed,
}

impl Translation {
    pub fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Machine => "machine",
            Self::Reviewed => "reviewed",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Original, Self::Machine, Self::Reviewed].into_iter().find(|own| own.code() == code)
    }
}

impl Json for Translation {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        value.as_str().and_then(Self::from_code).ok_or(WRONG)
    }

    fn to_value(&self) -> Value {
        self.code().into()
    }

    fn is_nothing(&self) -> bool {
        *self == Self::Original
    }
}
