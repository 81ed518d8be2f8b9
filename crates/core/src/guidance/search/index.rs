use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::item::Item;
use super::slips::letters;
use super::words::{raw_words, without_prefix};
use crate::spelling::folded;

/// Every word of a library in every language and where it stands, for a search that follows the typing. It is made an item
/// at a time, so that a phone can draw in between; what was taken in is found already.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// In order, for prefixes; places in `words`.
    pub(super) order: BTreeMap<String, u32>,
    pub(super) words: Vec<Word>,
    pub(super) languages: Vec<String>,
    /// Every word as it was written, and what it stands for: most are written again and again. Empty once all is taken in.
    written: HashMap<String, Written, BuildHasherDefault<Quick>>,
    reach: Reach,
    /// How many items have been taken in as far as [`Reach`] is to go next.
    taken: u16,
}

/// How far an index has been made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Reach {
    #[default]
    Nothing,
    /// Titles, and what else things are called.
    Names,
    All,
}

#[derive(Debug, Clone)]
pub(super) struct Word {
    /// See [`letters`].
    pub letters: u32,
    pub hits: Vec<Hit>,
}

/// Where a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub item: u16,
    pub language: u8,
    pub weight: u8,
}

/// Places in `words`.
#[derive(Debug, Clone, Copy)]
struct Written {
    word: Option<u32>,
    /// Without what Arabic writes together with it: it is looked up with and without.
    bare: Option<u32>,
}

impl Index {
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// Takes in the next of the items that `item` gives by their place, as far as one turn goes; whether there is more to do.
    pub(crate) fn go_on<'a>(&mut self, item: impl Fn(usize) -> Option<Item<'a>>) -> bool {
        if self.reach == Reach::All {
            return false;
        }
        match item(usize::from(self.taken)).filter(|_| self.taken < u16::MAX) {
            Some(next) => {
                let (at, reach) = (self.taken, self.reach);
                let mut add = |language: &str, text: &str, weight: u8| self.add(at, language, text, weight);
                match reach {
                    Reach::Nothing => next.names(&mut add),
                    _ => next.lines(&mut add),
                }
                self.taken += 1;
            }
            None if self.reach == Reach::Nothing => (self.reach, self.taken) = (Reach::Names, 0),
            None => (self.reach, self.written) = (Reach::All, HashMap::default()),
        }
        self.reach != Reach::All
    }

    fn add(&mut self, item: u16, language: &str, text: &str, weight: u8) {
        let hit = Hit { item, language: self.language(language), weight };
        for word in raw_words(text) {
            let Written { word, bare } = self.written.get(word).copied().unwrap_or_else(|| self.learn(word));
            for at in [word, bare].into_iter().flatten() {
                if let Some(word) = self.words.get_mut(at as usize) {
                    word.stands(hit);
                }
            }
        }
    }

    fn learn(&mut self, written: &str) -> Written {
        let word = folded(written);
        let bare = without_prefix(&word).map(|bare| self.place(bare));
        let own = Written { word: (!word.is_empty()).then(|| self.place(&word)), bare };
        self.written.insert(written.to_owned(), own);
        own
    }

    fn place(&mut self, word: &str) -> u32 {
        if let Some(at) = self.order.get(word) {
            return *at;
        }
        let at = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.order.insert(word.to_owned(), at);
        self.words.push(Word { letters: letters(word.chars()), hits: vec![] });
        at
    }

    fn language(&mut self, language: &str) -> u8 {
        let known = self.languages.iter().position(|own| own == language);
        let at = known.unwrap_or_else(|| {
            self.languages.push(language.to_owned());
            self.languages.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }
}

impl Word {
    fn stands(&mut self, hit: Hit) {
        match self.hits.last_mut().filter(|last| (last.item, last.language) == (hit.item, hit.language)) {
            Some(last) => last.weight = last.weight.max(hit.weight),
            None => self.hits.push(hit),
        }
    }
}

/// FNV-1a: the standard hash does more, to guard against keys that were chosen to collide. Packs are signed.
#[derive(Debug, Clone, Copy)]
struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
