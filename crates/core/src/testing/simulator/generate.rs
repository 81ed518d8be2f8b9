//! Draws a schedule from a seed.

use super::names::{CLOCKS, CONDITIONS, DISK_FAULTS, KEPT, NETWORKS, NOTES, PHONES, WAKES};
use super::places::Place;
use super::schedule::{Act, Kept, Network, Schedule, Step};
use crate::testing::random::Random;

/// Short runs find as much as long ones for the same time; now and then a long one lets queues and backups grow old.
const STEPS: std::ops::Range<usize> = 40..120;
const LONG: usize = 400;
const LONG_ONCE_IN: usize = 16;
/// Bits of [`Mix::rest`], besides those of faults and notes.
const MIRRORS: u32 = 32;
const HOMES: u32 = 33;
const WIPES: u32 = 34;
const HALVES: u32 = 35;
const CONDITION: u32 = 40;

/// The schedule of this seed, the same on every machine.
pub fn generate(seed: u64) -> Schedule {
    let mut random = Random(seed);
    let length = if random.once_in(LONG_ONCE_IN) { LONG } else { STEPS.start + random.below(STEPS.len()) };
    let mix = Mix::draw(&mut random);
    let mut steps = mix.mirrors(&mut random);
    for _ in 0..length {
        let step = mix.step(&mut random);
        steps.push(step);
        steps.extend(mix.between(&step, &mut random));
    }
    Schedule(steps)
}

/// Which faults a run has. Each is left out of half of the runs: what happens only while another fault is absent is
/// found as well (Groce et al., "Swarm Testing", 2012).
struct Mix {
    networks: Vec<Network>,
    /// Bits of what may happen besides.
    rest: u64,
    /// One in so many requests goes badly.
    badly_once_in: usize,
    /// So many phones do something, from this one on: where few do, more happens to each.
    busy: usize,
    first: usize,
}

impl Mix {
    fn draw(random: &mut Random) -> Self {
        let bad = NETWORKS.iter().map(|(_, network)| *network).filter(|network| *network != Network::Well);
        let all = bad.chain([Network::Cut(0)]);
        let networks = all.filter(|_| random.once_in(2)).collect();
        let (rest, badly_once_in) = (random.draw(), [2, 3, 10][random.below(3)]);
        let busy = if random.once_in(2) { PHONES.len() } else { 1 + random.below(PHONES.len()) };
        Self { networks, rest, badly_once_in, busy, first: random.below(PHONES.len()) }
    }

    fn has(&self, bit: u32) -> bool {
        self.rest & (1 << bit) != 0
    }

    /// Phones have mirrors from the start, in half of the runs.
    fn mirrors(&self, random: &mut Random) -> Vec<Step> {
        let mut steps = vec![];
        if !self.has(MIRRORS) {
            return steps;
        }
        for phone in 0..PHONES.len() {
            for mirror in Place::MIRRORS {
                let kept = KEPT[random.below(KEPT.len())].1;
                if kept != Kept::Off {
                    steps.push(Step { after_ms: 0, phone, tab: 0, act: Act::Mirror(mirror, kept) });
                }
            }
        }
        steps
    }

    fn step(&self, random: &mut Random) -> Step {
        let after_ms = u32::try_from(random.below(3_000)).unwrap_or(0);
        let phone = (self.first + random.below(self.busy)) % PHONES.len();
        let tab = random.below(2);
        Step { after_ms, phone, tab, act: self.act(random) }
    }

    /// What another tab does while this one looks for something to send, now and then: by chance alone that is rare.
    fn between(&self, step: &Step, random: &mut Random) -> Vec<Step> {
        if !matches!(step.act, Act::Half(_)) || !self.has(HOMES) || random.once_in(2) {
            return vec![];
        }
        let home = Act::Home([Place::Own, Place::Copy][random.below(2)]);
        [home, self.save(random)].map(|act| Step { after_ms: 0, tab: 1 - step.tab, act, ..*step }).into()
    }

    fn act(&self, random: &mut Random) -> Act {
        let pick = |random: &mut Random| u8::try_from(random.below(256)).unwrap_or(0);
        match random.below(if self.has(MIRRORS) { 60 } else { 40 }) {
            0..=7 => self.save(random),
            8..=9 => Act::Confirm(pick(random)),
            10..=31 => {
                let network = self.network(random);
                Act::Go { pick: pick(random), network, jitter: pick(random) }
            }
            32 => Act::Wake(WAKES[random.below(WAKES.len())].1),
            33 => Act::Tick,
            34 | 45..=50 if self.has(HALVES) => Act::Half(pick(random)),
            34 => Act::SignIn,
            35..=39 => self.fault(random).unwrap_or(Act::Tick),
            40..=44 => self.mirror(random),
            // There are three queues to work off.
            _ => Act::Go { pick: pick(random), network: self.network(random), jitter: pick(random) },
        }
    }

    fn save(&self, random: &mut Random) -> Act {
        let note = match random.below(14) {
            at @ 1..=5 if self.rest & (1 << (16 + at)) != 0 => NOTES[at].1,
            _ => NOTES[0].1,
        };
        Act::Save(note)
    }

    /// Something that happens to mirrors alone; of what may happen to them each run has a part.
    fn mirror(&self, random: &mut Random) -> Act {
        let mirror = Place::MIRRORS[random.below(Place::MIRRORS.len())];
        match random.below(10) {
            0..=1 => Act::Mirror(mirror, KEPT[random.below(KEPT.len())].1),
            2 | 8..=9 if self.has(HOMES) => Act::Home([Place::Own, Place::Copy][random.below(2)]),
            3 if self.has(WIPES) => Act::WipeCopy,
            4..=6 => {
                let at = random.below(CONDITIONS.len());
                let condition =
                    CONDITIONS[if self.has(CONDITION + u32::try_from(at).unwrap_or(0)) { at } else { 0 }].1;
                Act::Fails(mirror, condition)
            }
            _ => Act::Wake(WAKES[random.below(WAKES.len())].1),
        }
    }

    fn network(&self, random: &mut Random) -> Network {
        if self.networks.is_empty() || !random.once_in(self.badly_once_in) {
            return Network::Well;
        }
        match self.networks[random.below(self.networks.len())] {
            Network::Cut(_) => Network::Cut(u8::try_from(random.below(256)).unwrap_or(0)),
            network => network,
        }
    }

    fn fault(&self, random: &mut Random) -> Option<Act> {
        let pick = u8::try_from(random.below(256)).unwrap_or(0);
        let faults = [
            Act::Kill,
            Act::Kill,
            Act::Disk(DISK_FAULTS[random.below(DISK_FAULTS.len())].1),
            Act::SaveAgain,
            Act::Deliver(pick),
            Act::Offline,
            Act::SignOut,
            Act::Clock(CLOCKS[random.below(CLOCKS.len())].1),
            Act::Backup,
            Act::Restore(pick),
            Act::Wipe,
            Act::Retry(pick),
        ];
        let at = random.below(faults.len());
        // An empty server again and again leaves nothing to go wrong.
        let rare = matches!(faults[at], Act::Wipe | Act::Restore(_)) && !random.once_in(2);
        (self.rest & (1 << at) != 0 && !rare).then(|| faults[at])
    }
}
