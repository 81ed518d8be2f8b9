//! QR codes of one kind (ISO/IEC 18004): version 13, level M, letters and figures. A frame needs no other, and a general
//! encoder is ten times as large to download.

use std::fmt::Write as _;

/// Modules on each side.
pub const SIDE: usize = 69;
/// The quiet zone that has to be around it, in modules.
pub const QUIET: usize = 4;
/// The most letters in one code.
const MAX_LETTERS: usize = 483;

const LETTERS: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/// Of data, in codewords; each block has [`CHECK`] more.
const BLOCKS: [usize; 9] = [37, 37, 37, 37, 37, 37, 37, 37, 38];
const CHECK: usize = 22;
const DATA: usize = 334;
const ALIGNED: [usize; 3] = [6, 34, 62];
/// Version 13 with its check bits (table D.1), and level M with mask 0 (table C.1).
const VERSION_BITS: u32 = 0x0_d847;
const FORMAT_BITS: u32 = 0x5412;

/// A code: true for dark, row by row, without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture(Vec<bool>);

impl Picture {
    /// `None` if the text has other letters, or too many.
    pub fn of(text: &str) -> Option<Self> {
        let mut canvas = Canvas { dark: vec![false; SIDE * SIDE], fixed: vec![false; SIDE * SIDE] };
        canvas.patterns();
        canvas.fill(&interleave(&codewords(text)?));
        Some(Self(canvas.dark))
    }

    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        self.0[y * SIDE + x]
    }

    /// The dark modules as the path of an SVG whose units are modules, the quiet zone included.
    pub fn path(&self) -> String {
        let mut path = String::with_capacity(16 << 10);
        for y in 0..SIDE {
            let mut x = 0;
            while x < SIDE {
                let run = (x..SIDE).take_while(|x| self.is_dark(*x, y)).count();
                if run > 0 {
                    let (left, top) = (x + QUIET, y + QUIET);
                    // Writing to a string does not fail.
                    let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
                }
                x += run.max(1);
            }
        }
        path
    }
}

/// The data: what it is, how much of it, the letters, and what fills it up.
fn codewords(text: &str) -> Option<Vec<u8>> {
    if text.len() > MAX_LETTERS {
        return None;
    }
    let mut bits = Bits::default();
    bits.push(0b0010, 4);
    bits.push(u32::try_from(text.len()).ok()?, 11);
    for pair in text.as_bytes().chunks(2) {
        let value = |letter: u8| LETTERS.iter().position(|own| *own == letter);
        match *pair {
            [first, second] => bits.push(u32::try_from(value(first)? * 45 + value(second)?).ok()?, 11),
            _ => bits.push(u32::try_from(value(pair[0])?).ok()?, 6),
        }
    }
    let end = (DATA * 8 - bits.count).min(4);
    bits.push(0, end);
    let mut bytes = bits.bytes;
    let filling = [0xec, 0x11].into_iter().cycle().take(DATA - bytes.len());
    bytes.extend(filling);
    Some(bytes)
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    count: usize,
}

impl Bits {
    fn push(&mut self, value: u32, bits: usize) {
        for bit in (0..bits).rev() {
            if self.count.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut().filter(|_| value >> bit & 1 == 1) {
                *last |= 0x80 >> (self.count % 8);
            }
            self.count += 1;
        }
    }
}

/// The blocks' data in turn, then their check words in turn.
fn interleave(data: &[u8]) -> Vec<u8> {
    let generator = generator();
    let mut rest = data;
    let mut blocks = vec![];
    for length in BLOCKS {
        let (block, after) = rest.split_at(length);
        blocks.push((block, check(block, &generator)));
        rest = after;
    }
    let mut all = vec![];
    for at in 0..=BLOCKS[0] {
        all.extend(blocks.iter().filter_map(|(block, _)| block.get(at)));
    }
    for at in 0..CHECK {
        all.extend(blocks.iter().filter_map(|(_, check)| check.get(at)));
    }
    all
}

/// In GF(256) with the polynomial x⁸ + x⁴ + x³ + x² + 1.
fn times(one: u8, other: u8) -> u8 {
    (0..8).rev().fold(0_u8, |product, bit| {
        let doubled = product << 1 ^ if product & 0x80 == 0 { 0 } else { 0x1d };
        doubled ^ if other >> bit & 1 == 1 { one } else { 0 }
    })
}

/// The coefficients of (x − 1)(x − 2)(x − 4)…, without the first, which is 1.
fn generator() -> [u8; CHECK] {
    let mut all = [0; CHECK];
    all[CHECK - 1] = 1;
    let mut root = 1;
    for _ in 0..CHECK {
        for at in 0..CHECK {
            all[at] = times(all[at], root) ^ all.get(at + 1).copied().unwrap_or_default();
        }
        root = times(root, 2);
    }
    all
}

/// What is left of a block divided by the generator (Reed–Solomon).
fn check(block: &[u8], generator: &[u8; CHECK]) -> [u8; CHECK] {
    let mut left = [0; CHECK];
    for byte in block {
        let factor = byte ^ left[0];
        left.rotate_left(1);
        left[CHECK - 1] = 0;
        left.iter_mut().zip(generator).for_each(|(own, of)| *own ^= times(*of, factor));
    }
    left
}

