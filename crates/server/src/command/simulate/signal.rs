//! When a phone has signal: spells of having none, as between towns.

use super::random::Random;

/// Simulated minutes of a spell without signal.
const SPELL: (f64, f64) = (5.0, 35.0);

/// The moments at which the signal comes and goes.
#[derive(Debug)]
pub struct Signal {
    random: Random,
    loss: f64,
    pub there: bool,
    /// The simulated minute at which it changes.
    pub changes: f64,
}

impl Signal {
    /// There at first; in the long run missing for the share `loss` of the time, 0 for never.
    pub fn new(mut random: Random, loss: f64) -> Self {
        let changes = if loss > 0.0 { spell(&mut random) * random.share() } else { f64::INFINITY };
        Self { random, loss, there: true, changes }
    }

    /// It comes or goes.
    pub fn turn(&mut self) {
        self.there = !self.there;
        let length = spell(&mut self.random);
        let length = if self.there { length * (1.0 - self.loss) / self.loss } else { length };
        self.changes += length;
    }

    /// From now on it stays.
    pub fn stay(&mut self) {
        self.there = true;
        self.changes = f64::INFINITY;
    }

    /// Whether an answer gets lost on the way.
    pub fn loses(&mut self) -> bool {
        self.random.share() < self.loss
    }
}

fn spell(random: &mut Random) -> f64 {
    random.between(SPELL.0, SPELL.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_missing_for_the_share_of_time_that_was_asked_for() {
        let mut signal = Signal::new(Random::of(7, 1), 0.2);
        let (mut at, mut without) = (0.0, 0.0);
        for _ in 0..4_000 {
            if !signal.there {
                without += signal.changes - at;
            }
            at = signal.changes;
            signal.turn();
        }
        let share = without / at;
        assert!((0.19..0.21).contains(&share), "{share}");
        assert!(Signal::new(Random::of(7, 1), 0.0).changes.is_infinite());
    }
}
