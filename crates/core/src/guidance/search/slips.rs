use super::LONGEST;

/// Which letters a word has, one bit for each; several letters share one.
pub(super) fn letters(word: impl Iterator<Item = char>) -> u32 {
    word.fold(0, |all, letter| all | 1 << (u32::from(letter) % u32::BITS))
}

/// Compares words with one that was typed with slips: so many letters more, fewer, other or exchanged.
pub(super) struct Near {
    word: Vec<char>,
    letters: u32,
    most: usize,
    /// The word it is compared with, and rows of distances: kept, for there are thousands.
    other: Vec<char>,
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Near {
    /// `None` of a word that is forgiven nothing.
    pub fn new(word: &str) -> Option<Self> {
        let word: Vec<char> = word.chars().take(LONGEST + 1).collect();
        let most = match word.len() {
            0..=3 => return None,
            4..=7 => 1,
            8..=LONGEST => 2,
            // No word that anybody means.
            _ => return None,
        };
        let letters = letters(word.iter().copied());
        Some(Self { word, letters, most, other: vec![], before: vec![], last: vec![], row: vec![] })
    }

    /// Every letter that the other has not is a slip: spares measuring nearly all of them.
    pub fn may_be(&self, other: u32) -> bool {
        (self.letters & !other).count_ones() as usize <= self.most
    }

    /// Whether it is the beginning of `other`, or `other` itself, but for slips.
    pub fn is(&mut self, other: &str) -> bool {
        let Self { word, most, other: letters, before, last, row, .. } = self;
        letters.clear();
        letters.extend(other.chars().take(word.len() + *most));
        if letters.len() + *most < word.len() {
            return false;
        }
        // Damerau's distance between words, a row at a time; of `other`, any beginning counts.
        last.clear();
        last.extend(0..=letters.len());
        let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
        for (at, letter) in word.iter().enumerate() {
            row.clear();
            row.push(at + 1);
            for (nth, other) in letters.iter().enumerate() {
                let change = get(last, nth) + usize::from(letter != other);
                let mut cost = change.min(get(last, nth + 1) + 1).min(get(row, nth) + 1);
                let swapped = nth > 0
                    && at > 0
                    && letters.get(nth - 1) == Some(letter)
                    && word.get(at - 1) == Some(other);
                if swapped {
                    cost = cost.min(get(before, nth - 1) + 1);
                }
                row.push(cost);
            }
            if row.iter().all(|cost| *cost > *most) {
                return false;
            }
            std::mem::swap(before, last);
            std::mem::swap(last, row);
        }
        last.iter().any(|cost| *cost <= *most)
    }
}
