//! Reading on from a place, in pages, across lives of the database.

use waymark_core::rules::Role;
use waymark_core::sync::Epoch;
use waymark_server::storage::sqlite::DataDir;

use crate::support::{Phone, Server};

#[tokio::test]
async fn pages_join_without_gap_or_overlap_and_pass_over_what_is_invisible() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let other = server.phone(Role::Traveller, "Other").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let mut secret = driver.checkin(99);
    secret.extensions.insert("protected".into(), true.into());
    let events: Vec<_> = (1..=7).map(|n| driver.checkin(n)).collect();
    driver.send(&events[..4]).await;
    driver.send(&[secret]).await;
    driver.send(&events[4..]).await;

    let page = amina.feed_reply("after=0&limit=4").await.json();
    assert_eq!((&page["next"], &page["more"]), (&4.into(), &true.into()));
    let page = amina.feed_reply("after=4&limit=4").await.json();
    let seqs: Vec<_> = page["records"].as_array().unwrap().iter().map(|record| &record["seq"]).collect();
    assert_eq!(seqs, [6, 7, 8]);
    assert_eq!((&page["next"], &page["more"]), (&8.into(), &false.into()));
    assert_eq!(amina.feed().await.len(), 7);

    let page = other.feed_reply("after=0&limit=2").await.json();
    assert_eq!((page["records"].as_array().unwrap().len(), &page["next"]), (0, &8.into()));
}

#[tokio::test]
async fn beyond_the_newest_there_is_nothing() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let epoch = server.storage.epoch().await.unwrap();
    for after in ["77", "18446744073709551615"] {
        let page = amina.feed_reply(&format!("after={after}&epoch={epoch}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.json()["next"].to_string(), after);
        assert_eq!(
            (page.json()["records"].to_string(), page.json()["more"].clone()),
            ("[]".into(), false.into())
        );
    }
}

#[tokio::test]
async fn another_epoch_is_told_with_ours() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let reply = amina.feed_reply("after=5&epoch=another").await;
    reply.problem(409, "epoch_changed");
    let told: Epoch = serde_json::from_value(reply.json()["epoch"].clone()).unwrap();
    assert_eq!(told, server.storage.epoch().await.unwrap());
}

#[tokio::test]
async fn feeds_are_compressed_for_those_who_can_read_it() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    driver.send(&(1..=50).map(|n| driver.checkin(n)).collect::<Vec<_>>()).await;
    let answer = amina.get("/feed").header("accept-encoding", "gzip").send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    assert!(answer.bytes().await.unwrap().len() < 8_000);
}

#[tokio::test]
async fn after_a_restored_backup_nothing_is_lost_and_nothing_double() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let events: Vec<_> = (1..=6).map(|n| driver.checkin(n)).collect();
    driver.send(&events[..3]).await;
    let before = server.storage.epoch().await.unwrap();
    let data_dir = DataDir::new(server.data.path());
    let backup = server.data.path().join("backup.db");
    data_dir.backup(&backup).await.unwrap();
    driver.send(&events[3..]).await;
    let late = server.phone(Role::Traveller, "Late").await;
    let data = server.stop().await;

    data_dir.restore(&backup, "1").await.unwrap();
    let server = Server::builder().data(data).start().await;
    let moved = |phone: &Phone| Phone { address: server.address, ..phone.clone() };
    let (driver, amina, late) = (moved(&driver), moved(&amina), moved(&late));
    let reply = amina.feed_reply(&format!("after=6&epoch={before}")).await;
    reply.problem(409, "epoch_changed");
    assert_ne!(reply.json()["epoch"], before.0);
    assert_eq!(amina.feed().await.len(), 3);
    let again = driver.send(&events).await;
    let expected = ["duplicate", "duplicate", "duplicate", "accepted", "accepted", "accepted"];
    assert_eq!(again.outcomes(), expected);
    assert_eq!(again.seqs(), [1, 2, 3, 4, 5, 6]);
    assert_eq!(amina.feed().await.iter().map(|record| record.event.clone()).collect::<Vec<_>>(), events);

    late.feed_reply("").await.problem(401, "not_signed_in");
    let back = late.enrol_again(server.address, &server.code(Role::Traveller).await).await;
    assert_eq!((&back.enrolled.device, &back.enrolled.user), (&late.enrolled.device, &late.enrolled.user));
    assert_eq!(back.send(&[late.checkin(1)]).await.outcomes(), ["accepted"]);
}
