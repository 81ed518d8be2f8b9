//! Whom a plan can name.

use serde_json::{Value, json};
use waymark_core::event::{AreaLevel, Stamp, WatchRules};
use waymark_core::rules::Role;
use waymark_server::clock;

use crate::support::{Phone, Reply, Server};

async fn directory(phone: &Phone) -> Value {
    let reply = Reply::read("get", phone.get("/directory").send().await.unwrap()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.json()
}

async fn names(phone: &Phone) -> Vec<String> {
    let people = directory(phone).await["people"].clone();
    people.as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn people_who_share_an_area_are_in_it() {
    let server = Server::start().await;
    let amina = server.phone_in("acme", Role::Manager, &["east", "north"], "Amina").await;
    let idriss = server.phone_in("acme", Role::Traveller, &["east"], "Idriss").await;
    let west = server.phone_in("acme", Role::Traveller, &["west"], "West").await;
    let anywhere = server.phone_in("acme", Role::Security, &[], "Zara").await;
    server.phone_in("other", Role::Central, &[], "Other").await;
    let gone = server.phone_in("acme", Role::Traveller, &["east"], "Gone").await;
    server.storage.revoke(&gone.enrolled.device, clock::now()).await.unwrap();
    server.storage.own(&"acme".into(), clock::now()).await.unwrap();

    assert_eq!(names(&amina).await, ["Amina", "Idriss", "Zara"]);
    assert_eq!(names(&idriss).await, ["Amina", "Idriss", "Zara"]);
    assert_eq!(names(&west).await, ["West", "Zara"]);
    assert_eq!(names(&anywhere).await, ["Amina", "Idriss", "West", "Zara"]);
    let people = directory(&west).await["people"].clone();
    let first = json!({"user": west.enrolled.user, "name": "West"});
    assert_eq!(people[0], first, "who does what is told to those who watch");
    let people = directory(&anywhere).await["people"].clone();
    assert_eq!(people[0]["role"], "manager");
    let seen = people[2]["seen"].as_str().unwrap().parse::<Stamp>().unwrap();
    assert!(clock::now().ms_since(seen).abs() < 60_000, "when the base last heard from them: {seen}");

    let signed_out = reqwest::get(server.url("/api/v1/directory")).await.unwrap();
    Reply::read("get", signed_out).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn levels_that_the_operator_set_are_told_and_no_others() {
    let server = Server::start().await;
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let elsewhere = server.phone_in("other", Role::Traveller, &[], "Other").await;
    let own = WatchRules { interval: 20, grace: 4, prompt: 1, step: 2, hold: 9 };
    server.storage.set_level(&"acme".into(), &AreaLevel::High, &own).await.unwrap();
    let levels = directory(&phone).await["levels"].clone();
    assert_eq!(levels["high"], json!(own));
    assert_eq!(levels.as_object().unwrap().len(), 1, "the rest is for the pack to say: {levels}");
    assert_eq!(directory(&elsewhere).await["levels"], json!({}));
}

#[tokio::test]
async fn the_server_itself_is_no_device_and_does_not_sign_in() {
    let server = Server::start().await;
    let now = clock::now();
    let own = server.storage.own(&"acme".into(), now).await.unwrap();
    assert_eq!(server.storage.own(&"acme".into(), now).await.unwrap(), own, "created once");
    assert_eq!(server.storage.devices().await.unwrap(), []);
    assert!(!server.storage.revoke(&own.device, now).await.unwrap());
    let code = server.code(Role::Central).await;
    let body = json!({"code": code, "name": "Mallory", "device": "waymark", "user": "waymark"});
    let reply = Phone::try_enrol(server.address, body, None).await;
    assert_ne!(reply.json()["device"], "waymark");
    assert_ne!(reply.json()["user"], "waymark");
}
