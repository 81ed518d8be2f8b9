//! Rate limits: token buckets by key.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// At once, after a long quiet.
    pub burst: u32,
    /// Then one every so long.
    pub every: Duration,
}

/// One bucket per key. Full buckets are forgotten, so that memory is bounded by what happens within one refill.
#[derive(Debug)]
pub struct Limiter<K> {
    rate: Rate,
    buckets: Mutex<Buckets<K>>,
}

#[derive(Debug)]
struct Buckets<K> {
    by_key: HashMap<K, Bucket>,
    sweep_at: usize,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// Wait this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// Whole seconds, at least one, for `Retry-After`.
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + 1
    }
}

const SWEEP_AT_LEAST: usize = 1_024;

impl<K: Eq + Hash> Limiter<K> {
    pub fn new(rate: Rate) -> Self {
        let buckets = Buckets { by_key: HashMap::new(), sweep_at: SWEEP_AT_LEAST };
        Self { rate, buckets: Mutex::new(buckets) }
    }

    /// Takes one, or says how long to wait.
    ///
    /// # Errors
    /// [`Wait`] when the bucket is empty.
    pub fn take(&self, key: K, now: Instant) -> Result<(), Wait> {
        self.with_bucket(key, now, |bucket, rate| {
            if bucket.left >= 1.0 {
                bucket.left -= 1.0;
                return Ok(());
            }
            Err(Wait(rate.every.mul_f64(1.0 - bucket.left)))
        })
    }

    /// Puts one back: what it was taken for does not count.
    pub fn give_back(&self, key: K, now: Instant) {
        self.with_bucket(key, now, |bucket, rate| {
            bucket.left = (bucket.left + 1.0).min(f64::from(rate.burst));
        });
    }

    fn with_bucket<T>(&self, key: K, now: Instant, act: impl FnOnce(&mut Bucket, Rate) -> T) -> T {
        let rate = self.rate;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.by_key.len() >= buckets.sweep_at {
            buckets.by_key.retain(|_, bucket| bucket.refilled(rate, now).left < f64::from(rate.burst));
            buckets.sweep_at = (buckets.by_key.len() * 2).max(SWEEP_AT_LEAST);
        }
        let full = Bucket { left: f64::from(rate.burst), at: now };
        let bucket = buckets.by_key.entry(key).or_insert(full);
        *bucket = bucket.refilled(rate, now);
        act(bucket, rate)
    }
}

impl Bucket {
    fn refilled(self, rate: Rate, now: Instant) -> Self {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() / rate.every.as_secs_f64();
        Self { left: (self.left + gained).min(f64::from(rate.burst)), at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 2, every: Duration::from_secs(10) };

    #[test]
    fn a_burst_then_one_by_one() {
        let (limiter, start) = (Limiter::new(RATE), Instant::now());
        assert_eq!(limiter.take("a", start), Ok(()));
        assert_eq!(limiter.take("a", start), Ok(()));
        assert_eq!(limiter.take("a", start), Err(Wait(Duration::from_secs(10))));
        assert_eq!(limiter.take("b", start), Ok(()), "others are not held up");
        assert_eq!(limiter.take("a", start + Duration::from_secs(10)), Ok(()));
        assert!(limiter.take("a", start + Duration::from_secs(11)).is_err());
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let (limiter, start) = (Limiter::new(RATE), Instant::now());
        for _ in 0..10 {
            assert_eq!(limiter.take((), start), Ok(()));
            limiter.give_back((), start);
        }
    }

    #[test]
    fn many_keys_are_forgotten_when_they_are_quiet() {
        let (limiter, start) = (Limiter::new(RATE), Instant::now());
        for key in 0..10_000_u32 {
            let _ = limiter.take(key, start + Duration::from_millis(u64::from(key) * 100));
        }
        assert!(limiter.buckets.lock().unwrap().by_key.len() < 3_000);
    }
}
