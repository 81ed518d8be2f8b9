//! Protection guidance where it is needed: cards, and those that fit what somebody is doing.

mod line;
mod offered;
mod steps;
mod words;

pub use line::{Bullets, line};
pub use offered::{Offered, at};
pub use steps::Steps;
pub use words::{direction, field_icon, field_name, language_name, moment_words, translation};
