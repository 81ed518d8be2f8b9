//! The relay of the real program: its command line, and being killed.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use waymark_server::storage::sqlite::DataDir;

use crate::process::{Running, program, run_badly, run_well};
use crate::support::{Behaviour, Phone, Receiver};

const SECRET: &str = "s3cret-of-the-webhook";

/// The row of a relay in the list, in cells.
fn row(data: &str, name: &str) -> Vec<String> {
    let listed = run_well(&["relay", "list", "--data", data]);
    let row = listed.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{listed}"));
    row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..300 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came to this: {what}");
}

/// What a killed server led can be taken over.
async fn half_a_minute_passes(data: &Path) {
    let options = SqliteConnectOptions::new().filename(DataDir::new(data).database());
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("DELETE FROM leases").execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_in_mid_delivery_it_goes_on_and_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap().to_owned();
    let server = Running::start(data.path(), &["--demo", "--empty", "--no-watch"]);
    let phone = Phone::enrol(server.address, server.code("reporter"), "Hawa").await;
    let events: Vec<_> = (1..=300).map(|n| phone.checkin(n)).collect();
    phone.send(&events).await;
    let place = Receiver::start().await;
    place.behaves(Behaviour::Slow(Duration::from_millis(400)));
    let add =
        ["relay", "add", "--data", &dir, "--kind", "webhook", "--name", "Copy", "--address", &place.url()];
    run_well(&add);
    // It has stored the second batch, and has not yet said so.
    until("the second batch comes", || place.came().len() > 50).await;
    server.signal("KILL");
    drop(server);
    let before = place.came().len();
    assert!(before < 300, "it was killed before the end");
    half_a_minute_passes(data.path()).await;

    let server = Running::start(data.path(), &["--demo", "--empty", "--no-watch"]);
    until("all arrive", || place.held().len() == 300).await;
    let came = place.came();
    let unique: BTreeSet<_> = came.iter().collect();
    assert_eq!(unique.len(), 300);
    let again = came.len() - 300;
    assert!(again < before, "only what had no receipt is sent for a second time: {again} of {before}");
    until("it is written down", || row(&dir, "Copy")[6] == "0").await;
    drop(server);
    assert_eq!(row(&dir, "Copy")[8], "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secret_is_never_shown() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap().to_owned();
    let server = Running::start(data.path(), &["--demo", "--empty", "--no-watch"]);
    let phone = Phone::enrol(server.address, server.code("reporter"), "Hawa").await;
    phone.send(&[phone.checkin(1)]).await;
    let place = Receiver::start().await;
    let url = place.url();
    let mut said = String::new();
    let add = |more: &[&str]| {
        let mut all =
            vec!["relay", "add", "--data", &dir, "--kind", "webhook", "--name", "Copy", "--address", &url];
        all.extend(more);
        let mut command = program();
        command.args(all).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{SECRET}").unwrap();
        let output = child.wait_with_output().unwrap();
        let words = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        (output.status.success(), words)
    };
    place.behaves(Behaviour::Status(401));
    let (added, words) = add(&["--secret-file", "-"]);
    assert!(added, "{words}");
    said += &words;
    until("it is turned away", || row(&dir, "Copy").last().unwrap().starts_with("sign_in since")).await;
    let test = ["relay", "test", "--data", &dir, "--name", "Copy"];
    let refused = run_badly(&test);
    assert!(refused.contains("sign_in"), "{refused}");
    said += &refused;
    let (twice, words) = add(&["--secret-file", "-"]);
    assert!(!twice && words.contains("--replace"), "{words}");
    said += &words;

    place.behaves(Behaviour::Receipts);
    place.refuses(&phone.checkin(1).id.to_string());
    said += &run_well(&test);
    let (changed, words) = add(&["--secret-file", "-", "--replace"]);
    assert!(changed && words.contains("goes on"), "{words}");
    said += &words;
    until("it is refused", || row(&dir, "Copy")[8] == "1").await;
    let listed = run_well(&["relay", "list", "--data", &dir]);
    assert!(listed.contains("no_thanks") && listed.contains("not this one"), "{listed}");
    assert!(listed.contains(&format!("http://{}", place.address)), "{listed}");
    said += &listed;
    place.accepts_all();
    said += &run_well(&["relay", "retry", "--data", &dir, "--name", "Copy"]);
    until("it arrives", || place.held().len() == 1).await;
    assert!(place.was_signed(), "it was known to the server");
    said += &run_well(&["relay", "remove", "--data", &dir, "--name", "Copy"]);
    assert!(run_badly(&test).contains("there is no relay Copy"));
    said += &server.log();
    for secret in [SECRET, "t0ken"] {
        assert!(!said.contains(secret), "{secret} is in {said}");
    }
}

#[test]
fn what_is_wrong_with_a_relay_is_said_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap();
    run_well(&["init", "--data", dir, "--org", "acme", "--name", "Acme"]);
    let empty = data.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    let empty = empty.to_str().unwrap();
    for (more, words) in [
        (&["--kind", "s3", "--address", "https://s3.example"][..], "bucket"),
        (&["--kind", "openrosa", "--address", "https://u:p@odk.example"], "--secret-file"),
        (&["--kind", "openrosa", "--address", "ftp://odk.example"], "https"),
        (
            &["--kind", "openrosa", "--address", "https://odk.example", "--option", "bucket=x"],
            "no option bucket",
        ),
        (&["--kind", "webdav", "--address", "https://a.example", "--secret-file", empty], "is empty"),
        (
            &["--kind", "webdav", "--address", "https://a.example", "--secret-file", "/nowhere"],
            "cannot be read",
        ),
    ] {
        let mut all = vec!["relay", "add", "--data", dir, "--name", "Copy"];
        all.extend(more);
        let said = run_badly(&all);
        assert!(said.contains(words), "{said}");
    }
    let list = run_well(&["relay", "list", "--data", dir]);
    assert_eq!(list.lines().count(), 1, "nothing was added: {list}");
}
