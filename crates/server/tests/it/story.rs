//! The main job: a check-in reaches a named manager, who confirms it, and the traveller learns of it.

use waymark_core::event::Stamp;
use waymark_core::rules::Role;
use waymark_core::sync::Receipts;
use waymark_server::clock;

use crate::support::Server;

#[tokio::test]
async fn a_check_in_reaches_a_named_manager_who_confirms_it() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;

    let checkin = driver.checkin(1);
    let sent = driver.send(std::slice::from_ref(&checkin)).await;
    assert_eq!(sent.status, 200);
    let receipts: Receipts = serde_json::from_value(sent.json()).unwrap();
    let receipt = &receipts.receipts[0];
    assert_eq!(receipt.outcome, "accepted");
    assert_eq!((&receipt.id, &receipt.digest), (&checkin.id.to_string(), &checkin.digest.to_string()));
    assert_eq!(receipt.source, driver.source().to_string());
    assert_eq!(receipt.seq, Some(1));

    let board = amina.feed().await;
    assert_eq!(board.len(), 1);
    assert_eq!(board[0].event, checkin);
    let arrival = board[0].arrival.as_ref().unwrap();
    assert_eq!(arrival.author_name, "Idriss");
    assert_eq!(arrival.happened, checkin.time);
    assert!(arrival.received.ms_since(clock::now()).abs() < 60_000);

    let confirmation = amina.confirmation(1, &board[0].event);
    assert_eq!(amina.send(std::slice::from_ref(&confirmation)).await.outcomes(), ["accepted"]);
    let told = driver.feed().await;
    assert_eq!(told.len(), 1, "its own check-in is not sent back to it");
    assert_eq!(told[0].event, confirmation);
    assert_eq!(told[0].arrival.as_ref().unwrap().author_name, "Amina");
}

#[tokio::test]
async fn a_phone_whose_clock_is_wrong_by_a_year_is_put_right_and_both_times_are_told() {
    let server = Server::start().await;
    let driver = server.phone(Role::Traveller, "Idriss").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let year = 365 * 86_400_000;
    let now = clock::now();

    let mut by_its_clock = driver.checkin(1);
    by_its_clock.time = now.plus_ms(-year - 60_000);
    let body = serde_json::json!([by_its_clock.to_json()]).to_string();
    let request = driver.post("/records").header("content-type", "application/json").body(body);
    let sent = request.header("waymark-clock", (now.0 - year).to_string()).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let mut measured = driver.checkin(2);
    measured.time = now.plus_ms(-year - 30_000);
    measured.clockoffset = Some(year);
    driver.send(&[measured.clone()]).await;

    let feed = amina.feed().await;
    let near = |stamp: Stamp, expected: i64| (stamp.0 - expected).abs() < 20_000;
    for (record, event, ago) in [(&feed[0], &by_its_clock, 60_000), (&feed[1], &measured, 30_000)] {
        assert_eq!(record.event.time, event.time, "the phone's own time is kept");
        let happened = record.arrival.as_ref().unwrap().happened;
        assert!(near(happened, now.0 - ago), "{happened}");
    }
}
