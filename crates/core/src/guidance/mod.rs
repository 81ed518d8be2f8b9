//! Protection guidance: the cards of a standards pack, which of them fits a moment, and how one is found.
//!
//! The format that people write is docs/PACKS.md; [`author`] makes of it what phones load.

#[cfg(feature = "authoring")]
pub mod author;
mod built_in;
mod card;
mod change;
mod checklist;
mod codes;
mod inline;
mod library;
mod moment;
mod offer;
mod pack;
mod post;
pub(crate) mod release;
mod rules;
mod search;
mod source;
mod speak;

pub use built_in::built_in_name;
pub use card::{Card, CardText, FIELDS, Translation};
pub use change::{Change, Sentence, THINGS, Wording};
pub use checklist::{CheckItem, Checklist, ChecklistText, Contingency, ContingencyText, RoleText, SUBJECTS};
pub use codes::{CodeLists, OPEN, OwnCode, lists};
pub use inline::{Span, spans};
pub use library::Library;
pub use moment::{AXES, Moment, axis_has, list_of, moments_of};
pub use offer::{MAX_OFFERED, Now, Offered, offer};
pub use pack::{Agreed, Pack};
pub use post::Post;
pub use release::{
    Bundle, Entry, Key, MAX_FILE, MAX_FILES, MAX_MANIFEST, MAX_PACK, Manifest, Refusal, Signed, accept,
    assemble, entries, files, rules,
};
pub use rules::Rules;
pub use search::{Found, Item, Reach};
pub use speak::{SpeakCard, SpeakLine, SpeakText};

/// Languages of the built-in pack, which `check` asks to be complete.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "es", "ar"];
/// The language that a text is shown in where there is no other.
pub const ORIGINAL: &str = "en";
