//! What a server must withstand: said in words, nothing stored.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use waymark_core::event::Digest;
use waymark_core::rules::Role;
use waymark_server::limits::Rate;
use waymark_server::state::Limits;

use crate::support::{Phone, Reply, Server, roomy};

async fn start() -> (Server, Phone) {
    let server = Server::start().await;
    let phone = server.phone(Role::Traveller, "Idriss").await;
    (server, phone)
}

async fn nothing_stored(server: &Server) {
    assert_eq!(server.storage.newest(&"acme".into()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_no_batch_is_refused() {
    let (server, phone) = start().await;
    let deep = format!("[{}{}]", "[".repeat(200_000), "]".repeat(200_000));
    let deep_data =
        format!("[{{\"data\":{}{}}}]", "{\"a\":".repeat(50_000), "1".to_owned() + &"}".repeat(50_000));
    for body in
        ["", "not json", "{}", "null", "\"text\"", "[1", "[{\"a\":1e999}]", "\u{0}", &deep, &deep_data]
    {
        let detail = phone.send_text(body).await.problem(400, "not_a_batch");
        assert!(detail.starts_with("the body is not"), "{detail}");
    }
    let broken_text =
        phone.post("/records").header("content-type", "application/json").body(vec![0xff, 0xfe, b'[']);
    Reply::read("post", broken_text.send().await.unwrap()).await.problem(400, "not_a_batch");
    nothing_stored(&server).await;
}

#[tokio::test]
async fn an_empty_batch_has_no_receipts() {
    let (_server, phone) = start().await;
    let reply = phone.send_text("[]").await;
    assert_eq!(reply.status, 200);
    assert!(reply.outcomes().is_empty());
}

#[tokio::test]
async fn ten_megabytes_are_answered_and_not_stored() {
    let (server, phone) = start().await;
    let body = format!("[\"{}\"]", "x".repeat(10 << 20));
    let detail = phone.send_text(body).await.problem(413, "body_too_large");
    assert!(detail.contains("1572864"), "{detail}");
    nothing_stored(&server).await;
}

#[tokio::test]
async fn more_records_than_a_batch_holds_are_refused() {
    let (server, phone) = start().await;
    let records: Vec<_> = (0..1_001).map(|_| json!({})).collect();
    phone.send_json(&records).await.problem(413, "batch_too_large");
    nothing_stored(&server).await;
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let (_server, phone) = start().await;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"] {
        let request = phone.post("/records").header("content-type", content_type).body("[]");
        Reply::read("post", request.send().await.unwrap()).await.problem(415, "wrong_content_type");
    }
    let bare = phone.post("/records").body("[]").send().await.unwrap();
    Reply::read("post", bare).await.problem(415, "wrong_content_type");
}

#[tokio::test]
async fn a_single_event_is_taken_as_cloudevents_has_it() {
    let (_server, phone) = start().await;
    let send = async |body: Value| {
        let request =
            phone.post("/records").header("content-type", "application/cloudevents+json; charset=utf-8");
        Reply::read("post", request.body(body.to_string()).send().await.unwrap()).await
    };
    assert_eq!(send(phone.checkin(1).to_json()).await.outcomes(), ["accepted"]);
    send(json!([])).await.problem(400, "not_a_batch");
}

#[tokio::test]
async fn each_bad_record_is_named_and_the_good_ones_go_in() {
    let (server, phone) = start().await;
    let good = phone.checkin(1);
    let mut forged = phone.checkin(2).to_json();
    forged["data"]["note"] = "another".into();
    let mut halted = phone.checkin(3).to_json();
    halted["data"] = json!({"checkin": "halted"});
    halted["digest"] = Digest::of_json(&halted["data"]).to_string().into();
    let reply = phone
        .send_json(&[json!(7), forged.clone(), halted, json!({"id": 5, "source": "/x"}), good.to_json()])
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.outcomes(), ["rejected", "rejected", "rejected", "rejected", "accepted"]);
    let receipts = reply.json()["receipts"].clone();
    assert_eq!(
        receipts[0],
        json!({"source": "", "id": "", "digest": "", "outcome": "rejected",
        "code": "invalid_record", "detail": "a record is a JSON object"})
    );
    assert_eq!(receipts[1]["id"], forged["id"]);
    assert_eq!(receipts[1]["detail"], "the digest is not that of the data");
    assert_eq!(receipts[2]["code"], "invalid_data");
    assert_eq!(receipts[3]["source"], "/x");
    assert_eq!(receipts[3]["id"], "");
    assert_eq!(server.storage.newest(&"acme".into()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_batch_of_which_nothing_is_taken_is_a_problem_with_receipts() {
    let (server, phone) = start().await;
    let reply = phone.send_json(&[json!({}), json!([])]).await;
    let detail = reply.problem(422, "all_refused");
    assert_eq!(detail, "the attribute `specversion` is missing");
    assert_eq!(reply.outcomes(), ["rejected", "rejected"]);
    assert!(reply.json()["epoch"].is_string() && reply.json()["received"].is_string());
    nothing_stored(&server).await;
}

#[tokio::test]
async fn an_unknown_type_of_a_newer_phone_is_stored_and_passed_on_whole() {
    let (server, phone) = start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let mut newer = phone.checkin(1).to_json();
    newer["type"] = "org.waymark.drone.seen.v7".into();
    newer["data"] = json!({"wings": 4, "text": "\u{0}\"\\\u{1F681}\u{2028}", "n": [1.5, -0.0, 1e300, null]});
    newer["digest"] = Digest::of_json(&newer["data"]).to_string().into();
    newer["futureattribute"] = json!({"kept": true});
    newer["seq"] = 999.into();
    newer["authorname"] = "Somebody Else".into();
    assert_eq!(phone.send_json(&[newer.clone()]).await.outcomes(), ["accepted"]);
    let page = amina.feed_reply("after=0").await.json();
    let record = &page["records"][0];
    for name in ["type", "data", "digest", "futureattribute"] {
        assert_eq!(record[name], newer[name], "{name}");
    }
    assert_eq!(record["seq"], 1);
    assert_eq!(record["authorname"], "Idriss");
}

#[tokio::test]
async fn another_organisations_device_cannot_write_here() {
    let (server, phone) = start().await;
    let stranger = server.phone_in("other", Role::Central, &[], "Stranger").await;
    let reply = stranger.send(&[phone.checkin(1)]).await;
    reply.problem(422, "all_refused");
    assert_eq!(reply.json()["receipts"][0]["code"], "wrong_source");
    assert!(stranger.feed().await.is_empty());
    nothing_stored(&server).await;
}

#[tokio::test]
async fn a_device_writes_only_under_its_own_name() {
    let (server, phone) = start().await;
    let other = server.phone(Role::Traveller, "Other").await;
    let mut as_other = phone.checkin(1);
    as_other.author = other.enrolled.user.clone();
    let reply = phone.send(&[as_other, other.checkin(2)]).await;
    let json = reply.json();
    assert_eq!(json["receipts"][0]["code"], "wrong_author");
    assert_eq!(json["receipts"][1]["code"], "wrong_source");
    nothing_stored(&server).await;
}

#[tokio::test]
async fn a_traveller_confirms_nothing_and_nobody_themselves() {
    let (server, phone) = start().await;
    let amina = server.phone(Role::Manager, "Amina").await;
    let checkin = amina.checkin(1);
    amina.send(std::slice::from_ref(&checkin)).await;
    let reply = phone.send(&[phone.confirmation(1, &checkin)]).await;
    reply.problem(422, "all_refused");
    assert_eq!(reply.json()["receipts"][0]["code"], "not_allowed");
    let own = amina.send(&[amina.confirmation(2, &checkin)]).await;
    assert_eq!(own.json()["receipts"][0]["code"], "not_allowed");
    let (at_once, its_confirmation) = (amina.checkin(3), amina.confirmation(4, &amina.checkin(3)));
    let reply = amina.send(&[its_confirmation, at_once]).await;
    assert_eq!(reply.outcomes(), ["rejected", "accepted"], "nor in one batch, in any order");
    assert_eq!(server.storage.newest(&"acme".into()).await.unwrap(), 2);
}

#[tokio::test]
async fn who_is_not_signed_in_hears_the_same_words() {
    let (server, phone) = start().await;
    server.storage.revoke(&phone.enrolled.device, waymark_server::clock::now()).await.unwrap();
    let client = reqwest::Client::new();
    let mut answers = Vec::new();
    for header in ["", "Bearer", "Bearer wrong", "Basic YTpi", &format!("Bearer {}", phone.enrolled.token)] {
        for path in ["/feed", "/stream", "/records"] {
            let url = server.url(&format!("/api/v1{path}"));
            let method = if path == "/records" { "post" } else { "get" };
            let request = if method == "post" { client.post(url).body("[]") } else { client.get(url) };
            let answer = request.header("authorization", header).send().await.unwrap();
            let reply = Reply::read(method, answer).await;
            reply.problem(401, "not_signed_in");
            answers.push(reply.text);
        }
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn a_large_body_without_credential_still_hears_the_answer() {
    let (server, _phone) = start().await;
    let request = reqwest::Client::new().post(server.url("/api/v1/records")).body("x".repeat(1 << 20));
    Reply::read("post", request.send().await.unwrap()).await.problem(401, "not_signed_in");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems() {
    let (server, phone) = start().await;
    let client = reqwest::Client::new();
    for path in
        ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v2/records", "/api/v1/records/7"]
    {
        let answer = client.get(server.url(path)).send().await.unwrap();
        Reply::read("get", answer).await.problem(404, "unknown_path");
    }
    for (method, path) in [("PUT", "/records"), ("GET", "/records"), ("POST", "/feed"), ("DELETE", "/enrol")]
    {
        let request = client.request(method.parse().unwrap(), server.url(&format!("/api/v1{path}")));
        let answer = request.bearer_auth(&phone.enrolled.token).send().await.unwrap();
        assert!(answer.headers().contains_key("allow"));
        Reply::read(&method.to_lowercase(), answer).await.problem(405, "wrong_method");
    }
}

#[tokio::test]
async fn wrong_queries_are_named() {
    let (_server, phone) = start().await;
    for query in ["after=-1", "after=x", "limit=many", "after=99999999999999999999"] {
        phone.feed_reply(query).await.problem(400, "wrong_query");
    }
    let limit = phone.feed_reply("limit=0").await;
    assert_eq!(limit.status, 200);
}

#[tokio::test]
async fn a_device_that_asks_too_often_is_told_when_to_come_back() {
    let device = Rate { burst: 3, every: Duration::from_mins(1) };
    let server = Server::builder().limits(Limits { device, ..roomy() }).start().await;
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let other = server.phone(Role::Traveller, "Other").await;
    for _ in 0..3 {
        assert_eq!(phone.feed_reply("").await.status, 200);
    }
    let limited = phone.send(&[phone.checkin(1)]).await;
    limited.problem(429, "too_many_requests");
    let seconds: u64 = limited.header("retry-after").parse().unwrap();
    assert!((1..=61).contains(&seconds));
    assert_eq!(other.feed_reply("").await.status, 200, "others are not held up");
    nothing_stored(&server).await;
}

#[tokio::test]
async fn slow_bodies_are_cut_off() {
    let limits = Limits { body_idle: Duration::from_millis(200), ..roomy() };
    let server = Server::builder().limits(limits).start().await;
    let phone = server.phone(Role::Traveller, "Idriss").await;
    let mut connection = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/v1/records HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: 1000\r\n\r\n[",
        phone.enrolled.token
    );
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read =
        tokio::time::timeout(Duration::from_secs(5), connection.read(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("request_timeout"), "{answer}");
    nothing_stored(&server).await;
}
