//! Changes in English, with the words of the app.

use std::sync::LazyLock;

use serde_json::Value;
use waymark_core::guidance::{Change, Sentence, Wording};

/// One copy of the words: the operator reads what central reads.
static WORDS: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../../src/locales/en.json")).unwrap_or_default()
});

struct English;

pub fn line(change: &Change) -> String {
    change.words(&English)
}

pub fn word(code: &str) -> Option<String> {
    WORDS["changes"][code].as_str().map(str::to_owned)
}

pub fn nothing() -> String {
    said("nothing", &[])
}

impl Wording for English {
    fn word(&self, code: &str) -> Option<String> {
        word(code)
    }

    fn in_languages(&self, thing: &str, languages: &str) -> String {
        said("in_languages", &[("thing", thing), ("languages", languages)])
    }

    fn sentence(&self, sentence: Sentence<'_>) -> String {
        match sentence {
            Sentence::WholeNew { thing } => said("whole_new", &[("thing", thing)]),
            Sentence::WholeGone { thing } => said("whole_gone", &[("thing", thing)]),
            Sentence::WholeChanged { thing } => said("whole_changed", &[("thing", thing)]),
            Sentence::IsNow { name, old, new } => {
                said("is_now", &[("name", name), ("old", old), ("new", new)])
            }
            Sentence::New { name, new } => said("new", &[("name", name), ("new", new)]),
            Sentence::Gone { name, old } => said("gone", &[("name", name), ("old", old)]),
            Sentence::Appears { name } => said("appears", &[("name", name)]),
            Sentence::Disappears { name } => said("disappears", &[("name", name)]),
            Sentence::Also { name, more } => said("also", &[("name", name), ("more", more)]),
            Sentence::NoLonger { name, less } => said("no_longer", &[("name", name), ("less", less)]),
            Sentence::Both { name, more, less } => {
                said("both", &[("name", name), ("more", more), ("less", less)])
            }
        }
    }
}

/// The sentence with its values, in one pass: a text of the pack may hold braces itself.
fn said(key: &str, values: &[(&str, &str)]) -> String {
    let sentence = WORDS["change"][key].as_str().unwrap_or(key);
    let mut pieces = sentence.split("{{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once("}}").unwrap_or((piece, ""));
        text.extend(values.iter().filter(|(own, _)| *own == name.trim()).map(|(_, value)| *value));
        text.push_str(rest);
    }
    text
}
