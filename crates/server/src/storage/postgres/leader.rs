//! Who leads the watch: whoever holds an advisory lock. It ends with the connection that took it, so a server that dies
//! leaves it to the next one that asks.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use tokio::sync::Mutex;
use tokio::time::timeout;
use waymark_core::event::Stamp;

use super::Address;
use crate::storage::StorageError;

/// "waymark" in ASCII: locks are numbers, of one database each.
const LOCK: i64 = 0x0077_6179_6d61_726b;
/// A database that does not answer for this long has dropped us, for all we know.
const ANSWER: Duration = Duration::from_secs(5);

/// This server's way to the lead: a connection beside the pool, kept whether it leads or not.
#[derive(Debug, Clone, Default)]
pub struct Leader(Arc<Mutex<Option<Seat>>>);

#[derive(Debug)]
struct Seat {
    connection: PgConnection,
    lead: Option<Lead>,
}

#[derive(Debug)]
struct Lead {
    holder: String,
    said: Stamp,
}

impl Leader {
    /// Whether `holder` leads. Two of one server share a connection: one that has said nothing for `for_ms` has broken
    /// off, and is followed by the other.
    pub async fn lead(
        &self,
        address: &Address,
        holder: &str,
        now: Stamp,
        for_ms: i64,
    ) -> Result<bool, StorageError> {
        let mut seat = self.0.lock().await;
        let held = seat.as_ref().and_then(|seat| seat.lead.as_ref());
        if held.is_some_and(|lead| lead.holder != holder && (0..for_ms).contains(&now.ms_since(lead.said))) {
            return Ok(false);
        }
        let mut taken = match seat.take() {
            Some(taken) => taken,
            None => Seat { connection: in_time(address.connect()).await?, lead: None },
        };
        // What fails here is dropped with its connection: whoever comes next begins with another.
        let leads = match &taken.lead {
            Some(_) => in_time(taken.connection.ping()).await.map(|()| true)?,
            None => in_time(ask(&mut taken.connection)).await?,
        };
        taken.lead = leads.then(|| Lead { holder: holder.to_owned(), said: now });
        *seat = Some(taken);
        Ok(leads)
    }

    /// Leaves the lead to others, if it is the holder's.
    pub async fn retire(&self, holder: &str) {
        let mut seat = self.0.lock().await;
        let leads = |seat: &Seat| seat.lead.as_ref().is_some_and(|lead| lead.holder == holder);
        if seat.as_ref().is_some_and(leads) {
            release(seat.take()).await;
        }
    }

    /// Leaves the lead to others.
    pub async fn step_down(&self) {
        release(self.0.lock().await.take()).await;
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StorageError> {
    let done = timeout(ANSWER, work).await.map_err(|error| StorageError::Database(error.into()))?;
    Ok(done?)
}

/// Whether the connection has the lock now; `false` if another has it.
async fn ask(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT pg_try_advisory_lock($1)").bind(LOCK).fetch_one(connection).await
}

async fn release(seat: Option<Seat>) {
    let Some(mut seat) = seat else { return };
    let giving = async {
        sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut seat.connection).await?;
        seat.connection.close().await
    };
    if let Err(error) = in_time(giving).await {
        tracing::warn!(%error, "the watch was not handed over; it ends with the connection");
    }
}
