use super::{Card, CardText, SpeakCard};
use crate::order;
use crate::spelling::folded;

/// An index of every card in every language, for a search that follows the typing.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// In order, each once: for prefixes.
    words: Vec<Word>,
    ids: Vec<String>,
    languages: Vec<String>,
}

#[derive(Debug, Clone)]
struct Word {
    text: String,
    hits: Vec<Hit>,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    card: u16,
    language: u8,
    weight: u8,
}

/// A card that was found, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub id: String,
    /// In which language it was found.
    pub language: String,
    pub score: u32,
}

const TITLE: u8 = 9;
const KNOWN_AS: u8 = 7;
const STEP: u8 = 2;
const REST: u8 = 1;

/// A word that is written out, one that begins so, one that is nearly so.
const EXACT: u32 = 6;
const BEGINS: u32 = 4;
const NEARLY: u32 = 2;

/// A word with more letters is none.
const LONGEST: usize = 40;
/// Of a query that somebody has pasted.
const MAX_WORDS: usize = 12;
/// More are read by nobody.
const MAX_FOUND: usize = 40;

impl Index {
    pub fn new(cards: &[Card], speak: &[SpeakCard]) -> Self {
        let mut own = Self::default();
        let mut all: Vec<(String, Hit)> = vec![];
        for card in cards {
            let at = own.place(&card.id);
            for (language, text) in &card.texts {
                let language = own.language(language);
                card_words(text, &mut |words, weight| {
                    add(&mut all, words, Hit { card: at, language, weight });
                });
            }
        }
        for card in speak {
            let at = own.place(&card.id);
            for (language, text) in &card.texts {
                let language = own.language(language);
                add(&mut all, &text.title, Hit { card: at, language, weight: TITLE });
                for words in &text.words {
                    add(&mut all, words, Hit { card: at, language, weight: KNOWN_AS });
                }
                for line in &text.lines {
                    add(&mut all, &line.label, Hit { card: at, language, weight: STEP });
                }
            }
        }
        order::sort(&mut all);
        for (text, hit) in all {
            match own.words.last_mut().filter(|word| word.text == text) {
                Some(word) => match word.hits.last_mut() {
                    Some(last) if last.card == hit.card && last.language == hit.language => {
                        last.weight = last.weight.max(hit.weight);
                    }
                    _ => word.hits.push(hit),
                },
                None => own.words.push(Word { text, hits: vec![hit] }),
            }
        }
        own
    }

    fn place(&mut self, id: &str) -> u16 {
        self.ids.push(id.to_owned());
        u16::try_from(self.ids.len() - 1).unwrap_or(u16::MAX)
    }

