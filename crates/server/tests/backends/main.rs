//! The adapters against other people's backends, as they are: `cargo xtask test backends` sets them up and runs this.

mod couchdb;
mod files;
mod openrosa;
mod peer;
mod postgrest;
mod support;
