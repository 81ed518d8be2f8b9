/// Exponential backoff with full jitter: the n-th wait is anywhere between nothing and 2 s · 2ⁿ, at most 15 minutes.
/// (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.)
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

const FIRST_MS: u64 = 2_000;
const LONGEST_MS: u64 = 15 * 60_000;

impl Backoff {
    /// Counts a failure and gives the wait in milliseconds. `jitter` is a random number, all of whose range is used.
    #[must_use]
    pub fn fail(&mut self, jitter: u32) -> i64 {
        let ceiling = FIRST_MS.saturating_mul(1 << self.failures.min(20)).min(LONGEST_MS);
        self.failures = self.failures.saturating_add(1);
        let wait = ceiling * u64::from(jitter) / u64::from(u32::MAX);
        i64::try_from(wait).unwrap_or(i64::MAX)
    }

    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_no_further() {
        let mut backoff = Backoff::default();
        let waits: Vec<_> = (0..12).map(|_| backoff.fail(u32::MAX)).collect();
        assert_eq!(&waits[..4], [2_000, 4_000, 8_000, 16_000]);
        assert_eq!(waits[11], 900_000);
        backoff.reset();
        assert_eq!(backoff.fail(u32::MAX), 2_000);
        assert_eq!(backoff.fail(0), 0);
    }
}
