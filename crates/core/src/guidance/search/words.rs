use crate::spelling::folded;

/// The words of a text as they stand in it.
pub(super) fn raw_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_apart).filter(|word| !word.is_empty())
}

/// The words of a text, folded.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    raw_words(text).map(folded).filter(|word| !word.is_empty())
}

fn is_apart(c: char) -> bool {
    !c.is_alphanumeric()
        && !matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// "والحاجز", "بالحاجز", "للحاجز" as "حاجز".
pub(super) fn without_prefix(word: &str) -> Option<&str> {
    const TOGETHER: [&str; 8] = ["وال", "بال", "فال", "كال", "لل", "و", "ب", "ل"];
    let rest = TOGETHER.iter().find_map(|prefix| word.strip_prefix(prefix))?;
    is_long(rest, 3).then_some(rest)
}

pub(super) fn is_long(word: &str, least: usize) -> bool {
    word.chars().count() >= least
}
