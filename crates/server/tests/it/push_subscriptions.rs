//! `/push`: the key, and where phones take push messages.

use serde_json::json;
use waymark_core::rules::Role;
use waymark_server::clock;

use crate::support::{Browser, Phone, Reply, Server};

const LOCAL: &str = "[web_push]\nallow_local = true";

async fn key(phone: &Phone) -> String {
    let reply = Reply::read("get", phone.get("/push").send().await.unwrap()).await;
    assert_eq!(reply.status, 200);
    reply.json()["publicKey"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_key_outlives_the_server_and_is_the_same_for_all() {
    let server = Server::start().await;
    let (driver, amina) =
        (server.phone(Role::Traveller, "Idriss").await, server.phone(Role::Manager, "Amina").await);
    let (first, second) = tokio::join!(key(&driver), key(&amina));
    assert_eq!(first, second);
    assert_eq!(first.len(), 87);
    let server = Server::builder().data(server.stop().await).start().await;
    let amina = Phone { address: server.address, ..amina };
    assert_eq!(key(&amina).await, first);
}

#[tokio::test]
async fn a_device_has_one_subscription_and_an_address_one_device() {
    let server = Server::start().await;
    let (amina, musa) =
        (server.phone(Role::Manager, "Amina").await, server.phone(Role::Security, "Musa").await);
    let kept = async || {
        let roles = [Role::Manager, Role::Security];
        let found = server.storage.subscriptions(&"acme".into(), &roles).await.unwrap();
        found.into_iter().map(|it| (it.device, it.address.endpoint)).collect::<Vec<_>>()
    };
    let browser = |name: &str| Browser::new(format!("https://push.example.org/{name}"), 7).subscription();
    for name in ["one", "two"] {
        let reply = amina.subscribe(&browser(name)).await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "subscribed": true })));
    }
    assert_eq!(kept().await, [(amina.enrolled.device.clone(), "https://push.example.org/two".to_owned())]);
    musa.subscribe(&browser("two")).await;
    assert_eq!(kept().await, [(musa.enrolled.device.clone(), "https://push.example.org/two".to_owned())]);
    for _ in 0..2 {
        let reply = musa.unsubscribe().await;
        assert_eq!((reply.status, reply.json()), (200, json!({ "subscribed": false })));
    }
    assert!(kept().await.is_empty());
}

#[tokio::test]
async fn who_is_shut_out_is_forgotten() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let browser = Browser::new("https://push.example.org/a".to_owned(), 7).subscription();
    amina.subscribe(&browser).await;
    server.storage.revoke(&amina.enrolled.device, clock::now()).await.unwrap();
    amina.subscribe(&browser).await.problem(401, "not_signed_in");
    amina.unsubscribe().await.problem(401, "not_signed_in");
    let code = server.code(Role::Manager).await;
    amina.enrol_again(server.address, &code).await;
    assert!(server.storage.subscriptions(&"acme".into(), &[Role::Manager]).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_subscription_is_refused_in_words() {
    let server = Server::start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    for body in [json!(7), json!({}), json!({ "endpoint": 1, "p256dh": "", "auth": "" })] {
        amina.subscribe(&body).await.problem(400, "not_a_subscription");
    }
    let good = Browser::new("https://push.example.org/a".to_owned(), 7).subscription();
    let with = |name: &str, value: &str| {
        let mut body = good.clone();
        body[name] = value.into();
        body
    };
    let long = format!("https://push.example.org/{}", "x".repeat(3_000));
    for (name, value, words) in [
        ("endpoint", "http://push.example.org/a", "https://"),
        ("endpoint", "https://localhost/a", "not on the internet"),
        ("endpoint", "https://127.0.0.1/a", "not on the internet"),
        ("endpoint", "https://169.254.169.254/latest", "not on the internet"),
        ("endpoint", "https://[fd00::1]/a", "not on the internet"),
        ("endpoint", "https://a:b@push.example.org/a", "user or a password"),
        ("endpoint", &long, "longer than"),
        ("endpoint", "nonsense", "no address"),
        ("p256dh", "AAAA", "p256dh"),
        ("p256dh", &"A".repeat(87), "p256dh"),
        ("auth", "AAAA", "auth"),
    ] {
        let detail = amina.subscribe(&with(name, value)).await.problem(422, "wrong_subscription");
        assert!(detail.contains(words), "{value}: {detail}");
    }
    amina.subscribe(&with("auth", &"x".repeat(9_000))).await.problem(413, "body_too_large");
    assert!(server.storage.subscriptions(&"acme".into(), &[Role::Manager]).await.unwrap().is_empty());
    let local = Server::builder().notify(LOCAL).start().await;
    let musa = local.phone(Role::Manager, "Musa").await;
    assert_eq!(musa.subscribe(&with("endpoint", "http://127.0.0.1:9/a")).await.status, 200);
    musa.subscribe(&with("endpoint", "http://10.0.0.1/a")).await.problem(422, "wrong_subscription");
}
