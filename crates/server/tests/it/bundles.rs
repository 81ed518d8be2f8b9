//! What is carried here by somebody else: `PUT /device-key` and `POST /bundles`.

use serde_json::{Value, json};
use waymark_core::backend::bundles::{Certified, Handed};
use waymark_core::carry::{
    CarriedParcel, Certificate, Own, SignedReceipts, SignedText, SigningKey, Trust, Voucher, parse, write,
    write_parcels,
};
use waymark_core::event::{Event, Stamp};
use waymark_core::rules::Role;
use waymark_core::sync::Session;
use waymark_server::clock;

use crate::support::{Phone, Reply, Server};

fn session(phone: &Phone) -> Session {
    let own = phone.enrolled.clone();
    Session {
        org: own.org,
        org_name: own.org_name,
        user: own.user,
        name: own.name,
        role: own.role,
        areas: own.areas,
        device: own.device,
        token: own.token,
    }
}

fn key(phone: &Phone) -> SigningKey {
    SigningKey::from_secret(&phone.enrolled.token)
}

async fn put_key(phone: &Phone, body: &Value) -> Reply {
    let request = phone.client.put(format!("http://{}/api/v1/device-key", phone.address)).json(body);
    Reply::read("put", request.bearer_auth(&phone.enrolled.token).send().await.unwrap()).await
}

/// Says its key; what the server says of it.
async fn certified(phone: &Phone) -> Certified {
    let reply = put_key(phone, &json!({ "key": key(phone).public() })).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    serde_json::from_value(reply.json()).unwrap()
}

fn bundle_by(phone: &Phone, signer: &SigningKey, events: &[Event]) -> String {
    let session = session(phone);
    write(&Own { session: &session, key: signer, certificate: None }, events, &[], &[], clock::now()).text
}

fn bundle(phone: &Phone, events: &[Event]) -> String {
    bundle_by(phone, &key(phone), events)
}

async fn hand(phone: &Phone, text: impl Into<String>) -> Reply {
    Reply::read("post", phone.post("/bundles").body(text.into()).send().await.unwrap()).await
}

async fn handed(phone: &Phone, text: impl Into<String>) -> Handed {
    let reply = hand(phone, text).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    serde_json::from_value(reply.json()).unwrap()
}

fn receipts(handed: &Handed, at: usize) -> SignedReceipts {
    SignedReceipts::read(handed.parcels[at].receipts.as_ref().unwrap(), &handed.server_key).unwrap()
}

fn outcomes(receipts: &SignedReceipts) -> Vec<&str> {
    receipts.receipts.receipts.iter().map(|receipt| receipt.outcome.as_str()).collect()
}

#[tokio::test]
async fn what_a_leader_carries_is_taken_in_as_from_whoever_wrote_it() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let leader = server.phone(Role::Traveller, "Moussa").await;
    let manager = server.phone(Role::Manager, "Amina").await;
    let told = certified(&idriss).await;
    let events = [idriss.checkin(1), idriss.checkin(2)];
    let answer = handed(&leader, bundle(&idriss, &events)).await;
    assert_eq!(answer.server_key, told.server_key);
    let signed = receipts(&answer, 0);
    assert_eq!(outcomes(&signed), ["accepted", "accepted"]);
    assert_eq!(signed.receipts.device, idriss.enrolled.device);
    assert_eq!(signed.receipts.name, "Idriss");
    assert_eq!(signed.receipts.epoch, idriss.enrolled.epoch);
    let feed = manager.feed().await;
    assert_eq!(feed.len(), 2);
    assert_eq!(feed[0].event, events[0]);
    assert_eq!(feed[0].arrival.as_ref().unwrap().author_name, "Idriss");

    // The phone itself sends what it has, later: nothing is there twice.
    let reply = idriss.send(&events).await.json();
    assert_eq!(reply["receipts"][0]["outcome"], "duplicate");
    let again = handed(&leader, bundle(&idriss, &events)).await;
    assert_eq!(outcomes(&receipts(&again, 0)), ["duplicate", "duplicate"]);
    assert_eq!(manager.feed().await.len(), 2);
}

