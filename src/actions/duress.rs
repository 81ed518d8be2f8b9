//! The sign by which somebody says that they are not free to speak. What is kept tells nobody what it is.

use waymark_core::event::Digest;

use crate::browser::preferences;

const KEY: &str = "waymark.sign";
const HOLD: &str = "hold";

/// How the sign is given, if not by a phrase in the note of a check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuressSign {
    None,
    /// "I'm safe" is held for three seconds instead of tapped.
    Hold,
}

/// Chooses the hold, or no sign at all; a phrase comes by [`set_duress_phrase`]. Nothing tells which was chosen.
pub fn set_duress_sign(sign: DuressSign) {
    preferences::put(KEY, if sign == DuressSign::Hold { HOLD } else { "" });
}

/// One word slips into a note by chance.
const FEWEST_WORDS: usize = 2;

/// Keeps a phrase as its length in words and its digest. `false` if it has less than two words.
pub fn set_duress_phrase(phrase: &str) -> bool {
    let words = words(phrase);
    if words.len() < FEWEST_WORDS {
        return false;
    }
    preferences::put(KEY, &format!("{}:{}", words.len(), digest(&words)));
    true
}

pub fn is_hold_sign() -> bool {
    preferences::get(KEY).as_deref() == Some(HOLD)
}

/// Whether a note holds the phrase, whatever stands around it.
pub(super) fn is_sign(note: &str) -> bool {
    let Some(kept) = preferences::get(KEY) else { return false };
    let Some((count, kept)) = kept.split_once(':') else { return false };
    let Some(count) = count.parse::<usize>().ok().filter(|count| *count > 0) else { return false };
    words(note).windows(count).any(|window| digest(window) == kept)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn digest(words: &[String]) -> String {
    Digest::of_bytes(words.join(" ").as_bytes()).to_string()
}
