//! What PostgreSQL knows of its tables, by which it chooses plans. Autovacuum finds it out a minute or more after a table has
//! grown; until then a plan may compare each record with each.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::postgres::PgPool;
use tokio::task::JoinHandle;

/// Of so few records of an organisation any plan is good.
const FEW: u64 = 2_500;
/// Those that grow with the records.
const GROWING: &str = "ANALYZE records, movements, crews, mentions, photos, blobs, devices, users";

/// Has PostgreSQL look at the tables again when an organisation has twice the records.
#[derive(Debug, Clone)]
pub struct Statistics {
    pool: PgPool,
    work: Arc<Mutex<Work>>,
}

#[derive(Debug, Default)]
struct Work {
    /// The tables have grown since the last look began.
    due: bool,
    looking: Option<JoinHandle<()>>,
}

impl Statistics {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, work: Arc::default() }
    }

    /// An organisation had `before` records and has `now`. Nobody waits for what follows of it.
    pub fn grown(&self, before: u64, now: u64) {
        if doublings(before) == doublings(now) {
            return;
        }
        let mut work = self.work();
        work.due = true;
        if work.looking.is_none() {
            work.looking = Some(tokio::spawn(self.clone().look()));
        }
    }

    async fn look(self) {
        while self.is_due() {
            if let Err(error) = sqlx::query(GROWING).execute(&self.pool).await {
                tracing::warn!(%error, "PostgreSQL did not look at its tables; autovacuum will");
            }
        }
    }

    /// Whether there is something to look at; without it this look is over.
    fn is_due(&self) -> bool {
        let mut work = self.work();
        if !work.due {
            work.looking = None;
        }
        std::mem::take(&mut work.due)
    }

    /// A look that has not ended is broken off: nobody waits for it.
    pub fn stop(&self) {
        if let Some(looking) = self.work().looking.take() {
            looking.abort();
        }
    }

    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
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
