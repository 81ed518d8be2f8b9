//! The adapters against other people's backends, as they are: `cargo xtask test backends` sets them up and runs this.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod couchdb;
mod files;
mod openrosa;
mod peer;
mod postgrest;
mod relay;
mod support;
