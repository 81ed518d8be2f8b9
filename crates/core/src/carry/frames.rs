//! A bundle as a sequence of pictures: each frame is one QR code, and any enough of them give the whole.
//!
//! The text is cut into blocks of the same size. The first frames are the blocks themselves; each later one is the XOR of
//! those that its number chooses at random, so that no frame is worth waiting for: about two more than there are blocks,
//! whichever they are, are enough (random linear coding over GF(2)).
//!
//! A frame in bytes, big-endian: version (1 byte), the first eight bytes of the SHA-256 of the text, its length (3),
//! the number of the frame (2), the block. In letters: `W:` and base 45.

use super::base45;
use crate::event::Digest;

/// Bytes of text in a frame: with what is beside them, a QR code of version 13 at level M.
pub const BLOCK: usize = 300;
/// The longest text that is shown in frames, in bytes.
pub const MAX_TEXT: usize = 32 << 10;

const VERSION: u8 = 1;
const PREFIX: &str = "W:";
const HEAD: usize = 14;

type Name = [u8; 8];

/// Makes the frames of one text, as many as are asked for.
pub struct Sequence {
    name: Name,
    length: usize,
    blocks: Vec<Vec<u8>>,
}

/// The text is longer than [`MAX_TEXT`], or there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text of {0} bytes is not shown in frames")]
pub struct NotInFrames(pub usize);

impl Sequence {
    /// # Errors
    /// [`NotInFrames`].
    pub fn new(text: &str) -> Result<Self, NotInFrames> {
        let bytes = text.as_bytes();
        if bytes.is_empty() || bytes.len() > MAX_TEXT {
            return Err(NotInFrames(bytes.len()));
        }
        let padded = |block: &[u8]| {
            let mut block = block.to_vec();
            block.resize(BLOCK, 0);
            block
        };
        Ok(Self {
            name: name_of(text),
            length: bytes.len(),
            blocks: bytes.chunks(BLOCK).map(padded).collect(),
        })
    }

    /// How many frames are enough if none is missed.
    pub fn least(&self) -> usize {
        self.blocks.len()
    }

    /// The text of frame `number`; after the last there is the first again.
    pub fn frame(&self, number: u16) -> String {
        let mut block = vec![0; BLOCK];
        for (at, chosen) in chosen(self.name, number, self.blocks.len()).iter().enumerate() {
            if *chosen {
                add(&mut block, &self.blocks[at]);
            }
        }
        let mut bytes = Vec::with_capacity(HEAD + BLOCK);
        bytes.push(VERSION);
        bytes.extend(self.name);
        bytes.extend(&u32::try_from(self.length).unwrap_or(u32::MAX).to_be_bytes()[1..]);
        bytes.extend(number.to_be_bytes());
        bytes.extend(block);
        format!("{PREFIX}{}", base45::encode(&bytes))
    }
}

fn name_of(text: &str) -> Name {
    let digest = Digest::of_bytes(text.as_bytes()).to_string();
    let mut name = [0; 8];
    for (byte, at) in name.iter_mut().zip((0..16).step_by(2)) {
        *byte = digest.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or_default();
    }
    name
}

/// Which blocks are in a frame.
fn chosen(name: Name, number: u16, count: usize) -> Vec<bool> {
    let number = usize::from(number);
    if number < count {
        return (0..count).map(|at| at == number).collect();
    }
    // SplitMix64, from what the text is called and the frame's number.
    let mut state = u64::from_be_bytes(name) ^ (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    };
    let mut chosen = Vec::with_capacity(count);
    while chosen.len() < count {
        let word = next();
        chosen.extend((0..64).map(|bit| word >> bit & 1 == 1).take(count - chosen.len()));
    }
    chosen
}

fn add(to: &mut [u8], block: &[u8]) {
    to.iter_mut().zip(block).for_each(|(own, other)| *own ^= other);
}

/// Puts frames together, in whatever order and however often they come.
#[derive(Debug, Clone, Default)]
pub struct Gathering {
    name: Option<(Name, usize)>,
    /// By the first block that is in each: which blocks are in it, and their XOR.
    rows: Vec<Option<(Vec<bool>, Vec<u8>)>>,
    found: usize,
}

/// What a frame brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gathered {
    /// So many of so many are here.
    Part(usize, usize),
    /// No frame of ours.
    Strange,
    /// The frames contradict each other; it begins anew.
    Broken,
    Whole(String),
}

impl Gathering {
    /// Takes in what a QR code says. A frame of another text begins anew.
    pub fn take(&mut self, text: &str) -> Gathered {
        let Some((name, length, number, block)) = read(text) else { return Gathered::Strange };
        if self.name != Some((name, length)) {
            let count = length.div_ceil(BLOCK);
            *self = Self { name: Some((name, length)), rows: vec![None; count], found: 0 };
        }
        self.reduce(chosen(name, number, self.rows.len()), block);
        if self.found < self.rows.len() {
            return Gathered::Part(self.found, self.rows.len());
        }
        let whole = self.solve(length).filter(|text| name_of(text) == name);
        if whole.is_none() {
            *self = Self::default();
        }
        whole.map_or(Gathered::Broken, Gathered::Whole)
    }

