use std::collections::BTreeMap;

use super::card::by_language;
use super::{Moment, Translation};
use crate::json_struct;

/// What is filled in and read out on the radio.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeakCard {
    pub id: String,
    pub revision: u32,
    pub when: Vec<Moment>,
    pub needs: Option<String>,
    pub sources: String,
    pub texts: BTreeMap<String, SpeakText>,
}

json_struct!(SpeakCard: required [id, revision, texts] optional [when, needs, sources]);

impl SpeakCard {
    /// As [`Card::text`].
    pub fn text(&self, language: &str) -> Option<(&str, &SpeakText)> {
        by_language(&self.texts, language)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeakText {
    pub title: String,
    pub words: Vec<String>,
    /// When it is used and how it is read.
    pub usage: String,
    pub lines: Vec<SpeakLine>,
    pub translation: Translation,
    pub revision: u32,
}

json_struct!(SpeakText: required [title, lines, revision] optional [words, usage, translation]);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeakLine {
    /// The same in every language.
    pub code: String,
    /// What is spoken first.
    pub label: String,
    /// What belongs there.
    pub prompt: String,
    /// What the phone knows of it: `who`, `position`, `time`, `people`, `vehicle`, `movement`, `kind`, `phone`.
    pub fill: Option<String>,
}

json_struct!(SpeakLine: required [code, label, prompt] optional [fill]);
