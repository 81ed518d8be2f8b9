use std::collections::BTreeMap;

use serde_json::Value;

use super::card::by_language;
use crate::event::form::{Ask, Codes, FORMS};
use crate::json::{Fault, Json};
use crate::json_struct;

/// An organisation's own words for codes of the forms, and codes of its own, by the name of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CodeLists(pub BTreeMap<String, Vec<OwnCode>>);

impl Json for CodeLists {
    fn from_value(value: &Value) -> Result<Self, Fault> {
        BTreeMap::from_value(value).map(Self)
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnCode {
    pub code: String,
    /// By language.
    pub words: BTreeMap<String, String>,
}

json_struct!(OwnCode: required [code, words]);

/// Lists that an organisation may lengthen. Of the others, every code has a sense that rules, counts or a standard go by.
pub const OPEN: [&str; 15] = [
    "channel",
    "target",
    "voice",
    "stakeholder",
    "heard_by",
    "signal",
    "means",
    "context",
    "location",
    "act",
    "help",
    "loss_kind",
    "action",
    "course",
    "category",
];

/// What stands last in a list: "something else", and that nothing is known.
const LAST: [&str; 4] = ["other", "unknown", "none", "U"];

impl CodeLists {
    /// The organisation's words for a code, in this language or else as they were written first.
    pub fn words(&self, list: &str, code: &str, language: &str) -> Option<&str> {
        let own = self.0.get(list)?.iter().find(|own| own.code == code)?;
        by_language(&own.words, language).map(|(_, words)| words.as_str())
    }

    pub fn has(&self, list: &str, code: &str) -> bool {
        self.0.get(list).is_some_and(|all| all.iter().any(|own| own.code == code))
    }

    /// What can be chosen: the codes of the list, and the organisation's before "other".
    pub fn choices<'a>(&'a self, list: &Codes) -> Vec<&'a str> {
        let own = self.0.get(list.name).filter(|_| OPEN.contains(&list.name));
        let more = own.map(Vec::as_slice).unwrap_or_default();
        let more = more.iter().map(|own| own.code.as_str()).filter(|code| !list.codes.contains(code));
        let after = list.codes.iter().rev().take_while(|code| LAST.contains(code)).count();
        let (before, after) = list.codes.split_at(list.codes.len() - after);
        before.iter().copied().chain(more).chain(after.iter().copied()).collect()
    }
}

/// The lists that forms choose from, each once.
pub fn lists() -> Vec<&'static Codes> {
    let mut all: Vec<&'static Codes> = vec![];
    for field in FORMS.iter().flat_map(|form| form.fields()) {
        if let Ask::One(list) | Ask::Many(list) | Ask::Scale(list) = field.ask
            && all.iter().all(|other| other.name != list.name)
        {
            all.push(list);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(code: &str, words: &[(&str, &str)]) -> OwnCode {
        let words = words.iter().map(|(language, text)| ((*language).to_owned(), (*text).to_owned()));
        OwnCode { code: code.to_owned(), words: words.collect() }
    }

    fn means() -> CodeLists {
        let list = vec![
            own("K", &[("en", "Taken"), ("fr", "Enlevé")]),
            own("drone", &[("en", "Drone"), ("fr", "Drone armé")]),
        ];
        CodeLists([("means".to_owned(), list)].into())
    }

    fn list(name: &str) -> &'static Codes {
        lists().into_iter().find(|list| list.name == name).unwrap()
    }

    #[test]
    fn words_are_the_organisations_in_ones_own_language_or_the_original() {
        let own = means();
        assert_eq!(own.words("means", "drone", "fr"), Some("Drone armé"));
        assert_eq!(own.words("means", "K", "ar"), Some("Taken"));
        assert_eq!(own.words("means", "B", "en"), None);
        assert_eq!(own.words("channel", "drone", "en"), None);
    }

    #[test]
    fn codes_of_ones_own_stand_before_what_is_last() {
        let own = means();
        let choices = own.choices(list("means"));
        assert_eq!(choices[choices.len() - 2..], ["drone", "U"]);
        assert_eq!(
            choices.len(),
            list("means").codes.len() + 1,
            "what is only named anew stays in its place"
        );
        assert_eq!(own.choices(list("channel")), list("channel").codes);
    }

    #[test]
    fn lists_that_may_be_lengthened_are_there_and_are_no_scales() {
        for name in OPEN {
            let scale = |ask: Ask| matches!(ask, Ask::Scale(own) if own.name == name);
            assert!(FORMS.iter().flat_map(|form| form.fields()).all(|field| !scale(field.ask)), "{name}");
            list(name);
        }
    }
}
