//! Notices by Web Push, read as a push service and a browser read them.

use std::slice::from_ref;
use std::time::Duration;

use tokio::net::TcpListener;
use waymark_core::event::UserId;
use waymark_core::rules::Role;
use waymark_server::clock;
use waymark_server::notify::{Attempt, Means, Notice, NoticeKind};
use waymark_server::storage::PushAddress;

use crate::support::{Answer, Browser, Endpoint, Phone, Server};

const LOCAL: &str = "[web_push]\nallow_local = true\ncontact = \"mailto:it@example.org\"\n";
const WATCHING: [Role; 3] = [Role::Manager, Role::Security, Role::Central];

pub fn notice(n: u32) -> Notice {
    Notice {
        id: format!("overdue/{n}/1"),
        kind: NoticeKind::Overdue,
        stage: 1,
        exercise: false,
        org: "acme".into(),
        link: "https://waymark.example.org/watch".to_owned(),
    }
}

#[track_caller]
pub fn only(attempts: Vec<Attempt>) -> Attempt {
    let [attempt] = attempts.try_into().expect("one attempt");
    attempt
}

/// The attempt failed, and says why in these words.
#[track_caller]
pub fn fails(attempt: &Attempt, words: &str) {
    assert!(!attempt.sent, "{attempt}");
    let detail = attempt.detail.as_deref().unwrap_or_default();
    assert!(detail.contains(words), "{detail}");
    assert!(!detail.contains("secret") && !detail.contains('\n'), "{detail}");
}

async fn subscribed(server: &Server, service: &Endpoint, role: Role, n: u8) -> (Phone, Browser) {
    let phone = server.phone(role, "Somebody").await;
    let browser = Browser::new(service.url(&format!("/push/{n}")), n);
    assert_eq!(phone.subscribe(&browser.subscription()).await.status, 200);
    (phone, browser)
}

async fn start(file: &str) -> (Server, Endpoint) {
    (Server::builder().notify(file).start().await, Endpoint::start().await)
}

#[tokio::test]
async fn a_notice_reaches_the_browser_and_only_it_can_read_it() {
    let (server, service) = start(LOCAL).await;
    let (amina, browser) = subscribed(&server, &service, Role::Manager, 3).await;
    let attempt = only(server.notifier.notify(&WATCHING, &[], &notice(1)).await);
    let device = amina.enrolled.device.0.clone();
    assert_eq!(attempt, Attempt { means: Means::Push, target: device, sent: true, detail: None });

    let [message] = service.heard().try_into().unwrap();
    assert_eq!((message.method.as_str(), message.path.as_str()), ("POST", "/push/3"));
    assert_eq!(message.header("urgency"), "high");
    assert!(message.header("ttl").parse::<u32>().unwrap() > 3_600);
    assert_eq!(message.header("topic").len(), 32);
    assert_eq!(message.header("host"), service.address.to_string());
    let claims = message.vapid_claims(&server.notifier.public_key().await.unwrap());
    assert_eq!(claims["aud"], format!("http://{}", service.address));
    assert_eq!(claims["sub"], "mailto:it@example.org");
    let left = claims["exp"].as_i64().unwrap() - clock::now().0 / 1_000;
    assert!((3_600..=86_400).contains(&left), "{left}");

    let told = browser.open(&message);
    assert_eq!(
        told,
        serde_json::json!({
            "id": "overdue/1/1",
            "title": "Waymark",
            "body": "Waymark: the watch board needs you.",
            "exercise": false,
            "link": "https://waymark.example.org/watch",
        })
    );
}

