//! Who may read a photo: whoever may see a record that names it, and whoever sent it.

use serde_json::json;
use waymark_core::event::{Event, Kind};
use waymark_core::rules::Role;

use crate::support::{Phone, Photo, Server};

/// A report that names photos.
fn report(phone: &Phone, n: u64, photos: &[&Photo], sensitive: bool) -> Event {
    let photos: Vec<_> = photos.iter().map(|photo| photo.named()).collect();
    let data = json!({"what": "the depot", "photos": photos, "sensitive": sensitive});
    phone.filled(n, &Kind::IncidentReported, &data)
}

async fn accepted(phone: &Phone, event: Event) {
    let reply = phone.send(&[event]).await;
    assert_eq!(reply.outcomes(), ["accepted"], "{}", reply.text);
}

async fn reads(phone: &Phone, photo: &Photo) -> bool {
    let reply = phone.get_blob(&photo.sha256).await;
    let asked = phone.head_blob(&photo.sha256).await;
    assert_eq!(asked.status, reply.status);
    if reply.status != 200 {
        reply.problem(404, "no_blob");
        assert_eq!(reply.header("waymark-held"), "0");
        return false;
    }
    assert_eq!(reply.bytes, photo.bytes);
    true
}

#[tokio::test]
async fn a_photo_is_seen_by_those_who_see_its_record() {
    let server = Server::start().await;
    let hawa = server.phone_in("acme", Role::Reporter, &["east"], "Hawa").await;
    let [open, hidden, unnamed] = [1, 2, 3].map(|n| Photo::new(n, 500));
    for photo in [&open, &hidden, &unnamed] {
        assert_eq!(hawa.send_whole(photo).await.status, 201);
    }
    accepted(&hawa, report(&hawa, 1, &[&open], false)).await;
    accepted(&hawa, report(&hawa, 2, &[&hidden], true)).await;
    for (role, areas, expected) in [
        (Role::Traveller, &["east"][..], [false, false]),
        (Role::Reporter, &["east"], [false, false]),
        (Role::Manager, &["east"], [true, false]),
        (Role::Manager, &["west"], [false, false]),
        (Role::Security, &["east"], [true, true]),
        (Role::Security, &["west"], [false, false]),
        (Role::Central, &[], [true, true]),
    ] {
        let viewer = server.phone_in("acme", role, areas, "Viewer").await;
        let seen = [reads(&viewer, &open).await, reads(&viewer, &hidden).await];
        assert_eq!(seen, expected, "{role:?} {areas:?}");
        assert!(!reads(&viewer, &unnamed).await, "no record names it");
    }
    for photo in [&open, &hidden, &unnamed] {
        assert!(reads(&hawa, photo).await, "whoever sent it");
    }
    // What comes to be protected takes its photos along.
    let manager = server.phone_in("acme", Role::Manager, &["east"], "Manager").await;
    let secret = hawa.filled(3, &Kind::ThreatReported, &json!({"words": "leave", "sensitive": true}));
    let update = json!({"record": secret.id, "form": "threat", "photos": [unnamed.named()]});
    accepted(&hawa, hawa.filled(4, &Kind::ReportUpdated, &update)).await;
    assert!(reads(&manager, &unnamed).await);
    accepted(&hawa, secret).await;
    assert!(!reads(&manager, &unnamed).await);
}

#[tokio::test]
async fn whoever_knows_only_the_digest_does_not_get_the_photo() {
    let server = Server::start().await;
    let hawa = server.phone(Role::Reporter, "Hawa").await;
    let moussa = server.phone(Role::Reporter, "Moussa").await;
    let amina = server.phone(Role::Security, "Amina").await;
    let photo = Photo::new(1, 500);
    assert_eq!(hawa.send_whole(&photo).await.status, 201);
    accepted(&moussa, report(&moussa, 1, &[&photo], false)).await;
    assert!(!reads(&moussa, &photo).await && !reads(&amina, &photo).await);
    moussa.send_part(&photo, "bytes */500", "").await.problem(409, "wrong_offset");
    let wrong = Photo { bytes: Photo::new(2, 500).bytes, ..photo.clone() };
    moussa.send_whole(&wrong).await.problem(422, "wrong_digest");
    assert!(reads(&hawa, &photo).await, "nobody spoils another's");

    let reply = moussa.send_whole(&photo).await;
    assert_eq!((reply.status, reply.json()["outcome"].as_str()), (200, Some("duplicate")));
    assert!(reads(&moussa, &photo).await && reads(&amina, &photo).await);
}

#[tokio::test]
async fn organisations_share_no_photos() {
    let server = Server::start().await;
    let hawa = server.phone(Role::Reporter, "Hawa").await;
    let stranger = server.phone_in("other", Role::Central, &[], "Stranger").await;
    let photo = Photo::new(1, 500);
    assert_eq!(hawa.send_whole(&photo).await.status, 201);
    accepted(&hawa, report(&hawa, 1, &[&photo], false)).await;
    accepted(&stranger, report(&stranger, 1, &[&photo], false)).await;
    assert!(!reads(&stranger, &photo).await);
    assert_eq!(stranger.send_whole(&photo).await.status, 201, "new there");
    assert!(reads(&stranger, &photo).await);
}
