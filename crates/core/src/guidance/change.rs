//! What differs between two versions of a pack, and how that is put into words of any language.

use crate::json_struct;

/// One thing that differs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// It is about the card, checklist, plan or text to read out of the last change that was not.
    pub within: bool,
    /// What differs, as a stable word: `step`, `expires`; one of [`THINGS`] for a whole one.
    pub what: String,
    /// Which of them: a number, a code, an identifier. Nothing where there is only one.
    pub which: String,
    /// Of the text in this language; of a whole one, those it is in.
    pub languages: Vec<String>,
    /// As it was: nothing where it is new. Of a whole one, its title.
    pub old: Option<String>,
    /// As it is: nothing where it is gone.
    pub new: Option<String>,
    /// What has come to a set.
    pub more: Vec<String>,
    /// What is no longer in it.
    pub less: Vec<String>,
}

json_struct!(Change:
    required [what]
    optional [within, which, languages, old, new, more, less]);

/// What a pack consists of, by identifier.
pub const THINGS: [&str; 4] = ["card", "checklist", "plan", "speak"];

/// Those whose values are stable words themselves.
const OF_WORDS: [&str; 4] = ["acknowledge", "language", "point", "translation"];
/// Those that are not words of the pack, though they are of a text.
const UNQUOTED: [&str; 2] = ["translates", "translation"];

/// A sentence to be put into a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentence<'a> {
    WholeNew {
        thing: &'a str,
    },
    WholeGone {
        thing: &'a str,
    },
    WholeChanged {
        thing: &'a str,
    },
    IsNow {
        name: &'a str,
        old: &'a str,
        new: &'a str,
    },
    New {
        name: &'a str,
        new: &'a str,
    },
    Gone {
        name: &'a str,
        old: &'a str,
    },
    /// Without its value.
    Appears {
        name: &'a str,
    },
    Disappears {
        name: &'a str,
    },
    Also {
        name: &'a str,
        more: &'a str,
    },
    NoLonger {
        name: &'a str,
        less: &'a str,
    },
    Both {
        name: &'a str,
        more: &'a str,
        less: &'a str,
    },
}

/// A language to tell changes in.
pub trait Wording {
    /// The word for one of [`Change::what`], or for a value that is a stable word.
    fn word(&self, code: &str) -> Option<String>;

    /// `thing`, and in which languages it is.
    fn in_languages(&self, thing: &str, languages: &str) -> String;

    fn sentence(&self, sentence: Sentence<'_>) -> String;
}

impl Change {
    /// In a line.
    pub fn words(&self, wording: &impl Wording) -> String {
        let what = wording.word(&self.what).unwrap_or_else(|| self.what.clone());
        if THINGS.contains(&self.what.as_str()) {
            return self.whole(&what, wording);
        }
        let name = if self.which.is_empty() { what } else { format!("{what} {}", self.which) };
        let name = match &self.languages[..] {
            [] => name,
            languages => format!("{name}, {}", languages.join(", ")),
        };
        let value = |value: &String| self.value(value, wording);
        let (old, new) = (self.old.as_ref().map(value), self.new.as_ref().map(value));
        let (more, less) = (self.more.join(", "), self.less.join(", "));
        let name = name.as_str();
        wording.sentence(match (old.as_deref(), new.as_deref()) {
            (None, Some("")) => Sentence::Appears { name },
            (Some(""), None) => Sentence::Disappears { name },
            (None, Some(new)) => Sentence::New { name, new },
            (Some(old), None) => Sentence::Gone { name, old },
            (Some(old), Some(new)) => Sentence::IsNow { name, old, new },
            (None, None) if less.is_empty() => Sentence::Also { name, more: &more },
            (None, None) if more.is_empty() => Sentence::NoLonger { name, less: &less },
            (None, None) => Sentence::Both { name, more: &more, less: &less },
        })
    }

