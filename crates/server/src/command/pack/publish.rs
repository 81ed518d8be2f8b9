use std::path::PathBuf;

use clap::Args;
use waymark_core::event::{OrgId, Stamp};
use waymark_core::guidance::Key;

use crate::clock;
use crate::command::code::organisation;
use crate::command::{CommandError, DataArgs, say};
use crate::pack::{Outcome, Report, Wish, both, count, day, publish};
use crate::storage::Storage;

#[derive(Debug, Args)]
pub struct Publish {
    /// The signed pack, as `pack sign` wrote it.
    folder: PathBuf,
    #[command(flatten)]
    data: DataArgs,
    /// The organisation, where there are several.
    #[arg(long)]
    org: Option<String>,
    /// The public key that it must be signed with, as whoever signs it has told you.
    #[arg(long, value_parser = key)]
    key_hex: Option<Key>,
    /// Trust another key from now on. Phones refuse it until they are enrolled again.
    #[arg(long)]
    new_key: bool,
}

fn key(text: &str) -> Result<Key, String> {
    text.parse().map_err(|()| "a public key is 64 hex digits".to_owned())
}

impl Publish {
    pub async fn run(self) -> Result<(), CommandError> {
        let storage = self.data.open().await?;
        let text = self.publish(&*storage, clock::now()).await;
        storage.close().await;
        Ok(say(&text?)?)
    }

    async fn publish(&self, storage: &dyn Storage, now: Stamp) -> Result<String, CommandError> {
        let org = organisation(storage, self.org.as_deref()).await?;
        let wish = Wish { given: self.key_hex, new_key: self.new_key };
        let report = publish(storage, &org, &self.folder, &wish, now).await?;
        Ok(words(&org, &report, now))
    }
}

fn words(org: &OrgId, report: &Report, now: Stamp) -> String {
    let Report { manifest, key, outcome, fresh: (files, bytes) } = report;
    let name = format!("{} version {}", manifest.pack, manifest.version);
    if *outcome == Outcome::AlreadyThere {
        return format!("{name} is published already: nothing has changed\n");
    }
    let fetch = format!("{}, {} kB", count(*files, "file"), bytes.div_ceil(1_000));
    let about_the_key = match outcome {
        Outcome::First => format!(
            "THE KEY IS TRUSTED FROM NOW ON: {}\nphones keep it; later versions must be signed with it\n",
            both(key)
        ),
        Outcome::NewKey { before } => format!(
            "THE TRUSTED KEY HAS CHANGED: it is now {}, and was {}\n\
             phones refuse this and all later versions until they are enrolled again\n",
            both(key),
            both(before)
        ),
        Outcome::Next { before } => {
            format!("it follows version {before}, signed with the key {}\n", key.short())
        }
        Outcome::AlreadyThere => String::new(),
    };
    let expired = || format!("note: it expired on {}, and phones show it as old\n", day(manifest.expires));
    let note = if manifest.is_old(now) { expired() } else { String::new() };
    format!("{org} has published {name}; phones fetch {fetch}\n{about_the_key}{note}")
}