#[tokio::test]
async fn the_server_says_who_signs_and_phones_believe_it() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let told = certified(&idriss).await;
    let certificate = Certificate::read(&told.certificate, &told.server_key).unwrap();
    assert_eq!((certificate.name.as_str(), certificate.role), ("Idriss", Role::Traveller));
    assert_eq!(certificate.key, key(&idriss).public());
    let session = session(&idriss);
    let own = Own { session: &session, key: &key(&idriss), certificate: Some(&told.certificate) };
    let text = write(&own, &[idriss.checkin(1)], &[], &[], Stamp(0)).text;
    let trust = Trust { org: &session.org, server: Some(&told.server_key), known: &[] };
    let voucher = trust.judge(&parse(&text).unwrap().parcels[0]).unwrap();
    assert_eq!(voucher, Voucher::Server(certificate));
    // Another phone is told the same key of the server, also after a restart.
    let other = server.phone(Role::Manager, "Amina").await;
    assert_eq!(certified(&other).await.server_key, told.server_key);
    let data = server.stop().await;
    let server = Server::builder().data(data).start().await;
    let again = Phone { address: server.address, ..idriss.clone() };
    assert_eq!(certified(&again).await.server_key, told.server_key);
}

#[tokio::test]
async fn only_its_own_credential_changes_a_devices_key() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    certified(&idriss).await;
    let stranger = Phone {
        enrolled: {
            let mut own = idriss.enrolled.clone();
            own.token = "no".into();
            own
        },
        ..idriss.clone()
    };
    let body = json!({ "key": key(&stranger).public() });
    assert_eq!(put_key(&stranger, &body).await.status, 401);
    let kept = |server: &Server| {
        let (storage, own) = (server.storage.clone(), idriss.enrolled.clone());
        async move { storage.signer(&own.org, &own.device).await.unwrap().unwrap().key }
    };
    assert_eq!(kept(&server).await, Some(key(&idriss).public()));
    let other = SigningKey::from_secret("other").public();
    assert_eq!(put_key(&idriss, &json!({ "key": other })).await.status, 200);
    assert_eq!(kept(&server).await, Some(other));
    for wrong in [json!({}), json!({"key": ""}), json!({"key": "0".repeat(63)}), json!([]), json!({"key": 1})]
    {
        assert_eq!(put_key(&idriss, &wrong).await.json()["code"], "not_a_key", "{wrong}");
    }
}

#[tokio::test]
async fn a_parcel_that_is_not_believed_holds_up_none_of_the_others() {
    let server = Server::start().await;
    let bearer = server.phone(Role::Traveller, "Moussa").await;
    let (silent, posing) =
        (server.phone(Role::Traveller, "Silent").await, server.phone(Role::Traveller, "Posing").await);
    let (lost, good) =
        (server.phone(Role::Traveller, "Lost").await, server.phone(Role::Traveller, "Good").await);
    let foreign = server.phone_in("other", Role::Traveller, &[], "Foreign").await;
    for phone in [&posing, &lost, &good, &foreign] {
        certified(phone).await;
    }
    server.storage.revoke(&lost.enrolled.device, clock::now()).await.unwrap();
    let forged = SigningKey::from_secret("forged");
    let mut unknown = good.clone();
    unknown.enrolled.device = "d00000000000000000000".into();
    let texts = [
        bundle(&silent, &[silent.checkin(1)]),
        bundle_by(&posing, &forged, &[posing.checkin(1)]),
        bundle(&lost, &[lost.checkin(1)]),
        bundle(&foreign, &[foreign.checkin(1)]),
        bundle(&unknown, &[unknown.checkin(1)]),
        bundle(&good, &[good.checkin(1)]),
    ];
    let carried: Vec<CarriedParcel> = texts
        .iter()
        .map(|text| {
            let parcel = parse(text).unwrap().parcels.remove(0);
            let lines = parcel.records.iter().map(|(_, line)| line.clone()).collect();
            CarriedParcel { lines, ..CarriedParcel::of(&parcel, "", Stamp(0)) }
        })
        .collect();
    let answer = handed(&bearer, write_parcels(&carried, 1 << 20, 1_000)).await;
    let codes: Vec<_> = answer.parcels.iter().map(|parcel| parcel.code.as_deref()).collect();
    let expected = ["no_key", "wrong_key", "device_shut_out", "foreign_organisation", "unknown_device"];
    assert_eq!(codes, expected.map(Some).into_iter().chain([None]).collect::<Vec<_>>());
    assert_eq!(outcomes(&receipts(&answer, 5)), ["accepted"]);
    for (parcel, carried) in answer.parcels.iter().zip(&carried) {
        assert_eq!(parcel.digest, carried.digest);
    }
    let manager = server.phone(Role::Manager, "Amina").await;
    assert_eq!(manager.feed().await.len(), 1);
    // Once it has said its key, what was carried for it is taken.
    certified(&silent).await;
    let answer = handed(&bearer, texts[0].clone()).await;
    assert_eq!(outcomes(&receipts(&answer, 0)), ["accepted"]);
}