    fn language(&mut self, language: &str) -> u8 {
        let known = self.languages.iter().position(|own| own == language);
        let at = known.unwrap_or_else(|| {
            self.languages.push(language.to_owned());
            self.languages.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    /// Cards in which every word of `query` stands, begins a word or, where none does, is nearly one; if none has all, those
    /// with the most. Words that stand nowhere are passed over. What is in `language` comes before others as good.
    pub fn search(&self, query: &str, language: &str) -> Vec<Found> {
        let mut asked = words(query);
        asked.truncate(MAX_WORDS);
        // "In a car": a letter by itself says nothing beside a word.
        if asked.iter().any(|word| long(word, 2)) {
            asked.retain(|word| long(word, 2));
        }
        let mut each: Vec<Vec<Score>> = asked.iter().map(|word| self.scores(word)).collect();
        // A word that stands nowhere narrows nothing down.
        each.retain(|scores| !scores.is_empty());
        let all =
            each.iter().skip(1).fold(each.first().cloned().unwrap_or_default(), |sum, own| both(sum, own));
        let sums = if all.is_empty() { either(each) } else { all };
        let mut found: Vec<Found> = vec![];
        for score in sums {
            let (Some(id), Some(own)) =
                (self.ids.get(usize::from(score.card)), self.languages.get(usize::from(score.language)))
            else {
                continue;
            };
            let score = 2 * score.sum + u32::from(own == language);
            match found.iter_mut().find(|found| found.id == *id) {
                Some(found) if found.score >= score => {}
                Some(found) => (found.score, found.language) = (score, own.clone()),
                None => found.push(Found { id: id.clone(), language: own.clone(), score }),
            }
        }
        order::sort_by(&mut found, |one, other| {
            other.score.cmp(&one.score).then_with(|| one.id.cmp(&other.id))
        });
        found.truncate(MAX_FOUND);
        found
    }

    /// How well each card has this word, by card and language.
    fn scores(&self, word: &str) -> Vec<Score> {
        self.look(word, false)
    }

    /// `again` once what stands together with an Arabic word was taken off.
    fn look(&self, word: &str, again: bool) -> Vec<Score> {
        let mut scores = vec![];
        let from = self.words.partition_point(|own| own.text.as_str() < word);
        let begin = self.words.get(from..).unwrap_or_default().iter();
        for own in begin.take_while(|own| own.text.starts_with(word)) {
            let factor = if own.text.len() == word.len() { EXACT } else { BEGINS };
            push(&mut scores, own, factor);
        }
        if let Some(bare) = without_prefix(word).filter(|_| scores.is_empty() && !again) {
            return self.look(&bare, true);
        }
        // "hijacked" of a card that says "hijack".
        if scores.is_empty() {
            for own in self.words.iter().filter(|own| word.starts_with(&own.text) && long(&own.text, 5)) {
                push(&mut scores, own, NEARLY);
            }
        }
        if scores.is_empty() {
            let letters: Vec<char> = word.chars().take(LONGEST + 1).collect();
            let most = slips(letters.len());
            for own in self.words.iter().filter(|_| most > 0) {
                if is_near(&letters, &own.text, most) {
                    push(&mut scores, own, NEARLY);
                }
            }
        }
        order::sort_by_key(&mut scores, |score| (score.card, score.language));
        let mut best: Vec<Score> = vec![];
        for score in scores {
            match best.last_mut().filter(|last| last.is_where(score)) {
                Some(last) => last.sum = last.sum.max(score.sum),
                None => best.push(score),
            }
        }
        best
    }
}

#[derive(Debug, Clone, Copy)]
struct Score {
    card: u16,
    language: u8,
    sum: u32,
}

impl Score {
    fn is_where(self, other: Self) -> bool {
        (self.card, self.language) == (other.card, other.language)
    }
}

fn push(scores: &mut Vec<Score>, word: &Word, factor: u32) {
    for hit in &word.hits {
        scores.push(Score { card: hit.card, language: hit.language, sum: factor * u32::from(hit.weight) });
    }
}

/// Cards that have any of the words; those that have more of them have more.
fn either(each: Vec<Vec<Score>>) -> Vec<Score> {
    let mut all: Vec<Score> = each.into_iter().flatten().collect();
    order::sort_by_key(&mut all, |score| (score.card, score.language));
    let mut sums: Vec<Score> = vec![];
    for score in all {
        match sums.last_mut().filter(|last| last.is_where(score)) {
            Some(last) => last.sum += score.sum,
            None => sums.push(score),
        }
    }
    sums
}

/// Cards that have both words, in one language; both lists are in one order.
fn both(one: Vec<Score>, other: &[Score]) -> Vec<Score> {
    let mut all = vec![];
    for mut score in one {
        let key = (score.card, score.language);
        let at = other.partition_point(|other| (other.card, other.language) < key);
        if let Some(second) = other.get(at).filter(|second| second.is_where(score)) {
            score.sum += second.sum;
            all.push(score);
        }
    }
    all
}

fn card_words(text: &CardText, add: &mut dyn FnMut(&str, u8)) {
    add(&text.title, TITLE);
    for words in &text.words {
        add(words, KNOWN_AS);
    }
    for step in &text.steps {
        add(step, STEP);
    }
    for line in text.why.iter().chain(&text.avoid).chain(&text.tell) {
        add(line, REST);
    }
}

fn add(all: &mut Vec<(String, Hit)>, text: &str, hit: Hit) {
    for word in words(text) {
        // What Arabic writes together with a word is looked up with and without.
        if let Some(bare) = without_prefix(&word) {
            all.push((bare, hit));
        }
        all.push((word, hit));
    }
}

/// The words of a text, folded; single letters of an alphabet say nothing.
fn words(text: &str) -> Vec<String> {
    let apart = |c: char| {
        !c.is_alphanumeric()
            && !matches!(c, '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}')
    };
    text.split(apart).map(folded).filter(|word| !word.is_empty()).collect()
}

/// "والحاجز", "بالحاجز", "للحاجز" as "حاجز".
fn without_prefix(word: &str) -> Option<String> {
    const TOGETHER: [&str; 8] = ["وال", "بال", "فال", "كال", "لل", "و", "ب", "ل"];
    let rest = TOGETHER.iter().find_map(|prefix| word.strip_prefix(prefix))?;
    long(rest, 3).then(|| rest.to_owned())
}

fn long(word: &str, least: usize) -> bool {
    word.chars().count() >= least
}

/// How many slips a word of so many letters is forgiven.
fn slips(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=7 => 1,
        8..=LONGEST => 2,
        // No word that anybody means.
        _ => 0,
    }
}

/// Whether so many letters more, fewer, other or exchanged make of `word` the beginning of `other`, or `other` itself.
fn is_near(word: &[char], other: &str, most: usize) -> bool {
    let other: Vec<char> = other.chars().take(word.len() + most).collect();
    if other.len() + most < word.len() {
        return false;
    }
    // Damerau's distance between words, a row at a time; of `other`, any beginning counts.
    let width = other.len() + 1;
    let mut before: Vec<usize> = vec![];
    let mut last: Vec<usize> = (0..width).collect();
    for (at, letter) in word.iter().enumerate() {
        let mut row = Vec::with_capacity(width);
        row.push(at + 1);
        for (nth, other_letter) in other.iter().enumerate() {
            let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let change = get(&last, nth) + usize::from(letter != other_letter);
            let mut cost = change.min(get(&last, nth + 1) + 1).min(get(&row, nth) + 1);
            let swapped = nth > 0
                && at > 0
                && other.get(nth - 1) == Some(letter)
                && word.get(at - 1) == Some(other_letter);
            if swapped {
                cost = cost.min(get(&before, nth - 1) + 1);
            }
            row.push(cost);
        }
        if row.iter().all(|cost| *cost > most) {
            return false;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.iter().any(|cost| *cost <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn card(id: &str, texts: &[(&str, &str, &str, &str)]) -> Card {
        let texts: BTreeMap<_, _> = texts
            .iter()
            .map(|(language, title, words, step)| {
                let words = words.split(',').map(|word| word.trim().to_owned()).collect();
                let text = CardText {
                    title: (*title).to_owned(),
                    words,
                    steps: vec![(*step).to_owned()],
                    ..CardText::default()
                };
                ((*language).to_owned(), text)
            })
            .collect();
        Card { id: id.to_owned(), texts, ..Card::default() }
    }

    fn index() -> Index {
        Index::new(
            &[
                card(
                    "carjacking",
                    &[
                        ("en", "Carjacking", "hijack, vehicle theft", "Give them the keys"),
                        ("fr", "Vol de véhicule", "braquage", "Donnez les clés"),
                        ("ar", "سرقة السيارة بالقوة", "خطف السيارة", "سلّموا المفاتيح"),
                    ],
                ),
                card(
                    "checkpoint",
                    &[
                        ("en", "Checkpoint", "roadblock", "Slow down, keep the keys in"),
                        ("es", "Puesto de control", "retén", "Reduzca la velocidad"),
                        ("ar", "نقطة تفتيش", "الحاجز, حواجز", "تمهّلوا عند الحاجز"),
                    ],
                ),
            ],
            &[],
        )
    }

    fn ids(query: &str, language: &str) -> Vec<String> {
        index().search(query, language).into_iter().map(|found| found.id).collect()
    }

    #[test]
    fn a_card_is_found_by_title_synonym_and_step_in_four_languages() {
        for (query, id) in [
            ("hijack", "carjacking"),
            ("Hijacked", "carjacking"),
            ("check", "checkpoint"),
            ("vehicule", "carjacking"),
            ("RETEN", "checkpoint"),
            ("puesto control", "checkpoint"),
            ("حاجز", "checkpoint"),
            ("الحاجز", "checkpoint"),
            ("بالحاجز", "checkpoint"),
            ("تَفتيش", "checkpoint"),
            ("سياره", "carjacking"),
        ] {
            assert_eq!(ids(query, "en").first().map(String::as_str), Some(id), "{query}");
        }
    }

    #[test]
    fn slips_of_the_thumb_are_forgiven() {
        for query in ["chekpoint", "checkpiont", "hcekpoint", "roadblok", "checkpoimt"] {
            assert_eq!(ids(query, "en"), ["checkpoint"], "{query}");
        }
        assert_eq!(ids("carjakcing", "en"), ["carjacking"]);
        assert_eq!(ids("xyz", "en"), [""; 0]);
        assert_eq!(ids("kez", "en"), [""; 0], "three letters are too few to guess");
    }

    #[test]
    fn every_word_has_to_be_there_and_titles_stand_first() {
        assert_eq!(ids("keys", "en"), ["carjacking", "checkpoint"]);
        assert_eq!(ids("keys slow", "en"), ["checkpoint"]);
        assert_eq!(ids("they took our keys", "en"), ["carjacking", "checkpoint"], "words that stand nowhere");
        assert_eq!(ids("hijack roadblock", "en").len(), 2, "no card has both");
        assert_eq!(ids("  …  ", "en"), [""; 0]);
    }

    #[test]
    fn it_says_in_which_language_it_was_found() {
        assert_eq!(index().search("braquage", "en")[0].language, "fr");
        assert_eq!(index().search("حاجز", "ar")[0].language, "ar");
    }

    #[test]
    fn any_text_may_be_asked_for() {
        for query in [
            "\u{0}",
            "🚗",
            "a",
            "((((",
            &"ab ".repeat(5_000),
            &"ط".repeat(10_000),
            &"ب".repeat(10_000),
            &"وال".repeat(4_000),
        ] {
            let _ = index().search(query, "en");
        }
    }
}
