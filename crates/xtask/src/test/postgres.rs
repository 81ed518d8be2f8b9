//! What the server's tests ask over HTTP, asked once more of a server on PostgreSQL.

use super::{cargo, count};
use crate::tools::postgres;
use crate::workspace::Workspace;
use anyhow::Result;

/// The modules that know nothing of the database behind the server.
const MODULES: [&str; 24] = [
    "actions::",
    "blobs::",
    "blobs_seen::",
    "conformance::",
    "contract::",
    "directory::",
    "enrolment::",
    "feed::",
    "fuzz::",
    "ingest::",
    "metrics::",
    "movements::",
    "nonsense::",
    "notify_push::",
    "packs::",
    "push_subscriptions::",
    "standards::",
    "story::",
    "stream::",
    "visibility::",
    "watch::",
    "watch_alarms::",
    "watch_odd::",
    "several::",
];
/// Among them those of backups, which are files of SQLite.
const SQLITE: [&str; 2] = ["a_backup_brings_packs_back", "after_a_restored_backup_nothing_is_lost"];

pub fn run(workspace: &Workspace) -> Result<()> {
    postgres::ensure()?;
    let mut command = cargo(workspace);
    command.args(["test", "--all-features", "--package", "waymark-server", "--test", "it", "--"]);
    command.args(MODULES).args(SQLITE.iter().flat_map(|name| ["--skip", name]));
    count::run(command.env("WAYMARK_TEST_DATABASE", "postgres"), "the server on PostgreSQL")
}
