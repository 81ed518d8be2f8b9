//! Protection guidance: the cards of a standards pack, which of them fits a moment, and how one is found.
//!
//! The format that people write is docs/PACKS.md; [`author`] makes of it what phones load.

#[cfg(feature = "authoring")]
pub mod author;
mod card;
mod inline;
mod library;
mod moment;
mod offer;
mod release;
mod search;

pub use card::{Agreed, Card, CardText, FIELDS, Pack, SpeakCard, SpeakLine, SpeakText, Translation};
pub use inline::{Span, spans};
pub use library::Library;
pub use moment::{AXES, Moment, axis_has, moments_of};
pub use offer::{MAX_OFFERED, Now, Offered, offer};
pub use release::{
    Bundle, Entry, Key, MAX_MANIFEST, Manifest, Refusal, Signed, accept, assemble, entries, files,
};
pub use search::{Found, Index};

/// Languages of the built-in pack, which `check` asks to be complete.
pub const LANGUAGES: [&str; 4] = ["en", "fr", "es", "ar"];
/// The language that a text is shown in where there is no other.
pub const ORIGINAL: &str = "en";
