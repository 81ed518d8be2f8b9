//! Draws a schedule from a seed.

use super::names::{CLOCKS, DISK_FAULTS, NETWORKS, NOTES, PHONES, WAKES};
use super::schedule::{Act, Network, Schedule, Step};
use crate::testing::random::Random;

/// Short runs find as much as long ones for the same time; now and then a long one lets queues and backups grow old.
const STEPS: std::ops::Range<usize> = 40..120;
const LONG: usize = 400;
const LONG_ONCE_IN: usize = 16;

/// The schedule of this seed, the same on every machine.
pub fn generate(seed: u64) -> Schedule {
    let mut random = Random(seed);
    let length = if random.once_in(LONG_ONCE_IN) { LONG } else { STEPS.start + random.below(STEPS.len()) };
    let mix = Mix::draw(&mut random);
    Schedule((0..length).map(|_| mix.step(&mut random)).collect())
}

/// Which faults a run has. Each is left out of half of the runs: what happens only while another fault is absent is
/// found as well (Groce et al., "Swarm Testing", 2012).
struct Mix {
    networks: Vec<Network>,
    /// Bits of what may happen besides.
    rest: u64,
    /// One in so many requests goes badly.
    badly_once_in: usize,
}

impl Mix {
    fn draw(random: &mut Random) -> Self {
        let bad = NETWORKS.iter().map(|(_, network)| *network).filter(|network| *network != Network::Well);
        let all = bad.chain([Network::Cut(0)]);
        let networks = all.filter(|_| random.once_in(2)).collect();
        Self { networks, rest: random.draw(), badly_once_in: [2, 3, 10][random.below(3)] }
    }

    fn step(&self, random: &mut Random) -> Step {
        let after_ms = u32::try_from(random.below(3_000)).unwrap_or(0);
        let phone = random.below(PHONES.len());
        let tab = random.below(2);
        Step { after_ms, phone, tab, act: self.act(random) }
    }

    fn act(&self, random: &mut Random) -> Act {
        let pick = |random: &mut Random| u8::try_from(random.below(256)).unwrap_or(0);
        match random.below(40) {
            0..=7 => self.save(random),
            8..=9 => Act::Confirm(pick(random)),
            10..=31 => {
                let network = self.network(random);
                Act::Go { pick: pick(random), network, jitter: pick(random) }
            }
            32 => Act::Wake(WAKES[random.below(WAKES.len())].1),
            33 => Act::Tick,
            34 => Act::SignIn,
            _ => self.fault(random).unwrap_or(Act::Tick),
        }
    }

    fn save(&self, random: &mut Random) -> Act {
        let note = match random.below(12) {
            at @ 1..=3 if self.rest & (1 << (16 + at)) != 0 => NOTES[at].1,
            _ => NOTES[0].1,
        };
        Act::Save(note)
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
