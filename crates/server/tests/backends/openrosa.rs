//! A stand-in for an OpenRosa server: see tests/peers/openrosa.mjs.

use waymark_core::sync::{Answer, BackendKind, Outcome};
use waymark_core::testing::build;

use crate::peer::Peer;
use crate::support::{batch, destination, outcomes, queued, send, stored, test};

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn submissions_are_taken_once_and_another_content_is_refused() {
    let mut peer = Peer::node("openrosa");
    let there = destination(BackendKind::OpenRosa, &peer.address, "waymark", "secret");
    let all = batch(1..=3);
    for _ in 0..2 {
        stored(send(&there, None, &all).await, 3);
    }
    let list = peer.order("list");
    let held = list["list"].as_array().unwrap();
    assert_eq!(held.len(), 3, "sent again, each is there once");
    let id = build::checkin(1).id.to_string();
    assert!(held[0].as_str().unwrap().contains(&format!("<instanceID>uuid:{id}</instanceID>")));

    let mut other = build::checkin(2).to_json();
    other["data"]["note"] = "other".into();
    let digest = waymark_core::event::Digest::of_json(&other["data"]);
    other["digest"] = digest.to_string().into();
    let other = waymark_core::event::Event::from_json(other).unwrap();
    let (_, told) = outcomes(send(&there, None, &[queued(&other), all[2].clone()]).await);
    assert!(matches!(&told[0], Outcome::Rejected(refusal) if refusal.code == "conflict"), "{told:?}");
    assert_eq!(told[1], Outcome::Accepted);

    let stranger = destination(BackendKind::OpenRosa, &peer.address, "waymark", "wrong");
    assert_eq!(send(&stranger, None, &all).await, Answer::SignIn);
    assert_eq!(test(&stranger).await, "sign_in");
    assert_eq!(test(&there).await, "schema", "it has no forms on its list");
}