#[tokio::test]
async fn the_words_are_the_same_for_every_kind_and_so_is_the_length() {
    for (language, plain, practised) in [
        ("en", "Waymark: the watch board needs you.", "Exercise – Waymark: the watch board needs you."),
        (
            "fr",
            "Waymark : le tableau de veille vous attend.",
            "Exercice – Waymark : le tableau de veille vous attend.",
        ),
        ("ar", "Waymark: لوحة المتابعة بحاجة إليك.", "تمرين – Waymark: لوحة المتابعة بحاجة إليك."),
    ] {
        let (server, service) = start(&format!("language = \"{language}\"\n{LOCAL}")).await;
        let (_phone, browser) = subscribed(&server, &service, Role::Central, 3).await;
        let overdue = notice(1);
        let emergency = Notice { kind: NoticeKind::Emergency, stage: 0, ..notice(2) };
        let exercise = Notice { exercise: true, ..notice(3) };
        for notice in [&overdue, &emergency, &exercise] {
            server.notifier.notify(&WATCHING, &[], notice).await;
        }
        let heard = service.heard();
        let bodies: Vec<_> = heard.iter().map(|message| browser.open(message)["body"].clone()).collect();
        assert_eq!(bodies, [plain, plain, practised]);
        assert!(heard.iter().all(|message| message.body.len() == heard[0].body.len()));
    }
}

#[tokio::test]
async fn those_who_are_told_are_of_the_roles_and_not_left_out() {
    let (server, service) = start(&format!("{LOCAL}[roles.central]\npush = false")).await;
    let (amina, _) = subscribed(&server, &service, Role::Manager, 1).await;
    let (musa, _) = subscribed(&server, &service, Role::Manager, 2).await;
    let (_central, _) = subscribed(&server, &service, Role::Central, 3).await;
    let (_traveller, _) = subscribed(&server, &service, Role::Traveller, 4).await;
    let elsewhere = server.phone_in("other", Role::Manager, &[], "Elsewhere").await;
    elsewhere.subscribe(&Browser::new(service.url("/push/5"), 5).subscription()).await;
    let told = async |roles: &[Role], excluded: &[UserId]| {
        server.notifier.notify(roles, excluded, &notice(1)).await;
        let mut paths: Vec<_> = service.heard().into_iter().map(|message| message.path).collect();
        paths.sort();
        paths
    };
    assert_eq!(told(&Role::ALL, &[]).await, ["/push/1", "/push/2"]);
    assert_eq!(told(&[Role::Manager, Role::Manager], from_ref(&amina.enrolled.user)).await, ["/push/2"]);
    assert_eq!(told(&[Role::Central, Role::Traveller], &[]).await, [""; 0]);
    server.storage.revoke(&musa.enrolled.device, clock::now()).await.unwrap();
    assert_eq!(told(&WATCHING, &[]).await, ["/push/1"]);
}

#[tokio::test]
async fn a_browser_that_has_gone_is_dropped() {
    for status in [404, 410] {
        let (server, service) = start(LOCAL).await;
        let (phone, _browser) = subscribed(&server, &service, Role::Manager, 1).await;
        service.answers(Answer::Status(status));
        let attempt = only(server.notifier.notify(&WATCHING, &[], &notice(1)).await);
        fails(&attempt, "its subscription is dropped");
        assert_eq!(server.notifier.notify(&WATCHING, &[], &notice(1)).await, []);
        phone.subscribe(&Browser::new(service.url("/push/9"), 9).subscription()).await;
        service.answers(Answer::Status(201));
        assert!(only(server.notifier.notify(&WATCHING, &[], &notice(1)).await).sent);
    }
}

