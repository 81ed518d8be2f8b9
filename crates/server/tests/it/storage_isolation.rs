//! What is of one organisation is not of another, whatever ids they share: a case of the storage suite.

use serde_json::json;
use waymark_core::event::{AreaLevel, Body, Digest, EmergencyDraft, Event, Kind, UserId, WatchRules};
use waymark_core::rules::Role;
use waymark_core::sync::Outcome;
use waymark_core::testing::build;
use waymark_server::secret::SecretHash;
use waymark_server::storage::{
    Basis, Caller, Enrolling, PackStorage as _, Publishing, PushAddress, Storage, WatchStorage as _,
};

use crate::storage_suite::{Bench, add_code, batch, enrolment, member, new_pack, prepared};
use crate::support::convoy;

const NOW: waymark_core::event::Stamp = build::MORNING;

/// Somebody of the other organisation with the same ids.
async fn namesake(storage: &impl Storage, of: &Caller) -> Caller {
    add_code(storage, "other", 101).await;
    let mut wish = enrolment(101, 1);
    wish.new_token = SecretHash([101; 32]);
    let Enrolling::Enrolled { caller, .. } = storage.enrol(&wish, NOW).await.unwrap() else {
        panic!("refused")
    };
    assert_eq!((&caller.device, &caller.user), (&of.device, &of.user));
    assert_ne!(caller.org, of.org);
    caller
}

fn event(caller: &Caller, n: u64, body: Body) -> Event {
    let mut unsaved = build::unsaved("d1", n, body);
    unsaved.source = caller.source();
    unsaved.author = caller.user.clone();
    unsaved.into_event(n)
}

/// A movement with a check-in and another plan, an emergency, and a report with a photo.
fn story(caller: &Caller, photo: &Digest) -> Vec<Event> {
    let trip = event(caller, 1, convoy::planned(convoy::plan(NOW, &[&caller.user.0])));
    let heard = event(caller, 2, Body::CheckinMade(convoy::heard(trip.id)));
    let again = convoy::revised(trip.id, trip.id, convoy::plan(NOW, &[&caller.user.0]));
    let alarm = Body::EmergencyRaised(EmergencyDraft::default().parse(None, NOW).unwrap());
    let photo =
        json!({"sha256": photo.to_string(), "media_type": "image/png", "bytes": 9, "width": 1, "height": 1});
    let data = json!({"what": "the depot", "photos": [photo], "external": {"source": "AWSD", "id": "1"}});
    let report = Body::read(&Kind::IncidentReported, &data).unwrap();
    vec![trip, heard, event(caller, 3, again), event(caller, 4, alarm), event(caller, 5, report)]
}

async fn fill(storage: &impl Storage, caller: &Caller, photo: &Digest) -> Vec<Event> {
    let events = story(caller, photo);
    let taken = storage.ingest(batch(caller, events.clone())).await.unwrap();
    let places: Vec<_> = taken.iter().map(|taken| (taken.outcome.clone(), taken.seq)).collect();
    assert_eq!(places, (1..=5).map(|seq| (Outcome::Accepted, Some(seq))).collect::<Vec<_>>());
    storage.add_blob(caller, photo, 9, NOW).await.unwrap();
    let rules = WatchRules { interval: 7, grace: 3, prompt: 2, step: 5, hold: 20 };
    storage.set_level(&caller.org, &AreaLevel::High, &rules).await.unwrap();
    let endpoint = format!("https://push.example.org/{}", caller.org);
    let address = PushAddress { endpoint, p256dh: "key".into(), auth: "auth".into() };
    storage.subscribe(caller, &address, NOW).await.unwrap();
    let basis = Basis { key: None, version: None };
    let pack = new_pack(1, 1, &[caller.org.0.as_bytes()]);
    assert_eq!(storage.publish(&caller.org, &pack, basis, NOW).await.unwrap(), Publishing::Published);
    storage.carry(caller, 1, NOW).await.unwrap();
    storage.own(&caller.org, NOW).await.unwrap();
    events
}

pub async fn organisations_share_nothing<B: Bench>() {
    let (_bench, storage) = prepared::<B>().await;
    let here = member(&storage, "acme", 1).await;
    let there = namesake(&storage, &here).await;
    let photo = Digest::of_bytes(b"photo");
    let events = fill(&storage, &here, &photo).await;
    let (trip, alarm) = (events[0].id, events[3].id);
    let feed = async |caller: &Caller| {
        let page = storage.feed(&caller.viewer(), &"none".into(), 0, 100).await.unwrap();
        page.records.into_iter().map(|record| record.event).collect::<Vec<_>>()
    };
    let org = &there.org;

    assert_eq!(feed(&here).await, events);
    assert_eq!(feed(&there).await, []);
    assert_eq!(storage.newest(org).await.unwrap(), 0);
    assert_eq!(storage.heads().await.unwrap(), [(here.org.clone(), 5), (org.clone(), 0)]);
    assert!(!storage.may_see_blob(&there.viewer(), &photo).await.unwrap());
    assert_eq!(storage.brought_in(org, "AWSD").await.unwrap(), []);
    assert_eq!(storage.open(org, NOW).await.unwrap(), []);
    assert_eq!(storage.since(org, (0, 100)).await.unwrap(), []);
    for matter in [trip, alarm] {
        assert_eq!(storage.areas(org, matter).await.unwrap(), [""; 0]);
    }
    assert_eq!(storage.outside(org, &["east".into()]).await.unwrap(), [] as [UserId; 0]);
    assert_eq!(storage.subscriptions(org, &Role::ALL).await.unwrap(), []);
    assert!(
        storage.levels(org).await.unwrap().is_empty() && !storage.levels(&here.org).await.unwrap().is_empty()
    );
    assert_eq!(storage.pack_key(org).await.unwrap(), None);
    assert_eq!(storage.packs(org).await.unwrap(), []);
    assert_eq!(storage.pack_file(org, &Digest::of_bytes(b"acme")).await.unwrap(), None);
    assert_eq!(storage.carried(org).await.unwrap(), []);
    let carriers = storage.carriers(&there.viewer()).await.unwrap();
    assert_eq!(carriers.iter().map(|carrier| carrier.version).collect::<Vec<_>>(), [None]);
    assert_eq!(storage.directory(&there.viewer()).await.unwrap().len(), 1);

    // The same ids once more, and each still reads its own.
    let others = fill(&storage, &there, &photo).await;
    assert_eq!(feed(&there).await, others);
    assert_eq!(feed(&here).await, events);
    assert_eq!(storage.subscriptions(&here.org, &Role::ALL).await.unwrap().len(), 1);
    assert_eq!(storage.pack_file(&here.org, &Digest::of_bytes(b"other")).await.unwrap(), None);
    storage.unsubscribe(org, &there.device, None).await.unwrap();
    assert_eq!(storage.subscriptions(&here.org, &Role::ALL).await.unwrap().len(), 1);
}
