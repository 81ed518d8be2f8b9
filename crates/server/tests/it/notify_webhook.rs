//! Notices by webhook, checked as a receiver with the Standard Webhooks library checks them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use waymark_core::event::EventId;
use waymark_core::rules::Role;
use waymark_core::testing::build;
use waymark_server::clock;
use waymark_server::notify::{Attempt, Means, Notice, NoticeKind};

use crate::notify_push::{fails, notice, only};
use crate::support::{Answer, Endpoint, Heard, Server};

const KEY: &[u8; 32] = b"a secret of thirty-two letters!!";

fn file(url: &str) -> String {
    let secret = STANDARD.encode(KEY);
    format!(
        "[webhooks.sms]\nurl = \"{url}\"\nsecret = \"whsec_{secret}\"\n\
         [roles.manager]\nwebhooks = [\"sms\"]\n[roles.security]\nwebhooks = [\"sms\"]\n"
    )
}

/// What a receiver does before it believes a request; gives the body.
#[track_caller]
fn verified(heard: &Heard) -> Value {
    let (id, timestamp) = (heard.header("webhook-id"), heard.header("webhook-timestamp"));
    assert!((clock::now().0 / 1_000 - timestamp.parse::<i64>().unwrap()).abs() < 300);
    let signature = heard.header("webhook-signature").strip_prefix("v1,").expect("version 1");
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(&heard.body);
    mac.verify_slice(&STANDARD.decode(signature).unwrap()).expect("a good signature");
    serde_json::from_slice(&heard.body).unwrap()
}

#[tokio::test]
async fn a_webhook_hears_what_kind_and_nothing_of_whom() {
    let hook = Endpoint::start().await;
    let server = Server::builder().notify(&file(&hook.url("/send?via=sms"))).start().await;
    let emergency = Notice { kind: NoticeKind::Emergency, exercise: true, ..notice(2) };
    for (notice, kind) in [(notice(1), "overdue"), (emergency, "emergency")] {
        let roles = [Role::Manager, Role::Security];
        let attempt = only(server.notifier.notify(&roles, &[], &notice).await);
        assert_eq!(
            attempt,
            Attempt { means: Means::Webhook, target: "sms".into(), sent: true, detail: None }
        );
        let [heard] = hook.heard().try_into().unwrap();
        assert_eq!((heard.method.as_str(), heard.path.as_str()), ("POST", "/send?via=sms"));
        assert_eq!(heard.header("content-type"), "application/json");
        assert_eq!(heard.header("webhook-id"), notice.id);
        let expected = json!({
            "id": notice.id, "kind": kind, "stage": 1, "exercise": notice.exercise, "org": "acme",
            "link": "https://waymark.example.org/watch",
        });
        assert_eq!(verified(&heard), expected);
    }
    assert_eq!(server.notifier.notify(&[Role::Central], &[], &notice(1)).await, []);
}

#[tokio::test]
async fn what_goes_wrong_is_said() {
    let hook = Endpoint::start().await;
    let server = Server::builder().notify(&file(&hook.url("/"))).start().await;
    for (answer, words) in [
        (Answer::Status(500), "it answered 500"),
        (Answer::Status(410), "it answered 410"),
        (Answer::Redirect(hook.url("/elsewhere")), "redirects are not followed"),
        (Answer::Silence, "it did not answer in time"),
    ] {
        hook.answers(answer);
        fails(&only(server.notifier.notify(&[Role::Manager], &[], &notice(1)).await), words);
        assert_eq!(hook.heard().len(), 1);
    }
    let refused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (url, words) in [
        (format!("http://{refused}/"), "it cannot be connected to"),
        (format!("https://{}/", hook.address), "no certificate that is trusted here"),
        ("http://1.1.1.1/".to_owned(), "not one that may be sent to"),
    ] {
        let server = Server::builder().notify(&file(&url)).start().await;
        fails(&only(server.notifier.notify(&[Role::Manager], &[], &notice(1)).await), words);
    }
    assert!(hook.heard().is_empty());
    let server = Server::builder().notify(&file("https://waymark.invalid/")).start().await;
    let attempt = only(server.notifier.notify(&[Role::Manager], &[], &notice(1)).await);
    // A machine without a network may take longer to find out than it is given.
    let words = attempt.detail.unwrap_or_default();
    assert!(words == "its address is not found" || words == "it did not answer in time", "{words}");
}

#[tokio::test]
async fn a_report_that_presses_is_told_once_to_who_may_read_it() {
    let hook = Endpoint::start().await;
    let secret = STANDARD.encode(KEY);
    let own = |name: &str| {
        format!(
            "[webhooks.{name}]\nurl = \"{}\"\nsecret = \"whsec_{secret}\"\n",
            hook.url(&format!("/{name}"))
        )
    };
    let file = format!(
        "{}{}[roles.manager]\nwebhooks = [\"manager\"]\n[roles.security]\nwebhooks = [\"security\"]\n",
        own("manager"),
        own("security")
    );
    let server = Server::builder().notify(&file).start().await;
    let guard = server.phone(Role::Reporter, "Guard").await;
    let threat = |n: u64, more: Value| {
        let mut data = json!({"words": "leave"});
        data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut event = guard.event(n, build::filled("threat", &data));
        event.time = clock::now();
        event
    };
    let in_days = |days: i64| clock::now().plus_ms(days * 86_400_000);
    let deadline = in_days(5).to_string();
    let quiet = threat(1, json!({}));
    let open = threat(2, json!({"deadline": deadline}));
    let hidden = threat(3, json!({"deadline": deadline, "sensitive": true}));
    let mut over = threat(4, json!({"deadline": in_days(-1).to_string()}));
    let mut late = threat(5, json!({"deadline": deadline}));
    (over.time, late.time) = (in_days(-3), in_days(-3));
    let all = [quiet, open.clone(), hidden, over, late.clone()];
    assert_eq!(guard.send(&all).await.outcomes(), ["accepted"; 5]);
    assert_eq!(guard.send(&all[1..2]).await.outcomes(), ["duplicate"]);
    let mut heard = vec![];
    for _ in 0..100 {
        heard.extend(hook.heard());
        if heard.len() >= 5 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let mut paths: Vec<_> = heard.iter().map(|heard| heard.path.clone()).collect();
    paths.sort();
    assert_eq!(paths, ["/manager", "/manager", "/security", "/security", "/security"]);
    let said: Vec<Value> = heard.iter().map(verified).filter(|said| said["kind"] == "report").collect();
    let of = |id: EventId| said.iter().filter(|said| said["id"] == id.to_string()).count();
    assert_eq!((of(open.id), of(late.id), said.len()), (2, 2, 5));
}
