//! What has changed between two versions, in the language of the screen.

use waymark_core::guidance::{Change, Sentence, Wording};

use crate::i18n::{I18n, named};
use crate::say;

/// A line; what is in the pack stays in the languages of the pack.
pub fn line(i18n: I18n, change: &Change) -> String {
    change.words(&Words(i18n))
}

/// A line each, those of a card set in below its title.
pub fn lines(i18n: I18n, changes: &[Change]) -> String {
    let one = |change: &Change| {
        let indent = if change.within { "  " } else { "" };
        format!("{indent}{}", line(i18n, change))
    };
    changes.iter().map(one).collect::<Vec<_>>().join("\n")
}

struct Words(I18n);

impl Wording for Words {
    fn word(&self, code: &str) -> Option<String> {
        named(self.0, "changes", code).map(str::to_owned)
    }

    fn in_languages(&self, thing: &str, languages: &str) -> String {
        say!(self.0, change.in_languages, thing = thing, languages = languages)
    }

    fn sentence(&self, sentence: Sentence<'_>) -> String {
        let i18n = self.0;
        match sentence {
            Sentence::WholeNew { thing } => say!(i18n, change.whole_new, thing = thing),
            Sentence::WholeGone { thing } => say!(i18n, change.whole_gone, thing = thing),
            Sentence::WholeChanged { thing } => say!(i18n, change.whole_changed, thing = thing),
            Sentence::IsNow { name, old, new } => {
                say!(i18n, change.is_now, name = name, old = old, new = new)
            }
            Sentence::New { name, new } => say!(i18n, change.new, name = name, new = new),
            Sentence::Gone { name, old } => say!(i18n, change.gone, name = name, old = old),
            Sentence::Appears { name } => say!(i18n, change.appears, name = name),
            Sentence::Disappears { name } => say!(i18n, change.disappears, name = name),
            Sentence::Also { name, more } => say!(i18n, change.also, name = name, more = more),
            Sentence::NoLonger { name, less } => say!(i18n, change.no_longer, name = name, less = less),
            Sentence::Both { name, more, less } => {
                say!(i18n, change.both, name = name, more = more, less = less)
            }
        }
    }
}
