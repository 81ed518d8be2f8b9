//! How long things took.

use std::time::Duration;

/// Times of one kind of work.
#[derive(Debug, Default, Clone)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest time that so many of a hundred do not exceed (nearest rank), in milliseconds; 0 if there is none.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }

    /// p50, p99 and the longest, in milliseconds, as cells of a table.
    pub fn cells(&self) -> String {
        let [half, most, all] = [50, 99, 100].map(|percent| words(self.percentile(percent)));
        format!("{half} | {most} | {all}")
    }
}

impl FromIterator<Duration> for Times {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        Self(times.into_iter().collect())
    }
}

/// Milliseconds, with a decimal as long as it says something.
pub fn words(ms: f64) -> String {
    if ms < 100.0 { format!("{ms:.1}") } else { format!("{ms:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_taken() {
        let times: Times = (1..=200).rev().map(Duration::from_millis).collect();
        let all = [50, 99, 100].map(|percent| times.percentile(percent));
        assert!(
            all.iter().zip([100.0, 198.0, 200.0]).all(|(is, should)| (is - should).abs() < 1e-9),
            "{all:?}"
        );
        let one: Times = [Duration::from_millis(7)].into_iter().collect();
        assert_eq!(one.cells(), "7.0 | 7.0 | 7.0");
        assert_eq!(Times::default().cells(), "0.0 | 0.0 | 0.0");
    }
}