    /// Takes out of a frame what is known of it already; what is left over is news.
    fn reduce(&mut self, mut chosen: Vec<bool>, mut block: Vec<u8>) {
        for at in 0..self.rows.len() {
            if !chosen[at] {
                continue;
            }
            let Some((others, known)) = &self.rows[at] else {
                self.rows[at] = Some((chosen, block));
                self.found += 1;
                return;
            };
            chosen.iter_mut().zip(others).for_each(|(own, other)| *own ^= other);
            add(&mut block, known);
        }
    }

    fn solve(&self, length: usize) -> Option<String> {
        let mut blocks: Vec<Vec<u8>> = vec![vec![]; self.rows.len()];
        for at in (0..self.rows.len()).rev() {
            let (chosen, block) = self.rows[at].as_ref()?;
            let mut block = block.clone();
            for other in at + 1..chosen.len() {
                if chosen[other] {
                    add(&mut block, &blocks[other]);
                }
            }
            blocks[at] = block;
        }
        let mut bytes = blocks.concat();
        bytes.truncate(length);
        String::from_utf8(bytes).ok()
    }
}

fn read(text: &str) -> Option<(Name, usize, u16, Vec<u8>)> {
    // Longer codes are not ours.
    let letters = text.strip_prefix(PREFIX).filter(|letters| letters.len() <= 2 * (HEAD + BLOCK))?;
    let bytes = base45::decode(letters)?;
    let (head, block) = bytes.split_at_checked(HEAD)?;
    let length = usize::from(head[9]) << 16 | usize::from(head[10]) << 8 | usize::from(head[11]);
    let good = head[0] == VERSION && block.len() == BLOCK && (1..=MAX_TEXT).contains(&length);
    let name = head[1..9].try_into().ok()?;
    good.then(|| (name, length, u16::from_be_bytes([head[12], head[13]]), block.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random::Random;

    fn text(length: usize) -> String {
        (0..length).map(|at| char::from(b'a' + u8::try_from(at * at % 26).unwrap())).collect()
    }

    /// Gathers the frames with these numbers; how many it took.
    fn gathered(text: &str, numbers: impl Iterator<Item = u16>) -> Option<usize> {
        let sequence = Sequence::new(text).unwrap();
        let mut gathering = Gathering::default();
        for (count, number) in numbers.enumerate() {
            match gathering.take(&sequence.frame(number)) {
                Gathered::Whole(whole) => {
                    assert_eq!(whole, text);
                    return Some(count + 1);
                }
                Gathered::Part(found, of) => assert!(found < of),
                other => panic!("{other:?}"),
            }
        }
        None
    }

    #[test]
    fn the_first_frames_alone_are_enough() {
        for length in [1, 299, 300, 301, 5_000, MAX_TEXT] {
            assert_eq!(gathered(&text(length), 0..), Some(length.div_ceil(BLOCK)));
        }
    }

    #[test]
    fn any_frames_are_enough_in_any_order_and_half_of_them_lost() {
        let mut random = Random(7);
        for seed in 0..40 {
            let text = format!("{seed}{}", text(300 * 30));
            let least = Sequence::new(&text).unwrap().least();
            let mut numbers: Vec<u16> = (0..400).filter(|_| random.once_in(2)).collect();
            for at in (1..numbers.len()).rev() {
                numbers.swap(at, random.below(at + 1));
            }
            let took = gathered(&text, numbers.into_iter()).unwrap();
            assert!(took <= least + 14, "{took} of {least}");
        }
    }

    #[test]
    fn the_same_frame_again_is_no_news_and_another_text_begins_anew() {
        let (one, other) = (Sequence::new(&text(900)).unwrap(), Sequence::new("short").unwrap());
        let mut gathering = Gathering::default();
        assert_eq!(gathering.take(&one.frame(0)), Gathered::Part(1, 3));
        assert_eq!(gathering.take(&one.frame(0)), Gathered::Part(1, 3));
        assert_eq!(gathering.take(&one.frame(2)), Gathered::Part(2, 3));
        assert_eq!(gathering.take(&other.frame(0)), Gathered::Whole("short".into()));
    }

    #[test]
    fn what_is_no_frame_is_strange_and_a_changed_one_is_found_out() {
        let sequence = Sequence::new(&text(600)).unwrap();
        let mut gathering = Gathering::default();
        let frame = sequence.frame(0);
        let changed_version = format!("W:{}", base45::encode(&[9; HEAD + BLOCK]));
        for strange in ["", "W:", "https://example.org", &frame[2..], &frame[..40], &changed_version] {
            assert_eq!(gathering.take(strange), Gathered::Strange, "{strange}");
        }
        let mut bytes = base45::decode(&frame[2..]).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        gathering.take(&format!("W:{}", base45::encode(&bytes)));
        assert_eq!(gathering.take(&sequence.frame(1)), Gathered::Broken);
        assert_eq!(gathering.take(&frame), Gathered::Part(1, 2));
    }

    #[test]
    fn a_frame_fits_a_code_of_version_thirteen() {
        let frame = Sequence::new(&text(MAX_TEXT)).unwrap().frame(5_000);
        // ISO/IEC 18004, table 7: alphanumeric, version 13, level M.
        assert!(frame.len() <= 483, "{}", frame.len());
        assert_eq!(Sequence::new(&text(MAX_TEXT + 1)).err(), Some(NotInFrames(MAX_TEXT + 1)));
        assert_eq!(Sequence::new("").err(), Some(NotInFrames(0)));
    }
}