struct Canvas {
    dark: Vec<bool>,
    /// Not for data.
    fixed: Vec<bool>,
}

impl Canvas {
    fn put(&mut self, x: usize, y: usize, dark: bool) {
        self.dark[y * SIDE + x] = dark;
        self.fixed[y * SIDE + x] = true;
    }

    fn patterns(&mut self) {
        for at in 0..SIDE {
            self.put(at, 6, at % 2 == 0);
            self.put(6, at, at % 2 == 0);
        }
        for (x, y) in [(3, 3), (SIDE - 4, 3), (3, SIDE - 4)] {
            self.rings(x, y, 4, &[0, 1, 3]);
        }
        let last = ALIGNED.len() - 1;
        for (across, x) in ALIGNED.into_iter().enumerate() {
            for (down, y) in ALIGNED.into_iter().enumerate() {
                if !matches!((across, down), (0, 0))
                    && (across, down) != (0, last)
                    && (across, down) != (last, 0)
                {
                    self.rings(x, y, 2, &[0, 2]);
                }
            }
        }
        for bit in 0..18 {
            let (near, far) = (bit / 3, SIDE - 11 + bit % 3);
            let dark = VERSION_BITS >> bit & 1 == 1;
            self.put(near, far, dark);
            self.put(far, near, dark);
        }
        self.format();
    }

    /// Squares around a module: dark at these distances, light at the others.
    fn rings(&mut self, x: usize, y: usize, reach: usize, dark: &[usize]) {
        for row in y.saturating_sub(reach)..(y + reach + 1).min(SIDE) {
            for column in x.saturating_sub(reach)..(x + reach + 1).min(SIDE) {
                let distance = row.abs_diff(y).max(column.abs_diff(x));
                self.put(column, row, dark.contains(&distance));
            }
        }
    }

    /// Twice: beside the first corner, and cut in two beside the others.
    fn format(&mut self) {
        for bit in 0..15 {
            let dark = FORMAT_BITS >> bit & 1 == 1;
            let along = |bit: usize| match bit {
                0..=5 => bit,
                6 | 7 => bit + 1,
                _ => SIDE - 15 + bit,
            };
            self.put(8, along(bit), dark);
            let back = match bit {
                0..=7 => SIDE - 1 - bit,
                8 => 7,
                _ => 14 - bit,
            };
            self.put(back, 8, dark);
        }
        self.put(8, SIDE - 8, true);
    }

    /// Two columns at a time, up and down in turn, from the right; under mask 0.
    fn fill(&mut self, words: &[u8]) {
        let mut bits = words.iter().flat_map(|word| (0..8).rev().map(move |bit| word >> bit & 1 == 1));
        let mut up = true;
        for right in (1..SIDE).rev().step_by(2) {
            // The column of the timing pattern is none.
            let right = if right <= 6 { right - 1 } else { right };
            for step in 0..SIDE {
                let y = if up { SIDE - 1 - step } else { step };
                for x in [right, right - 1] {
                    if !self.fixed[y * SIDE + x] {
                        let dark = bits.next().unwrap_or_default();
                        self.dark[y * SIDE + x] = dark ^ ((x + y) % 2 == 0);
                    }
                }
            }
            up = !up;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::carry::frames::{Gathered, Gathering, Sequence};

    /// What a reader that is not ours makes of a code, drawn at so many pixels a module.
    fn read(picture: &Picture, scale: usize) -> Option<String> {
        let side = (SIDE + 2 * QUIET) * scale;
        let grey = |x: usize, y: usize| {
            let (x, y) = ((x / scale).wrapping_sub(QUIET), (y / scale).wrapping_sub(QUIET));
            if x < SIDE && y < SIDE && picture.is_dark(x, y) { 20 } else { 240 }
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
        let [grid] = image.detect_grids().try_into().ok()?;
        grid.decode().ok().map(|(_, text)| text)
    }

    #[test]
    fn other_readers_read_it() {
        let full = "A1 $%*+-./:".repeat(50);
        for length in [1, 2, 3, 100, 473, 482, 483] {
            let picture = Picture::of(&full[..length]).unwrap();
            assert_eq!(read(&picture, 4).as_deref(), Some(&full[..length]), "{length}");
        }
        assert_eq!(Picture::of(&full[..484]), None);
        assert_eq!(Picture::of("lower"), None);
    }

    #[test]
    fn a_text_goes_from_screen_to_camera() {
        let text = "what waits: ".repeat(200);
        let sequence = Sequence::new(&text).unwrap();
        let mut gathering = Gathering::default();
        // Every third frame is blurred.
        let seen = (0..60).filter(|number| number % 3 != 1).find_map(|number| {
            let picture = Picture::of(&sequence.frame(number)).unwrap();
            match gathering.take(&read(&picture, 3).unwrap()) {
                Gathered::Whole(whole) => Some(whole),
                _ => None,
            }
        });
        assert_eq!(seen, Some(text));
    }

    #[test]
    fn a_path_draws_every_dark_module_once() {
        let picture = Picture::of("HELLO").unwrap();
        let path = picture.path();
        let runs: usize = path
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(runs, picture.0.iter().filter(|dark| **dark).count());
        assert!(path.starts_with("M4 4h7v1h-7z"), "{path}");
    }
}