#[tokio::test]
async fn who_carries_changes_nothing_and_gets_no_more_rights() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let manager = server.phone(Role::Manager, "Amina").await;
    let told = certified(&idriss).await;
    let text = bundle(&idriss, &[idriss.checkin(1)]);
    let changed = text.replace("check-in 1", "check-in 2");
    let reply = hand(&manager, changed).await;
    assert_eq!((reply.status, reply.json()["code"].clone()), (422, "changed".into()));
    for (wrong, code) in [
        (text[..text.len() - 20].to_owned(), "truncated"),
        ("{}".to_owned(), "not_a_bundle"),
        (text.replace(r#""version":1"#, r#""version":2"#), "newer_version"),
    ] {
        assert_eq!(hand(&manager, wrong).await.json()["code"], code);
    }
    let bytes = Reply::read("post", manager.post("/bundles").body(vec![0xff; 9]).send().await.unwrap()).await;
    assert_eq!(bytes.json()["code"], "not_a_bundle");
    // A traveller's confirmation is refused, however it comes; the receipt says so.
    let made = manager.checkin(1);
    manager.send(std::slice::from_ref(&made)).await;
    let answer = handed(&manager, bundle(&idriss, &[idriss.confirmation(3, &made), idriss.checkin(4)])).await;
    assert_eq!(outcomes(&receipts(&answer, 0)), ["rejected", "accepted"]);
    let signed = answer.parcels[0].receipts.clone().unwrap();
    let changed = SignedText { text: signed.text.replace("rejected", "accepted"), ..signed };
    assert_eq!(SignedReceipts::read(&changed, &told.server_key), None);
    let nobody = reqwest::Client::new().post(server.url("/api/v1/bundles")).body(text).send().await.unwrap();
    assert_eq!(Reply::read("post", nobody).await.status, 401);
}

#[tokio::test]
async fn large_queues_are_handed_over_in_pieces() {
    let server = Server::start().await;
    let idriss = server.phone(Role::Traveller, "Idriss").await;
    let leader = server.phone(Role::Traveller, "Moussa").await;
    certified(&idriss).await;
    let events: Vec<Event> = (1..=1_500).map(|n| idriss.checkin(n)).collect();
    let text = bundle(&idriss, &events);
    assert_eq!(hand(&leader, text.clone()).await.status, 422, "too many at once");
    let parcel = parse(&text).unwrap().parcels.remove(0);
    let lines: Vec<String> = parcel.records.iter().map(|(_, line)| line.clone()).collect();
    let mut carried = [CarriedParcel { lines, ..CarriedParcel::of(&parcel, "", Stamp(0)) }];
    let mut rounds = 0;
    while !carried[0].lines.is_empty() {
        let answer = handed(&leader, write_parcels(&carried, 1 << 20, 1_000)).await;
        let taken = receipts(&answer, 0).receipts.receipts.len();
        assert!(taken > 0);
        carried[0].lines.drain(..taken);
        rounds += 1;
    }
    assert!(rounds > 1, "{rounds}");
    assert_eq!(server.phone(Role::Manager, "Amina").await.feed().await.len(), events.len());
}
