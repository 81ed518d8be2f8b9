use std::fmt::Write as _;

use clap::Args;
use waymark_core::event::Stamp;

use super::super::columns::{minutes, table};
use super::super::{CommandError, DataArgs, say};
use crate::relay::{Ledger, Relay, backlog, read_all};
use crate::storage::{Storage, StorageError};

const HEADS: [&str; 10] =
    ["relay", "org", "kind", "to", "delivered", "last (UTC)", "waiting", "since (UTC)", "refused", "trouble"];
/// So many refused records of a relay are listed.
const SHOWN: usize = 20;

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    data: DataArgs,
    /// Only those of one organisation.
    #[arg(long)]
    org: Option<String>,
}

impl List {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let text = self.text(&*storage).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn text(&self, storage: &dyn Storage) -> Result<String, StorageError> {
        let mut relays = read_all(storage).await?;
        relays.retain(|relay| self.org.as_ref().is_none_or(|org| relay.org.0 == *org));
        let (mut rows, mut refused) = (vec![], String::new());
        for relay in &relays {
            let ledger = Ledger::read(storage, relay).await?;
            rows.push(row(storage, relay, &ledger).await?);
            refused += &words(relay, &ledger);
        }
        Ok(table(HEADS, rows.into_iter()) + &refused)
    }
}

async fn row(storage: &dyn Storage, relay: &Relay, ledger: &Ledger) -> Result<[String; 10], StorageError> {
    let time = |stamp: Option<Stamp>| stamp.map_or_else(|| "-".to_owned(), minutes);
    let backlog = backlog(storage, relay, ledger).await?;
    let trouble = ledger.trouble.as_ref();
    Ok([
        relay.destination.name.clone(),
        relay.org.0.clone(),
        relay.destination.kind.code().to_owned(),
        relay.origin(),
        ledger.delivered.to_string(),
        time(ledger.last),
        backlog.records.to_string(),
        time(backlog.since),
        ledger.refused.len().to_string(),
        trouble.map_or_else(
            || "-".to_owned(),
            |trouble| format!("{} since {}", trouble.code, minutes(trouble.since)),
        ),
    ])
}

/// The refused records, with the backend's words: one line each, whatever these are.
fn words(relay: &Relay, ledger: &Ledger) -> String {
    let mut text = String::new();
    for refused in ledger.words.iter().rev().take(SHOWN) {
        let detail: String =
            refused.detail.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
        let name = &relay.destination.name;
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "refused by {name}: {} {} ({}) {detail}",
            refused.id,
            refused.code,
            minutes(refused.at)
        );
    }
    let more = ledger.refused.len().saturating_sub(SHOWN.min(ledger.words.len()));
    if more > 0 {
        let _ = writeln!(text, "refused by {}: and {more} more", relay.destination.name);
    }
    text
}
