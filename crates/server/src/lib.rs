//! Waymark's reference server: takes records in, answers with receipts, and feeds them to those who may see them.
//!
//! What a record is, who may write it and who may see it is decided in `waymark-core`; this crate adds HTTP, storage
//! and the command line.

pub mod api;
pub mod app_files;
pub mod blobs;
pub mod clock;
pub mod command;
pub mod conformance;
pub mod disk;
pub mod import;
pub mod limits;
pub mod log;
pub mod metrics;
pub mod notify;
pub mod pack;
pub mod problem;
pub mod qr;
pub mod readiness;
pub mod relay;
pub mod remote;
pub mod route;
pub mod router;
pub mod secret;
pub mod serve;
pub mod state;
pub mod storage;
pub mod verify;
pub mod watch;
