//! Protection guidance where it is needed: cards, and those that fit what somebody is doing.

mod language;
mod line;
mod offered;
mod words;

pub use language::CardLanguage;
pub use line::{bullets, line, steps};
pub use offered::{Offered, at};
pub use words::{card_lacks, direction, field_icon, field_name, lacks, language_name, moment_words};
