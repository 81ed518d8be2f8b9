//! What one server bears, for `cargo xtask bench server`, which starts what it needs:
//!
//! - `compared`: taking records in, beside bare inserts into the same databases and beside a PouchDB server
//! - `phones`: thousands of phones that sync, at their rate and faster, and whether the store holds what they were told
//! - `streams`: managers who wait for news
//! - `growth`: the same questions to a store with ever more records
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod compared;
mod growth;
mod ledger;
mod machine;
mod people;
mod phone;
mod phones;
mod records;
mod streams;
mod target;
mod times;

use clap::Parser;

#[derive(Debug, Parser)]
enum What {
    Compared(compared::Compared),
    Phones(phones::Phones),
    Streams(streams::Streams),
    Growth(growth::Growth),
}

#[tokio::main]
async fn main() {
    match What::parse() {
        What::Compared(compared) => compared.run().await,
        What::Phones(phones) => phones.run().await,
        What::Streams(streams) => streams.run().await,
        What::Growth(growth) => growth.run().await,
    }
}
