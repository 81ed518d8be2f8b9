//! express-pouchdb: PouchDB Server.

use waymark_core::rules::Role;
use waymark_core::sync::{Answer, BackendKind, Cursor, FeedAnswer};
use waymark_core::testing::build;

use crate::peer::Peer;
use crate::support::{batch, destination, page, read, send, send_as, session, stored, test};

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn from_nothing_to_a_feed_and_to_another_life() {
    let mut peer = Peer::node("couchdb");
    let there = destination(BackendKind::CouchDb, &peer.address, "waymark", "secret");
    assert_eq!(test(&there).await, "fine");

    let all = batch(1..=250);
    let first = stored(send(&there, None, &all[..50]).await, 50);
    assert_eq!(
        stored(send(&there, Some(&first), &all).await, 250),
        first,
        "fifty of them for the second time"
    );

    let who = session("base", Role::Manager);
    let one = page(read(&there, &who, None, &Cursor::default()).await);
    assert_eq!(one.epoch, first);
    let two = page(read(&there, &who, Some(&first), &one.next).await);
    let ids: Vec<_> = one.records.iter().chain(&two.records).map(|record| record.event.id).collect();
    assert_eq!(ids.len(), 250, "each once");
    let sample = one.records.iter().find(|record| record.event.id == build::checkin(7).id).unwrap();
    assert_eq!(sample.event, build::checkin(7), "as it was sent");
    assert_eq!(sample.arrival.as_ref().unwrap().author_name, "Name of d1");
    let end = page(read(&there, &who, Some(&first), &two.next).await);
    assert_eq!((end.records.len(), end.more), (0, false));

    peer.order("wipe");
    let changed = read(&there, &who, Some(&first), &end.next).await;
    let FeedAnswer::EpochChanged(second) = changed else { panic!("{changed:?}") };
    assert_ne!(second, first);
    assert_eq!(
        stored(send(&there, Some(&first), &all[..1]).await, 1),
        second,
        "the next batch notices it too"
    );
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn two_phones_that_begin_a_life_at_once_begin_one() {
    let peer = Peer::node("couchdb");
    let there = destination(BackendKind::CouchDb, &peer.address, "waymark", "secret");
    let (one, other) = (batch(1..=3), batch(4..=6));
    let (first, second) = (session("d1", Role::Traveller), session("d2", Role::Traveller));
    let (a, b) = tokio::join!(send_as(&there, &first, None, &one), send_as(&there, &second, None, &other));
    let lives = (stored(a, 3), stored(b, 3));
    assert_eq!(stored(send(&there, Some(&lives.0), &one).await, 3), lives.1);
    assert_eq!(lives.0, lives.1);
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn what_is_wrong_with_a_connection_is_told_apart() {
    let peer = Peer::node("couchdb");
    let at = |address: &str, secret: &str| destination(BackendKind::CouchDb, address, "waymark", secret);
    let server = peer.address.trim_end_matches("/waymark").to_owned();
    assert_eq!(test(&at(&peer.address, "wrong")).await, "sign_in");
    assert_eq!(test(&at(&format!("{server}/elsewhere"), "secret")).await, "not_found");
    assert_eq!(test(&at(&server, "secret")).await, "not_found");
    assert_eq!(test(&at("http://127.0.0.1:9", "secret")).await, "unreachable");
    assert_eq!(send(&at(&peer.address, "wrong"), None, &batch(1..=2)).await, Answer::SignIn);
    let nowhere = at(&format!("{server}/elsewhere"), "secret");
    assert_eq!(send(&nowhere, None, &batch(1..=2)).await, Answer::Backend(404));
}