#[tokio::test]
async fn what_goes_wrong_is_said_and_the_others_are_told() {
    let (server, service) = start(LOCAL).await;
    let (broken, _) = subscribed(&server, &service, Role::Manager, 1).await;
    let well = Endpoint::start().await;
    let (_well, browser) = subscribed(&server, &well, Role::Manager, 2).await;
    let elsewhere = well.url("/elsewhere");
    for (answer, words) in [
        (Answer::Status(500), "the push service: it answered 500"),
        (Answer::Status(429), "it answered 429"),
        (Answer::Status(413), "it answered 413"),
        (Answer::Redirect(elsewhere), "it answered 307, and redirects are not followed"),
        (Answer::Endless(503), "it answered 503"),
        (Answer::Silence, "it did not answer in time"),
    ] {
        service.answers(answer);
        let begun = std::time::Instant::now();
        let attempts = server.notifier.notify(&WATCHING, &[], &notice(1)).await;
        assert!(begun.elapsed() < Duration::from_secs(5));
        let (failed, sent): (Vec<_>, Vec<_>) = attempts.into_iter().partition(|it| !it.sent);
        fails(&only(failed), words);
        assert!(only(sent).sent);
        let [message] = well.heard().try_into().unwrap();
        browser.open(&message);
    }
    service.answers(Answer::Endless(201));
    assert!(server.notifier.notify(&WATCHING, &[], &notice(1)).await.iter().all(|it| it.sent));

    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    broken.subscribe(&Browser::new(format!("http://{refused}/"), 1).subscription()).await;
    let attempts = server.notifier.notify(&WATCHING, &[], &notice(1)).await;
    fails(&only(attempts.into_iter().filter(|it| !it.sent).collect()), "it cannot be connected to");
}

#[tokio::test]
async fn a_name_that_leads_into_ones_own_network_is_not_followed() {
    let (server, service) = start("").await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let browser = Browser::new(format!("https://localhost.:{}/a", service.address.port()), 1);
    assert_eq!(amina.subscribe(&browser.subscription()).await.status, 200);
    let attempt = only(server.notifier.notify(&WATCHING, &[], &notice(1)).await);
    // A resolver may know no such name, or take its time to say so.
    let detail = attempt.detail.clone().unwrap_or_default();
    let known = [
        "its address is not one that may be sent to",
        "its address is not found",
        "it did not answer in time",
    ];
    assert!(known.iter().any(|words| detail == format!("the push service: {words}")), "{detail}");

    // Kept while it was allowed, or written by hand: it is looked at again.
    let caller = amina.caller(&server).await;
    let keys = browser.subscription();
    let text = |name: &str| keys[name].as_str().unwrap().to_owned();
    let address = PushAddress { endpoint: service.url("/a"), p256dh: text("p256dh"), auth: text("auth") };
    server.storage.subscribe(&caller, &address, clock::now()).await.unwrap();
    fails(&only(server.notifier.notify(&WATCHING, &[], &notice(1)).await), "https://");
    assert!(service.heard().is_empty());
}

#[tokio::test]
async fn the_same_notice_takes_the_place_of_one_that_waits() {
    let (server, service) = start(LOCAL).await;
    let (_phone, _browser) = subscribed(&server, &service, Role::Manager, 1).await;
    for n in [1, 1, 2] {
        let (notifier, notice) = (server.notifier.clone(), notice(n));
        tokio::spawn(async move { notifier.notify(&WATCHING, &[], &notice).await }).await.unwrap();
    }
    let heard = service.heard();
    let topics: Vec<_> = heard.iter().map(|message| message.header("topic")).collect();
    assert_eq!(topics[0], topics[1]);
    assert_ne!(topics[0], topics[2]);
    assert_ne!(heard[0].body, heard[1].body, "never the same key twice");
}

#[tokio::test]
async fn without_a_contact_the_site_is_one() {
    let (server, service) = start("[web_push]\nallow_local = true").await;
    let (_phone, _browser) = subscribed(&server, &service, Role::Manager, 1).await;
    let local = Notice { link: "http://127.0.0.1:8080/watch".to_owned(), ..notice(2) };
    for (notice, sub) in [(notice(1), Some("https://waymark.example.org")), (local, None)] {
        server.notifier.notify(&WATCHING, &[], &notice).await;
        let [message] = service.heard().try_into().unwrap();
        let claims = message.vapid_claims(&server.notifier.public_key().await.unwrap());
        assert_eq!(claims["sub"].as_str(), sub);
    }
}
