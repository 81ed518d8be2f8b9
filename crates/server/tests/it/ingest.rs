//! Taking records in: once each, in the order of the feed, from many at once.

use std::time::Duration;

use futures_util::future::join_all;
use waymark_core::event::{Digest, Event};
use waymark_core::rules::Role;

use crate::support::{Phone, Server};

/// The same id with another content.
fn changed(event: &Event) -> Event {
    let mut json = event.to_json();
    json["data"]["note"] = "another".into();
    json["digest"] = Digest::of_json(&json["data"]).to_string().into();
    Event::from_json(json).unwrap()
}

#[tokio::test]
async fn sending_again_is_harmless_and_says_where_it_is() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let events: Vec<_> = (1..=3).map(|n| driver.checkin(n)).collect();
    let first = driver.send(&events).await;
    assert_eq!(first.seqs(), [1, 2, 3]);
    tokio::time::sleep(Duration::from_millis(5)).await;
    let again = driver.send(&[events[2].clone(), driver.checkin(4), events[0].clone()]).await;
    assert_eq!(again.outcomes(), ["duplicate", "accepted", "duplicate"]);
    assert_eq!(again.seqs(), [3, 4, 1]);
    let (first, again) = (first.json(), again.json());
    assert_eq!(again["receipts"][0]["received"], first["received"], "it was received once");
    assert!(again["received"] != first["received"] && again["receipts"][1].get("received").is_none());
    assert_eq!(amina.feed().await.len(), 4);
}

#[tokio::test]
async fn another_content_under_the_same_id_is_a_conflict_and_both_are_kept() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let event = driver.checkin(1);
    driver.send(std::slice::from_ref(&event)).await;
    for _ in 0..2 {
        let reply = driver.send(&[changed(&event)]).await;
        assert_eq!(reply.outcomes(), ["conflict"]);
        assert_eq!(reply.status, 200);
        assert!(reply.json()["receipts"][0]["detail"].as_str().unwrap().contains("another version"));
    }
    let feed = amina.feed().await;
    assert_eq!(feed.len(), 1);
    assert_eq!(feed[0].event, event);
    assert_eq!(server.conflicts().await, 1);
}

#[tokio::test]
async fn two_devices_that_made_the_same_id_wrote_two_records() {
    let server = Server::start().await;
    let (one, other) =
        (server.phone(Role::Traveller, "One").await, server.phone(Role::Traveller, "Other").await);
    let event = one.checkin(1);
    one.send(std::slice::from_ref(&event)).await;
    let mut same_id = other.checkin(1);
    same_id.id = event.id;
    assert_eq!(same_id.digest, event.digest);
    assert_eq!(other.send(&[same_id]).await.outcomes(), ["conflict"]);
    assert_eq!(server.conflicts().await, 1);
}

#[tokio::test]
async fn twins_within_a_batch_are_told_apart() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let event = driver.checkin(1);
    let reply = driver.send(&[event.clone(), event.clone(), changed(&event), driver.checkin(2)]).await;
    assert_eq!(reply.outcomes(), ["accepted", "duplicate", "conflict", "accepted"]);
    assert_eq!(reply.seqs(), [1, 1, 2]);
    assert_eq!(server.conflicts().await, 1);
}

#[tokio::test]
async fn a_clock_offset_beyond_all_reason_is_survived() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    for (n, offset) in [(1, i64::MIN), (2, i64::MAX)] {
        let mut event = driver.checkin(n);
        event.clockoffset = Some(offset);
        assert_eq!(driver.send(&[event]).await.outcomes(), ["accepted"]);
        let body = serde_json::json!([driver.checkin(n + 10).to_json()]).to_string();
        let request = driver.post("/records").header("content-type", "application/json").body(body);
        let reply = request.header("waymark-clock", offset.to_string()).send().await.unwrap();
        assert_eq!(reply.status(), 200);
    }
    let amina = server.phone(Role::Manager, "Amina").await;
    assert_eq!(amina.feed().await.len(), 4);
}

/// Reads on and on until `total` records were seen; fails on a record out of order.
async fn follow(reader: Phone, total: usize) -> Vec<u64> {
    let (mut after, mut seen) = (0, Vec::new());
    while seen.len() < total {
        let page = reader.feed_reply(&format!("after={after}&limit=37")).await.json();
        for record in page["records"].as_array().unwrap() {
            let seq = record["seq"].as_u64().unwrap();
            assert!(seq > after, "{seq} after {after}");
            seen.push(seq);
        }
        after = page["next"].as_u64().unwrap();
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_devices_at_once_get_places_without_gaps_and_readers_skip_none() {
    const DEVICES: u64 = 8;
    const BATCHES: u64 = 12;
    const SIZE: u64 = 5;
    let server = Server::start().await;
    let mut devices = Vec::new();
    for n in 0..DEVICES {
        devices.push(server.phone(Role::Traveller, &format!("Driver {n}")).await);
    }
    let total = DEVICES * BATCHES * SIZE;
    let mut readers = Vec::new();
    for _ in 0..3 {
        let reader = server.phone(Role::Central, "Reader").await;
        readers.push(tokio::spawn(follow(reader, usize::try_from(total).unwrap())));
    }
    let writers = devices.iter().map(async |phone| {
        let mut seqs = Vec::new();
        for batch in 0..BATCHES {
            let events: Vec<_> = (0..SIZE).map(|n| phone.checkin(batch * SIZE + n + 1)).collect();
            let twice = [phone.send(&events).await, phone.send(&events).await];
            assert_eq!(twice[0].seqs(), twice[1].seqs());
            seqs.extend(twice[0].seqs());
        }
        seqs
    });
    let mut given: Vec<_> = join_all(writers).await.concat();
    given.sort_unstable();
    assert_eq!(given, (1..=total).collect::<Vec<_>>());
    for reader in readers {
        let seen = tokio::time::timeout(Duration::from_mins(1), reader).await.unwrap().unwrap();
        assert_eq!(seen, given);
    }
    assert_eq!(server.storage.newest(&"acme".into()).await.unwrap(), total);
}
