//! Whether the server has what it acknowledged: everything is sent once more, and each record must be known.

use waymark_core::backend::reference;
use waymark_core::sync::{Answer, Outcome, Queued, Receipt, Receipts, Session};

use super::SimulationError;
use crate::clock;
use crate::remote::{Wire, as_browser};

const BATCH: usize = 100;
const TRIES: usize = 5;

/// How many of these records the server does not know.
///
/// # Errors
/// It does not say.
pub async fn missing(wire: &Wire, session: &Session, records: &[Queued]) -> Result<usize, SimulationError> {
    let mut missing = 0;
    for batch in records.chunks(BATCH) {
        let receipts = ask(wire, session, batch).await?;
        let known = |queued: &&Queued| {
            let (id, digest) = (queued.entry.id.to_string(), queued.entry.digest.to_string());
            let same = |receipt: &&Receipt| receipt.id == id && receipt.digest == digest;
            let receipt = receipts.receipts.iter().find(same);
            receipt.and_then(Receipt::outcome) == Some(Outcome::Duplicate)
        };
        missing += batch.len() - batch.iter().filter(known).count();
    }
    Ok(missing)
}

async fn ask(wire: &Wire, session: &Session, batch: &[Queued]) -> Result<Receipts, SimulationError> {
    for attempt in 0..TRIES {
        let now = clock::now();
        let reply = wire.ask(&reference::send(session, batch, now)).await.map_err(as_browser);
        if let Answer::Receipts(receipts) = reference::read_send(reply, now) {
            return Ok(receipts);
        }
        tokio::time::sleep(std::time::Duration::from_secs(1 << attempt)).await;
    }
    Err(SimulationError::NotChecked)
}
