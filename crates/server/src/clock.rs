//! The one place that asks for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use waymark_core::event::Stamp;

/// The server's clock.
pub fn now() -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
