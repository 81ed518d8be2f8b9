//! Those who answer for the standards: what they publish over the network, and what they are told.

use std::path::Path;

use serde_json::{Value, json};
use waymark_core::backend::Response;
use waymark_core::backend::standards::{
    Answer, Publication, Standards, read_changes, read_published, read_standards,
};
use waymark_core::event::{Digest, Stamp};
use waymark_core::guidance::{Change, Key};
use waymark_core::rules::Role;

use crate::support::{PackDesk, Phone, Reply, Server};

const NOW: Stamp = Stamp(0);

impl Phone {
    async fn standards(&self) -> Reply {
        Reply::read("get", self.get("/standards").send().await.unwrap()).await
    }

    async fn changes(&self, version: &str) -> Reply {
        let request = self.get(&format!("/standards/changes?version={version}"));
        Reply::read("get", request.send().await.unwrap()).await
    }

    async fn publish(&self, body: String) -> Reply {
        Reply::read("post", self.post("/standards").body(body).send().await.unwrap()).await
    }
}

fn told(reply: Reply) -> Standards {
    match read_standards(Ok(response(reply)), NOW) {
        Answer::Here(standards) => standards,
        other => panic!("{other:?}"),
    }
}

fn response(reply: Reply) -> Response {
    let content_type = reply.header("content-type").to_owned();
    Response { status: reply.status, content_type, body: reply.bytes, ..Response::default() }
}

/// What a browser reads out of a signed folder.
fn publication(folder: &Path, key: Option<Key>) -> Publication {
    let signed = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    let files = std::fs::read_dir(folder.join("files")).unwrap().map(|file| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        (Digest::of_bytes(text.as_bytes()), text)
    });
    Publication { signed, files: files.collect(), key }
}

fn key(folder: &Path) -> Key {
    let signed: Value = serde_json::from_str(&publication(folder, None).signed).unwrap();
    signed["key"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn central_publishes_and_everybody_is_offered_it() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let central = server.phone(Role::Central, "Grace").await;
    let folder = desk.sign(1);
    central.publish(publication(&folder, None).to_json()).await.problem(422, "key_needed");
    central
        .publish(publication(&folder, Some(Key([9; 32]))).to_json())
        .await
        .problem(409, "not_the_given_key");
    assert_eq!(server.storage.pack_key(&"acme".into()).await.unwrap(), None);
    let publish = async |folder: &Path, key| match read_published(
        Ok(response(central.publish(publication(folder, key).to_json()).await)),
        NOW,
    ) {
        Answer::Here(published) => (published.outcome, published.files),
        other => panic!("{other:?}"),
    };
    assert_eq!(publish(&folder, Some(key(&folder))).await, ("first".to_owned(), 1));
    assert_eq!(publish(&folder, None).await.0, "already_there");
    desk.change("cards/meeting-point.en.md", "Do not run", "Do not hurry");
    central.publish(publication(&desk.sign(1), None).to_json()).await.problem(409, "not_higher");
    let next = desk.sign(2);
    assert_eq!(publish(&next, None).await, ("next".to_owned(), 1));
    let latest = server.storage.pack(&"acme".into()).await.unwrap().unwrap();
    assert_eq!((latest.version, latest.signed), (2, publication(&next, None).signed), "to the letter");

    let manager = server.phone(Role::Manager, "Amina").await;
    let standards = told(manager.standards().await);
    assert_eq!(standards.versions.iter().map(|own| own.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(standards.key, Some(key(&next)));
    let Answer::Here(changes) = read_changes(Ok(response(manager.changes("2").await)), NOW) else { panic!() };
    assert_eq!((changes.version, changes.before), (2, 1));
    let hurries = |change: &Change| change.new.as_ref().is_some_and(|new| new.contains("Do not hurry"));
    assert!(changes.changes.iter().any(hurries), "{:?}", changes.changes);
    let Answer::Here(first) = read_changes(Ok(response(manager.changes("1").await)), NOW) else { panic!() };
    assert_eq!((first.before, first.changes.len()), (0, 0));
    manager.changes("9").await.problem(404, "unknown_version");
    for odd in ["", "x", "-1"] {
        manager.changes(odd).await.problem(400, "wrong_query");
    }
}

#[tokio::test]
async fn nobody_else_publishes_and_who_does_not_watch_is_told_nothing() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let folder = desk.sign(1);
    let body = publication(&folder, Some(key(&folder))).to_json();
    for role in [Role::Traveller, Role::Reporter, Role::Manager, Role::Security] {
        let phone = server.phone(role, "Idriss").await;
        phone.publish(body.clone()).await.problem(403, "not_allowed");
        if role.watches() {
            assert_eq!(phone.standards().await.status, 200);
        } else {
            phone.standards().await.problem(403, "not_allowed");
            phone.changes("1").await.problem(403, "not_allowed");
        }
    }
    assert_eq!(server.storage.pack(&"acme".into()).await.unwrap(), None);
    let unknown =
        reqwest::Client::new().post(server.url("/api/v1/standards")).body(body).send().await.unwrap();
    Reply::read("post", unknown).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn what_a_phone_would_refuse_is_not_published() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let central = server.phone(Role::Central, "Grace").await;
    let folder = desk.sign(1);
    let whole = publication(&folder, Some(key(&folder)));
    let refused = async |change: &dyn Fn(&mut Publication), code: &str| {
        let mut own = whole.clone();
        change(&mut own);
        central.publish(own.to_json()).await.problem(422, code);
    };
    refused(&|own| own.files.clear(), "missing").await;
    refused(&|own| own.files.values_mut().for_each(|text| text.push(' ')), "missing").await;
    refused(&|own| own.signed = own.signed.replacen("Acme", "Ours", 1), "wrong_signature").await;
    refused(&|own| own.signed.truncate(20), "unreadable").await;
    for body in ["", "[]", "{}", r#"{"signed":"x","files":{"../x":"y"}}"#] {
        central.publish(body.to_owned()).await.problem(400, "not_a_publication");
    }
    central.publish(" ".repeat(33_000_000)).await.problem(413, "body_too_large");
    assert_eq!(server.storage.pack_key(&"acme".into()).await.unwrap(), None);
    assert_eq!(
        central.standards().await.json(),
        json!({"versions": [], "devices": central.standards().await.json()["devices"]})
    );
}

#[tokio::test]
async fn who_has_which_version_is_told_by_area() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let hawa = server.phone_in("acme", Role::Traveller, &["east"], "Hawa").await;
    server.phone_in("acme", Role::Traveller, &["west"], "Idriss").await;
    server.phone_in("other", Role::Traveller, &["east"], "Stranger").await;
    let east = server.phone_in("acme", Role::Manager, &["east"], "Amina").await;
    let central = server.phone_in("acme", Role::Central, &[], "Grace").await;
    desk.publish(&server, &desk.sign(1)).await.unwrap();
    hawa.get("/pack?have=1").send().await.unwrap();
    let names = |standards: &Standards| {
        standards.devices.iter().map(|own| (own.name.clone(), own.version)).collect::<Vec<_>>()
    };
    let own = |name: &str, version| (name.to_owned(), version);
    let seen = names(&told(east.standards().await));
    assert_eq!(seen, [own("Amina", None), own("Grace", None), own("Hawa", Some(1))]);
    let all = told(central.standards().await);
    assert_eq!(all.devices.len(), 4);
    let idriss = all.devices.iter().find(|own| own.name == "Idriss").unwrap();
    assert_eq!((idriss.version, &*idriss.areas), (None, &["west".to_owned()][..]));
}
