/// How much goes into one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimit {
    pub records: usize,
    pub bytes: usize,
}

/// Small enough for one bar of signal.
const FIRST: BatchLimit = BatchLimit { records: 50, bytes: 32 * 1024 };
/// What the reference server takes.
const LARGEST: BatchLimit = BatchLimit { records: 1_000, bytes: 1024 * 1024 };
const SMALLEST_BYTES: usize = 4 * 1024;
/// Replies within this time, in milliseconds, say that the link bears more.
const FAST_MS: i64 = 2_000;

impl Default for BatchLimit {
    fn default() -> Self {
        FIRST
    }
}

impl BatchLimit {
    /// After a batch went through in `took_ms`.
    #[must_use]
    pub fn after_success(self, took_ms: i64) -> Self {
        if took_ms > FAST_MS {
            return self;
        }
        Self { records: (self.records * 2).min(LARGEST.records), bytes: (self.bytes * 2).min(LARGEST.bytes) }
    }

    /// After a batch of `sent` records was too large or too slow.
    #[must_use]
    pub fn halved(self, sent: usize) -> Self {
        Self { records: (sent.min(self.records) / 2).max(1), bytes: (self.bytes / 2).max(SMALLEST_BYTES) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_while_replies_are_fast_and_stops_at_what_the_server_takes() {
        let mut limit = BatchLimit::default();
        assert_eq!(limit.after_success(5_000), limit);
        for _ in 0..10 {
            limit = limit.after_success(100);
        }
        assert_eq!(limit, LARGEST);
    }

    #[test]
    fn it_shrinks_to_a_single_record() {
        let mut limit = BatchLimit::default();
        for _ in 0..10 {
            limit = limit.halved(limit.records);
        }
        assert_eq!(limit, BatchLimit { records: 1, bytes: SMALLEST_BYTES });
        assert_eq!(
            BatchLimit::default().halved(10).records,
            5,
            "half of what was sent, not of what was allowed"
        );
    }
}
