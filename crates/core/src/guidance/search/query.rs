use std::cmp::Reverse;
use std::ops::Bound;

use super::LONGEST;
use super::index::Index;
use super::slips::Near;
use super::words::{is_long, without_prefix, words};
use crate::order;

/// A word that is written out, one that begins so, one that is nearly so.
const EXACT: u32 = 6;
const BEGINS: u32 = 4;
const NEARLY: u32 = 2;

/// Of a query that somebody has pasted.
const MAX_WORDS: usize = 12;
/// More are read by nobody.
const MAX_FOUND: usize = 40;

/// What one item in one language has of a query.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    words: usize,
    score: u32,
}

/// The best that each item in each language has of one word.
struct Best {
    scores: Vec<u32>,
    languages: usize,
    any: bool,
}

impl Index {
    /// Places of items in which every word of `query` stands, begins a word or, where none does, is nearly one; if none has
    /// all, those with the most. Words that stand nowhere are passed over. With the language in which it was found and how
    /// well; what is in `language` comes before others as good.
    pub(crate) fn search(&self, query: &str, language: &str, items: usize) -> Vec<(usize, &str, u32)> {
        let mut asked: Vec<String> = words(query).take(MAX_WORDS).collect();
        // "In a car": a letter by itself says nothing beside a word.
        if asked.iter().any(|word| is_long(word, 2)) {
            asked.retain(|word| is_long(word, 2));
        }
        let languages = self.languages.len();
        let mut sums = vec![Sum::default(); items * languages];
        let mut best = Best { scores: vec![0; sums.len()], languages, any: false };
        let mut known = 0;
        for word in asked {
            self.look(&word, false, &mut best);
            // A word that stands nowhere narrows nothing down.
            known += usize::from(std::mem::take(&mut best.any));
            for (sum, score) in sums.iter_mut().zip(&mut best.scores).filter(|(_, score)| **score > 0) {
                sum.words += 1;
                sum.score += std::mem::take(score);
            }
        }
        let all = sums.iter().any(|sum| sum.words == known);
        let least = if all { known } else { 1 }.max(1);
        let mut found = vec![];
        for (item, sums) in sums.chunks(languages.max(1)).enumerate() {
            let fits = sums.iter().zip(&self.languages).filter(|(sum, _)| sum.words >= least);
            let scored = fits.map(|(sum, own)| (2 * sum.score + u32::from(own == language), own.as_str()));
            if let Some((score, own)) = scored.reduce(|one, other| if other.0 > one.0 { other } else { one })
            {
                found.push((item, own, score));
            }
        }
        order::sort_by_key(&mut found, |(item, _, score)| (Reverse(*score), *item));
        found.truncate(MAX_FOUND);
        found
    }

    /// How well each item has this word; `again` once what stands together with an Arabic word was taken off.
    fn look(&self, word: &str, again: bool, best: &mut Best) {
        let from = (Bound::Included(word), Bound::Unbounded);
        for (own, at) in self.order.range::<str, _>(from).take_while(|(own, _)| own.starts_with(word)) {
            self.note(*at, if own.len() == word.len() { EXACT } else { BEGINS }, best);
        }
        if best.any {
            return;
        }
        if let Some(bare) = without_prefix(word).filter(|_| !again) {
            return self.look(bare, true, best);
        }
        // "hijacked" of a card that says "hijack".
        for (end, _) in word.char_indices().skip(5).take(LONGEST) {
            if let Some(at) = word.get(..end).and_then(|begin| self.order.get(begin)) {
                self.note(*at, NEARLY, best);
            }
        }
        let Some(mut near) = Near::new(word).filter(|_| !best.any) else { return };
        for (own, at) in &self.order {
            let may = self.words.get(*at as usize).is_some_and(|word| near.may_be(word.letters));
            if may && near.is(own) {
                self.note(*at, NEARLY, best);
            }
        }
    }

    fn note(&self, at: u32, factor: u32, best: &mut Best) {
        for hit in self.words.get(at as usize).iter().flat_map(|word| &word.hits) {
            let at = usize::from(hit.item) * best.languages + usize::from(hit.language);
            if let Some(score) = best.scores.get_mut(at) {
                *score = (*score).max(factor * u32::from(hit.weight));
                best.any = true;
            }
        }
    }
}
