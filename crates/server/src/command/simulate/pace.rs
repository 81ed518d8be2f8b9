//! How simulated minutes go by.

use std::time::Duration;

use tokio::time::Instant;
use waymark_core::event::Stamp;

use crate::clock;
use crate::route::whole_minutes;

/// A clock whose minutes are shorter than real ones. Records bear real times all the same: what is shortened is the plan.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    begun: Instant,
    clock: Stamp,
    /// Simulated minutes to a real one.
    pub speed: f64,
}

impl Pace {
    /// Begins now.
    pub fn new(speed: f64) -> Self {
        Self { begun: Instant::now(), clock: clock::now(), speed }
    }

    /// When a simulated minute comes, counted from the begin.
    pub fn at(&self, minute: f64) -> Instant {
        self.begun + Duration::from_secs_f64(minute.max(0.0) * 60.0 / self.speed)
    }

    /// The same on the clock.
    pub fn stamp(&self, minute: f64) -> Stamp {
        let ahead = self.at(minute).duration_since(self.begun).as_millis();
        self.clock.plus_ms(i64::try_from(ahead).unwrap_or(i64::MAX))
    }

    /// Simulated minutes as whole real ones for a plan: rounded up, at least one.
    pub fn shortened(&self, minutes: f64) -> u32 {
        whole_minutes(minutes / self.speed)
    }
}
