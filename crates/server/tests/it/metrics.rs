//! What an operator measures, as Prometheus reads it.

use futures_util::StreamExt as _;
use serde_json::json;
use waymark_core::rules::Role;
use waymark_core::testing::build::MORNING;
use waymark_server::notify::{Attempt, Means};

use crate::support::{PackDesk, Scrape, Server};
use crate::watch_bench::{Bench, pushed};

#[tokio::test]
async fn requests_and_records_are_counted_by_what_became_of_them() {
    let server = Server::start().await;
    let before = Scrape::of(&server.state).await;
    assert_eq!(before.get("waymark_records_total{outcome=\"accepted\"}"), 0, "there before anything is");
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let (one, two) = (phone.checkin(1), phone.checkin(2));
    phone.send(&[one.clone(), two]).await;
    phone.send(std::slice::from_ref(&one)).await;
    phone.send_json(&[json!({"id": "nothing"})]).await;
    phone.feed_reply("").await;
    phone.feed_reply("epoch=other").await.problem(409, "epoch_changed");

    let now = Scrape::of(&server.state).await;
    for (outcome, count) in [("accepted", 2), ("duplicate", 1), ("rejected", 1), ("conflict", 0)] {
        assert_eq!(now.get(&format!("waymark_records_total{{outcome=\"{outcome}\"}}")), count, "{outcome}");
    }
    let request = |method: &str, path: &str, status: u16| {
        let labels = format!("method=\"{method}\",route=\"/api/v1{path}\",status=\"{status}\"");
        now.get(&format!("waymark_http_requests_total{{{labels}}}"))
    };
    assert_eq!(request("POST", "/records", 200), 2);
    assert_eq!(request("POST", "/records", 422), 1);
    assert_eq!(request("GET", "/feed", 200), 1);
    assert_eq!(request("GET", "/feed", 409), 1);
    let took = "waymark_http_request_duration_seconds";
    assert_eq!(now.get(&format!("{took}_count{{route=\"/api/v1/records\"}}")), 3);
    assert_eq!(now.get(&format!("{took}_bucket{{route=\"/api/v1/records\",le=\"+Inf\"}}")), 3);
    assert_eq!(now.get("waymark_batch_records_sum"), 4);
    assert_eq!(now.get("waymark_batch_records_bucket{le=\"1\"}"), 2);
    assert!(now.get("waymark_database_bytes") > 4_096 && now.get("waymark_disk_free_bytes") > 0);
    let kinds = ["counter", "histogram", "gauge"];
    assert!(now.types.values().all(|kind| kinds.contains(&kind.as_str())), "{:?}", now.types);
}

#[tokio::test]
async fn labels_say_nothing_of_people_and_nothing_that_a_request_makes_up() {
    let server = Server::start().await;
    let phone = server.phone(Role::Reporter, "Hawa Mahamat").await;
    phone.send(&[phone.checkin(1)]).await;
    for path in ["/api/v1/hawa", "/hawa", "/api/v1/blobs/hawa", "/api/v1/feed?hawa=1"] {
        phone.client.get(server.url(path)).bearer_auth(&phone.enrolled.token).send().await.unwrap();
    }
    let method = "HAWA".parse().unwrap();
    phone.client.request(method, server.url("/api/v1/feed")).send().await.unwrap();
    let text = Scrape::of(&server.state).await.text;
    let enrolled = &phone.enrolled;
    for secret in ["hawa", "Hawa", "HAWA", "acme", &enrolled.token, &enrolled.device.0, &enrolled.user.0] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(text.contains("method=\"other\"") && text.contains("route=\"(app)\""), "{text}");
}

#[tokio::test]
async fn the_address_that_phones_use_has_no_metrics() {
    let server = Server::start().await;
    let client = reqwest::Client::new();
    for path in ["/metrics", "/api/v1/metrics", "/api/metrics"] {
        let answer = client.get(server.url(path)).send().await.unwrap();
        let text = answer.text().await.unwrap();
        assert!(!text.contains("waymark_"), "{path}: {text}");
    }
}

#[tokio::test]
async fn streams_are_counted_while_they_are_open() {
    let server = Server::start().await;
    let phone = server.phone(Role::Manager, "Amina").await;
    let mut open = phone.get("/stream").send().await.unwrap().bytes_stream();
    open.next().await.unwrap().unwrap();
    assert_eq!(Scrape::of(&server.state).await.get("waymark_streams_open"), 1);
    server.tell_to_stop();
    while open.next().await.is_some_and(|chunk| chunk.is_ok()) {}
    assert_eq!(Scrape::of(&server.state).await.get("waymark_streams_open"), 0);
}

