//! `waymark-server pack`: one subcommand a file. What they do is in [`crate::pack`].

mod check;
mod diff;
mod key;
mod list;
mod new;
mod publish;
mod sign;

use clap::{Args, Subcommand};

use super::CommandError;

#[derive(Debug, Args)]
pub struct Pack {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Begin a pack: a folder of text files with an example card.
    New(new::New),
    /// Name whatever is missing or wrong in a pack's folder, by file and line.
    Check(check::Check),
    /// Make the secret key that packs are signed with.
    Key(key::Key),
    /// Make what phones load, out of a pack's folder.
    Sign(sign::Sign),
    /// Say in words what has changed between two versions.
    Diff(diff::Diff),
    /// Give a signed pack to the phones of an organisation; the server may be running.
    Publish(publish::Publish),
    /// List what is published, and which device has which version; the server may be running.
    List(list::List),
}

impl Pack {
    pub async fn run(self) -> Result<(), CommandError> {
        match self.what {
            What::New(new) => new.run(),
            What::Check(check) => check.run(),
            What::Key(key) => key.run(),
            What::Sign(sign) => sign.run(),
            What::Diff(diff) => diff.run(),
            What::Publish(publish) => publish.run().await,
            What::List(list) => list.run().await,
        }
    }
}
