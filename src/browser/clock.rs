use std::future::Future;

use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use waymark_core::event::Stamp;

/// This phone's clock, right or wrong.
pub fn now() -> Stamp {
    #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
    Stamp(js_sys::Date::now() as i64)
}

/// Measures how long something takes, by a clock that nobody sets (High Resolution Time).
pub struct Stopwatch(f64);

impl Stopwatch {
    pub fn start() -> Self {
        Self(steady())
    }

    pub fn took_ms(&self) -> i64 {
        #[allow(clippy::cast_possible_truncation)] // milliseconds since the page was opened
        {
            (steady() - self.0) as i64
        }
    }
}

fn steady() -> f64 {
    super::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// Random bytes from the browser's generator for secrets.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Some(crypto) = super::window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes
}

/// A random number whose whole range is used.
pub fn jitter() -> u32 {
    u32::from_le_bytes(random())
}

pub async fn sleep(ms: u32) {
    TimeoutFuture::new(ms).await;
}

/// What `work` gives, if it does so within `ms`.
pub async fn within<T>(ms: u32, work: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(work), TimeoutFuture::new(ms)).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}