#[tokio::test]
async fn the_watch_says_when_it_looked_and_whom_it_reached() {
    let mut bench = Bench::new().await;
    bench.movement().await;
    let state = bench.state();
    let mut watcher = bench.watcher_of(state.clone());
    assert_eq!(Scrape::of(&state).await.get("waymark_watch_last_look_timestamp_seconds"), 0);
    bench.look(&mut watcher, 0).await;
    let now = Scrape::of(&state).await;
    assert_eq!(now.get("waymark_watch_movements"), 1);
    let looked = MORNING.0 / 1_000;
    assert_eq!(now.get("waymark_watch_last_look_timestamp_seconds"), looked);
    assert_eq!(now.get("waymark_watch_calls_total{reached=\"somebody\"}"), 0);

    bench.look(&mut watcher, 10).await;
    *bench.ear.answer.lock().unwrap() = vec![pushed("phone", Some("gone"))];
    bench.look(&mut watcher, 15).await;
    let now = Scrape::of(&state).await;
    for reached in ["somebody", "nobody"] {
        assert_eq!(now.get(&format!("waymark_watch_calls_total{{reached=\"{reached}\"}}")), 1, "{reached}");
    }
    for outcome in ["sent", "failed"] {
        let name = format!("waymark_notices_total{{means=\"push\",outcome=\"{outcome}\"}}");
        assert_eq!(now.get(&name), 1, "{outcome}");
    }
}

#[tokio::test]
async fn packs_are_counted_by_who_has_them() {
    let (server, desk) = (Server::start().await, PackDesk::new());
    let none = Scrape::of(&server.state).await;
    assert_eq!(none.get("waymark_pack_versions"), 0);
    desk.publish(&server, &desk.sign(1)).await.unwrap();
    desk.add_card("halt");
    desk.publish(&server, &desk.sign(2)).await.unwrap();
    for (name, have) in [("Idriss", "1"), ("Hawa", "2"), ("Moussa", "2"), ("Fatime", "0")] {
        let phone = server.phone(Role::Traveller, name).await;
        phone.get(&format!("/pack?have={have}")).send().await.unwrap();
    }
    let now = Scrape::of(&server.state).await;
    assert_eq!(now.get("waymark_pack_versions"), 2);
    for (has, count) in [("latest", 2), ("older", 1), ("none", 1)] {
        assert_eq!(now.get(&format!("waymark_pack_devices{{has=\"{has}\"}}")), count, "{has}");
    }
}

#[tokio::test]
async fn notices_are_counted_by_means() {
    let server = Server::start().await;
    let attempt = |means, sent| Attempt { means, target: "hawa".into(), sent, detail: None };
    server.state.metrics.told(&[attempt(Means::Email, true), attempt(Means::Webhook, false)]);
    let now = Scrape::of(&server.state).await;
    assert_eq!(now.get("waymark_notices_total{means=\"e-mail\",outcome=\"sent\"}"), 1);
    assert_eq!(now.get("waymark_notices_total{means=\"webhook\",outcome=\"failed\"}"), 1);
    assert!(!now.has("waymark_notices_total{means=\"push\",outcome=\"sent\"}"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_serves_them_only_where_it_is_told_to() {
    use crate::process::{Running, program};

    let data = tempfile::tempdir().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Running::start(data.path(), &["--demo", "--empty", "--metrics", &free.to_string()]);
    let get = async |url: String| reqwest::get(url).await.unwrap();
    let read = Scrape::read(get(format!("http://{free}/metrics")).await.text().await.unwrap());
    assert_eq!(read.get("waymark_streams_open"), 0);
    for path in ["/", "/api/v1/health", "/api/v1/records"] {
        assert_eq!(get(format!("http://{free}{path}")).await.status(), 404, "{path}");
    }
    assert!(
        !get(format!("http://{}/metrics", server.address)).await.text().await.unwrap().contains("waymark_")
    );

    let elsewhere = tempfile::tempdir().unwrap();
    let taken = ["serve", "--demo", "--addr", "127.0.0.1:0", "--metrics", &free.to_string(), "--data"];
    let output = program().args(taken).arg(elsewhere.path()).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("in use") && words.contains("--metrics"), "{words}");
}
