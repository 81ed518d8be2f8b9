//! `WsgiDAV`, and S3 as moto imitates it behind a check of what is signed.

use serde_json::Value;
use waymark_core::sync::{Answer, BackendKind, Destination, Outcome};

use crate::peer::Peer;
use crate::support::{batch, destination, now, outcomes, send, send_ahead, stored, test};

/// What a file or object of this name holds.
fn content(peer: &mut Peer, name: &str) -> String {
    let all = peer.order("list")["list"].take();
    let named = |entry: &&Value| entry[0] == name;
    all.as_array().unwrap().iter().find(named).unwrap()[1].as_str().unwrap().to_owned()
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn a_folder_on_a_webdav_server() {
    let mut peer = Peer::node("webdav");
    let there = destination(BackendKind::WebDav, &peer.address, "waymark", "secret");
    assert_eq!(test(&there).await, "not_found", "the folder is made with the first batch");

    let all = batch(1..=20);
    let first = stored(send(&there, None, &all).await, 20);
    assert_eq!(test(&there).await, "fine");
    assert_eq!(stored(send(&there, Some(&first), &all).await, 20), first, "again");
    let file = format!("{}.json", all[4].entry.id);
    assert_eq!(content(&mut peer, &file), all[4].json);
    peer.order(&format!("put {file} {}", all[5].json));
    assert_eq!(outcomes(send(&there, None, &all[4..6]).await).1, [Outcome::Conflict, Outcome::Accepted]);

    // As a server leaves them that was killed while it wrote.
    peer.order(&format!("put {file} {}", &all[4].json[..50]));
    peer.order("put waymark-life.json {\"begun_by\":\"way");
    let second = stored(send(&there, Some(&first), &all[4..5]).await, 1);
    assert_eq!(content(&mut peer, &file), all[4].json);
    assert_eq!(stored(send(&there, Some(&second), &all[..3]).await, 3), second);

    peer.order("wipe");
    assert_ne!(stored(send(&there, Some(&first), &all[6..]).await, 14), first, "emptied");

    let stranger = destination(BackendKind::WebDav, &peer.address, "waymark", "wrong");
    assert_eq!(test(&stranger).await, "sign_in");
    assert_eq!(send(&stranger, None, &all).await, Answer::SignIn);
}

fn bucket(address: &str, secret: &str, bucket: &str) -> Destination {
    let mut there = destination(BackendKind::S3, address, "key", secret);
    for (name, value) in [("bucket", bucket), ("path_style", "yes"), ("prefix", "field/été ")] {
        there.options.insert(name.into(), value.into());
    }
    there
}

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn a_bucket_of_s3() {
    let mut peer = Peer::node("s3");
    let there = bucket(&peer.address, "secret", "waymark");
    assert_eq!(test(&there).await, "fine");
    let elsewhere = bucket(&peer.address, "secret", "elsewhere");
    assert_eq!(test(&elsewhere).await, "not_found");
    assert_eq!(send(&elsewhere, None, &batch(1..=1)).await, Answer::Backend(404));
    let stranger = bucket(&peer.address, "wrong", "waymark");
    assert_eq!(test(&stranger).await, "sign_in");
    assert_eq!(send(&stranger, None, &batch(1..=1)).await, Answer::SignIn);

    let all = batch(1..=20);
    let begun = now();
    let first = stored(send(&there, None, &all).await, 20);
    assert!(now().ms_since(begun) < 20_000, "one by one, but not one by one of a limit");
    assert_eq!(stored(send(&there, Some(&first), &all).await, 20), first, "again");
    let object = format!("field/été {}.json", all[3].entry.id);
    assert_eq!(content(&mut peer, &object), all[3].json);
    peer.order(&format!("put {} {}", object.replace(' ', "%20"), all[4].json));
    assert_eq!(outcomes(send(&there, None, &all[3..5]).await).1, [Outcome::Conflict, Outcome::Accepted]);
}

const DAY: i64 = 86_400_000;

#[tokio::test]
#[ignore = "cargo xtask test backends"]
async fn what_is_signed_on_a_phone_whose_clock_is_wrong() {
    let (bucket_peer, hook_peer) = (Peer::node("s3"), Peer::node("webhook"));
    let mut hook = destination(BackendKind::Webhook, &hook_peer.address, "", "");
    // As in tests/peers/webhook.mjs.
    hook.sign_in.secret = "whsec_d2F5bWFyay13YXltYXJrLXdheW1hcms=".into();
    for there in [bucket(&bucket_peer.address, "secret", "waymark"), hook] {
        let all = batch(1..=6);
        stored(send(&there, None, &all[..1]).await, 1);
        for (n, ahead) in [DAY / 24, -DAY / 24, 400 * DAY, -400 * DAY].into_iter().enumerate() {
            let told = &all[n..=n];
            stored(send_ahead(&there, ahead, Some(-ahead), told).await, 1);
            // Nobody has told it; or it was, and the clock has been put right since.
            stored(send_ahead(&there, ahead, None, told).await, 1);
            stored(send_ahead(&there, 0, Some(-ahead), told).await, 1);
        }
    }
}
