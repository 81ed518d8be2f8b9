use crate::guidance::{Card, Checklist, Contingency, SpeakCard};

/// Anything in a library that has a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    Card(&'a Card),
    Speak(&'a SpeakCard),
    Checklist(&'a Checklist),
    Plan(&'a Contingency),
}

/// How much a word counts by where it stands.
pub(super) const TITLE: u8 = 9;
pub(super) const KNOWN_AS: u8 = 7;
const STEP: u8 = 2;
const REST: u8 = 1;

impl<'a> Item<'a> {
    /// Unique among those of its kind.
    pub fn id(self) -> &'a str {
        match self {
            Self::Card(own) => &own.id,
            Self::Speak(own) => &own.id,
            Self::Checklist(own) => &own.id,
            Self::Plan(own) => &own.id,
        }
    }

    /// What it is called, by language and text.
    pub(super) fn names(self, add: &mut dyn FnMut(&'a str, &'a str, u8)) {
        let mut each = |language: &'a str, title: &'a str, words: &'a [String]| {
            add(language, title, TITLE);
            for words in words {
                add(language, words, KNOWN_AS);
            }
        };
        match self {
            Self::Card(own) => {
                for (language, text) in &own.texts {
                    each(language, &text.title, &text.words);
                }
            }
            Self::Speak(own) => {
                for (language, text) in &own.texts {
                    each(language, &text.title, &text.words);
                }
            }
            Self::Checklist(own) => {
                for (language, text) in &own.texts {
                    each(language, &text.title, &text.words);
                }
            }
            Self::Plan(own) => {
                for (language, text) in &own.texts {
                    each(language, &text.title, &text.words);
                }
            }
        }
    }

    /// What it says, by language and text.
    pub(super) fn lines(self, add: &mut dyn FnMut(&'a str, &'a str, u8)) {
        match self {
            Self::Card(own) => {
                for (language, text) in &own.texts {
                    text.steps.iter().for_each(|line| add(language, line, STEP));
                    let rest = text.why.iter().chain(&text.avoid).chain(&text.tell);
                    rest.for_each(|line| add(language, line, REST));
                }
            }
            Self::Speak(own) => {
                for (language, text) in &own.texts {
                    text.lines.iter().for_each(|line| add(language, &line.label, STEP));
                }
            }
            Self::Checklist(own) => {
                for (language, text) in &own.texts {
                    text.items.values().for_each(|line| add(language, line, STEP));
                }
            }
            Self::Plan(own) => {
                for (language, text) in &own.texts {
                    text.steps.iter().for_each(|line| add(language, line, STEP));
                    text.trigger.iter().for_each(|line| add(language, line, REST));
                    text.roles.values().for_each(|role| add(language, &role.name, REST));
                }
            }
        }
    }
}
