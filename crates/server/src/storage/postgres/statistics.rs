//! What PostgreSQL knows of its tables, by which it chooses plans. Autovacuum finds it out a minute or more after a table has
//! grown; until then a plan may compare each record with each.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::postgres::PgPool;

/// Of so few records of an organisation any plan is good.
const FEW: u64 = 2_500;
/// Those that grow with the records.
const GROWING: &str = "ANALYZE records, movements, crews, mentions, photos, blobs, devices, users";

/// Has PostgreSQL look at the tables again when an organisation has twice the records.
#[derive(Debug, Clone)]
pub struct Statistics {
    pool: PgPool,
    looking: Arc<AtomicBool>,
}

impl Statistics {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, looking: Arc::default() }
    }

    /// An organisation had `before` records and has `now`. Nobody waits for what follows of it.
    pub fn grown(&self, before: u64, now: u64) {
        if doublings(before) == doublings(now) || self.looking.swap(true, Ordering::AcqRel) {
            return;
        }
        let own = self.clone();
        tokio::spawn(async move {
            if let Err(error) = sqlx::query(GROWING).execute(&own.pool).await {
                tracing::warn!(%error, "PostgreSQL did not look at its tables; autovacuum will");
            }
            own.looking.store(false, Ordering::Release);
        });
    }

    /// Looks at every table, and waits for it: for a database that was filled by other ways.
    pub async fn renew(&self) -> Result<(), sqlx::Error> {
        sqlx::query("ANALYZE").execute(&self.pool).await?;
        Ok(())
    }
}

/// How many times [`FEW`] was doubled on the way to `records`; none below it.
fn doublings(records: u64) -> Option<u32> {
    (records / FEW).checked_ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_looked_at_at_few_and_at_each_doubling() {
        let due = |before, now| doublings(before) != doublings(now);
        assert!(!due(0, 2_499) && !due(2_500, 4_999) && !due(40_000, 79_999));
        assert!(due(2_499, 2_500) && due(0, 9_000) && due(4_999, 5_000) && due(79_950, 80_000));
    }
}
