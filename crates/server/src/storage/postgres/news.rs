//! What one server takes in, the others hear of by NOTIFY. It is sent after the commit and in a transaction of its own:
//! PostgreSQL lets transactions that notify commit one at a time, and taking records in is not to wait for that.

use std::collections::HashMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::task::JoinHandle;
use waymark_core::event::OrgId;

use super::{PostgresStorage, from_row};
use crate::secret::{self, NoRandomness};
use crate::storage::{Heard, StorageError};

const CHANNEL: &str = "waymark_feed";
/// Between two tries to listen again.
const AGAIN: Duration = Duration::from_secs(1);

/// Sends what this server has taken in. What comes while it sends goes out together.
#[derive(Debug, Clone)]
pub struct NewsDesk {
    pool: PgPool,
    /// By this a server knows its own news.
    name: Arc<str>,
    outbox: Arc<Mutex<Outbox>>,
}

#[derive(Debug, Default)]
struct Outbox {
    newest: HashMap<OrgId, u64>,
    sending: Option<JoinHandle<()>>,
}

impl NewsDesk {
    pub fn new(pool: PgPool) -> Result<Self, NoRandomness> {
        Ok(Self { pool, name: secret::epoch()?.into(), outbox: Arc::default() })
    }

    /// The feed of `org` has grown to `seq`.
    pub fn tell(&self, org: &OrgId, seq: u64) {
        let mut outbox = self.outbox();
        let newest = outbox.newest.entry(org.clone()).or_default();
        *newest = seq.max(*newest);
        if outbox.sending.is_none() {
            outbox.sending = Some(tokio::spawn(self.clone().send()));
        }
    }

    async fn send(self) {
        loop {
            let news = {
                let mut outbox = self.outbox();
                if outbox.newest.is_empty() {
                    outbox.sending = None;
                    return;
                }
                mem::take(&mut outbox.newest)
            };
            let lines: Vec<_> = news.iter().map(|(org, seq)| format!("{} {seq} {org}", self.name)).collect();
            let sent = sqlx::query("SELECT pg_notify($1, line) FROM unnest($2::text[]) AS line")
                .bind(CHANNEL)
                .bind(lines)
                .execute(&self.pool)
                .await;
            if let Err(error) = sent {
                tracing::warn!(%error, "other servers were not told of news; their streams look by themselves");
            }
        }
    }

    /// Waits until nothing is left to send.
    pub async fn sent(&self) {
        let sending = self.outbox().sending.take();
        if let Some(Err(error)) = match sending {
            Some(sending) => Some(sending.await),
            None => None,
        } {
            tracing::warn!(%error, "sending news broke off");
        }
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.outbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens for as long as it is polled. Whenever it begins to, it says how far all feeds are: something may have come
/// while nobody listened.
pub async fn hear(storage: &PostgresStorage, heard: Heard<'_>) {
    loop {
        if let Err(error) = listen(storage, heard).await {
            tracing::warn!(%error, "news of other servers cannot be heard; trying again");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn listen(storage: &PostgresStorage, heard: Heard<'_>) -> Result<(), StorageError> {
    let mut listener = PgListener::connect_with(&storage.pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        for (org, seq) in super::watch::heads(storage).await? {
            heard(&org, seq);
        }
        // `None` when the connection was lost, and is there again.
        while let Some(line) = listener.try_recv().await? {
            match read(line.payload()) {
                Some((name, ..)) if *name == *storage.news.name => {}
                Some((_, seq, org)) => heard(&org, seq),
                None => tracing::warn!("news that cannot be read"),
            }
        }
    }
}

fn read(line: &str) -> Option<(&str, u64, OrgId)> {
    let mut words = line.splitn(3, ' ');
    let (name, seq, org) = (words.next()?, words.next()?, words.next()?);
    Some((name, from_row(seq.parse().ok()?), org.into()))
}
