//! The server over HTTP, as phones meet it. Every answer is compared with `openapi.json`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
mod blobs;
mod blobs_kept;
mod blobs_seen;
mod contract;
mod demo;
mod directory;
mod enrolment;
mod feed;
mod files;
mod fuzz;
mod import;
mod ingest;
mod movements;
mod nonsense;
mod notify_command;
mod notify_email;
mod notify_push;
mod notify_webhook;
mod pack_command;
mod packs;
mod process;
mod push_subscriptions;
mod simulate;
mod standards;
mod storage_suite;
mod story;
mod stream;
mod support;
mod visibility;
mod watch;
mod watch_alarms;
mod watch_bench;
mod watch_odd;
mod watch_process;