    fn whole(&self, what: &str, wording: &impl Wording) -> String {
        let title = self.new.as_ref().or(self.old.as_ref()).map(String::as_str).unwrap_or_default();
        let thing = format!("{what} {} ({})", quoted(title), self.which);
        let thing = &wording.in_languages(&thing, &self.languages.join(", "));
        wording.sentence(match (&self.old, &self.new) {
            (None, _) => Sentence::WholeNew { thing },
            (_, None) => Sentence::WholeGone { thing },
            _ => Sentence::WholeChanged { thing },
        })
    }

    fn value(&self, value: &str, wording: &impl Wording) -> String {
        let what = self.what.as_str();
        if OF_WORDS.contains(&what) && (what != "point" || self.languages.is_empty()) {
            return wording.word(value).unwrap_or_else(|| value.to_owned());
        }
        let is_text = !self.languages.is_empty() && !UNQUOTED.contains(&what);
        if is_text && !value.is_empty() { quoted(value) } else { value.to_owned() }
    }
}

fn quoted(text: &str) -> String {
    format!("“{text}”")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Json as _;

    struct Plain;

    impl Wording for Plain {
        fn word(&self, code: &str) -> Option<String> {
            (code != "later").then(|| code.to_uppercase())
        }

        fn in_languages(&self, thing: &str, languages: &str) -> String {
            format!("{thing} in {languages}")
        }

        fn sentence(&self, sentence: Sentence<'_>) -> String {
            match sentence {
                Sentence::WholeNew { thing } => format!("+ {thing}"),
                Sentence::WholeGone { thing } => format!("- {thing}"),
                Sentence::WholeChanged { thing } => format!("~ {thing}"),
                Sentence::IsNow { name, old, new } => format!("{name}: {old} > {new}"),
                Sentence::New { name, new } => format!("{name}: + {new}"),
                Sentence::Gone { name, old } => format!("{name}: - {old}"),
                Sentence::Appears { name } => format!("{name} +"),
                Sentence::Disappears { name } => format!("{name} -"),
                Sentence::Also { name, more } => format!("{name}: +{more}"),
                Sentence::NoLonger { name, less } => format!("{name}: -{less}"),
                Sentence::Both { name, more, less } => format!("{name}: +{more} -{less}"),
            }
        }
    }

    #[test]
    fn changes_are_put_into_words_and_back_from_json() {
        let change = |what: &str| Change { what: what.to_owned(), ..Change::default() };
        let some = |text: &str| Some(text.to_owned());
        let list = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let english = list(&["en"]);
        for (change, words) in [
            (
                Change {
                    which: "halt".to_owned(),
                    languages: list(&["en", "fr"]),
                    old: some("Halt"),
                    new: some("Halt!"),
                    ..change("card")
                },
                "~ CARD “Halt!” (halt) in en, fr",
            ),
            (Change { which: "x".to_owned(), new: some("X"), ..change("plan") }, "+ PLAN “X” (x) in "),
            (Change { old: some("3"), ..change("days") }, "DAYS: - 3"),
            (Change { old: some("3"), new: some("4"), ..change("days") }, "DAYS: 3 > 4"),
            (
                Change {
                    which: "2".to_owned(),
                    languages: english.clone(),
                    new: some("Go."),
                    ..change("step")
                },
                "STEP 2, en: + “Go.”",
            ),
            (Change { which: "fuel".to_owned(), new: some("must"), ..change("point") }, "POINT fuel: + MUST"),
            (
                Change { which: "fuel".to_owned(), languages: english, new: some("must"), ..change("point") },
                "POINT fuel, en: + “must”",
            ),
            (Change { which: "fr".to_owned(), new: some(""), ..change("messages") }, "MESSAGES fr +"),
            (Change { more: list(&["a", "b"]), ..change("when") }, "WHEN: +a, b"),
            (Change { less: list(&["a"]), ..change("when") }, "WHEN: -a"),
            (Change { more: list(&["b"]), less: list(&["a"]), ..change("when") }, "WHEN: +b -a"),
            (Change { within: true, new: some("1"), ..change("later") }, "later: + 1"),
        ] {
            assert_eq!(change.words(&Plain), words);
            assert_eq!(Change::from_value(&change.to_value()), Ok(change));
        }
    }
}
