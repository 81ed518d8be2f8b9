//! The watch of the real program, on real time.
#![cfg(unix)]

use std::time::Duration;

use waymark_core::event::{Event, Kind, WatchRules};
use waymark_server::clock;

use crate::process::{Running, run_badly, run_well};
use crate::support::{Phone, convoy};

#[tokio::test]
async fn how_closely_people_are_watched_is_set_from_the_command_line() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap();
    run_well(&["init", "--data", dir, "--org", "acme", "--name", "Acme"]);
    let high = |text: &str| text.lines().find(|line| line.starts_with("high")).unwrap().to_owned();
    let cells = |line: &str| line.split_whitespace().skip(1).take(5).map(str::to_owned).collect::<Vec<_>>();
    let printed = run_well(&["levels", "--data", dir]);
    assert_eq!(printed.lines().count(), 7);
    assert_eq!(cells(&high(&printed)), ["30", "5", "2", "5", "20"]);
    let set =
        ["levels", "--data", dir, "--org", "acme", "--level", "high", "--interval", "15", "--step", "3"];
    let after = high(&run_well(&set));
    assert_eq!(cells(&after), ["15", "5", "2", "3", "20"]);
    assert!(after.ends_with("the server") && high(&printed).ends_with("default"), "{after}");
    assert_eq!(cells(&high(&run_well(&["levels", "--data", dir]))), ["15", "5", "2", "3", "20"]);
    for (fault, words) in [
        (["--level", "high", "--prompt", "6"], "--prompt is within grace"),
        (["--level", "high", "--step", "0"], "1 to 120"),
        (["--level", "high", "--interval", "100000"], "1 to 1440"),
    ] {
        let said = run_badly(&[&["levels", "--data", dir][..], &fault[..]].concat());
        assert!(said.contains(words), "{said}");
    }
    assert!(run_badly(&["levels", "--data", dir, "--org", "x"]).contains("no organisation x"));
}

/// Polls until this many records are in the feed.
async fn wait_for_records(phone: &Phone, count: usize) -> Vec<Event> {
    for _ in 0..100 {
        let records = phone.feed().await;
        if records.len() >= count {
            return records.into_iter().map(|record| record.event).collect();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("there are not {count} records after ten seconds");
}

#[tokio::test]
async fn a_movement_that_is_silent_is_raised_within_seconds() {
    let data = tempfile::tempdir().unwrap();
    let dir = data.path().to_str().unwrap();
    let server = Running::start(data.path(), &["--demo", "--empty", "--no-watch"]);
    let phone = Phone::enrol(server.address, server.code("manager"), "Amina").await;
    let mut silent = convoy::plan(clock::now().plus_ms(-1_000), &[]);
    silent.watch = WatchRules { interval: 0, grace: 0, prompt: 0, step: 60, hold: 0 };
    phone.send(&[phone.event(1, convoy::planned(silent.clone()))]).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(phone.feed().await.is_empty(), "nobody watches");
    drop(server);

    let mut server = Running::start(data.path(), &["--demo", "--empty"]);
    let phone = Phone { address: server.address, ..phone };
    let kinds = |events: &[Event]| events.iter().map(|event| event.kind.clone()).collect::<Vec<_>>();
    let first = wait_for_records(&phone, 2).await;
    assert_eq!(kinds(&first), [Kind::OverdueRaised, Kind::OverdueStep]);
    assert_eq!(first[0].author.0, "waymark");
    phone.send(&[phone.event(2, convoy::planned(silent))]).await;
    let both = wait_for_records(&phone, 4).await;
    assert_eq!(kinds(&both[2..]), [Kind::OverdueRaised, Kind::OverdueStep], "told of the news");
    assert!(!run_well(&["devices", "--data", dir]).contains("waymark"));
    assert!(run_badly(&["revoke", "--data", dir, "--device", "waymark"]).contains("no device"));
    server.signal("TERM");
    assert!(server.child.wait().unwrap().success());
}
