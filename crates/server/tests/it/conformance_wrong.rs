//! `conformance` against backends that break one rule each: a check that cannot fail is none.
#![cfg(unix)]

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use waymark_core::rules::Role;
use waymark_server::conformance::{Report, Verdict, checks};
use waymark_server::limits::Rate;
use waymark_server::state::Limits;

use crate::conformance::{examine, publish_a_pack};
use crate::process::program;
use crate::support::{Server, Wrong, roomy};

const PAGE: &str = "<html>Welcome to Hotel WiFi</html>";
const EMPTY: &str = r#"{"epoch":"e1","received":"2026-07-14T03:35:20.000Z","receipts":[]}"#;
const HTML: &str = "text/html";
const JSON: &str = "application/json";

/// In place of one outcome, another.
fn outcome(from: &'static str, to: &'static str) -> Wrong {
    Wrong::receipt(move |receipt| {
        if receipt["outcome"] == from {
            receipt["outcome"] = to.into();
        }
    })
}

/// Records of a type come with another one of their members.
fn altered(start: &'static str, member: &'static str, value: Value) -> Wrong {
    Wrong::record(move |record| {
        if record["type"].as_str().unwrap().starts_with(start) {
            record[member] = value.clone();
        }
    })
}

/// A body of that status comes with another first byte.
fn spoilt(path: &'static str, method: &'static str) -> Wrong {
    Wrong::at(path, move |asked, answered| {
        if let (true, Some(byte)) =
            (asked.method == method && answered.status < 300, answered.body.first_mut())
        {
            *byte ^= 1;
        }
    })
}

/// The answer to what is sent of a photo.
fn photo(status: u16, change: impl Fn(&mut Value) + Send + Sync + 'static) -> Wrong {
    Wrong::at("/blobs", move |asked, answered| {
        if asked.method == "PUT" && answered.status == status {
            answered.change(&change);
        }
    })
}

/// In place of an error about photos, a receipt.
fn photo_taken(of: u16) -> Wrong {
    Wrong::instead("/blobs", of, 201, JSON, r#"{"outcome":"accepted"}"#)
}

fn is_protected(record: &Value) -> bool {
    record["protected"] == true
}

/// Every check with a backend that it is there to find.
#[allow(clippy::too_many_lines)] // a table
fn wrong_backends() -> Vec<(&'static str, Wrong)> {
    vec![
        ("health", Wrong::json("/health", |body| body["service"] = "other".into())),
        ("enrolment", Wrong::json("/enrol", |body| body["name"] = "Somebody".into())),
        (
            "code-once",
            Wrong::saying(|asked, answered, memory| {
                if asked.path == "/enrol" && answered.status == 403 {
                    answered.status = 200;
                    answered.typed(JSON);
                    answered.body = memory.enrolled.clone().unwrap();
                }
            }),
        ),
        (
            "codes-refused-alike",
            Wrong::at("/enrol", |asked, answered| {
                let sent: Value = serde_json::from_slice(&asked.body).unwrap_or_default();
                if answered.status == 403 {
                    answered.change(|body| body["detail"] = format!("{} is no good", sent["code"]).into());
                }
            }),
        ),
        (
            "wrong-codes-limited",
            Wrong::at("/enrol", |_, answered| drop(answered.headers.remove("retry-after"))),
        ),
        ("receipts-in-order", Wrong::receipts(|all| all.reverse())),
        ("receipts-in-order", Wrong::receipts(|all| drop(all.pop()))),
        ("receipts-in-order", Wrong::instead("/records", 200, 200, HTML, PAGE)),
        ("receipt-digests", Wrong::receipt(|receipt| receipt["digest"] = "0".repeat(64).into())),
        (
            "receipts-say-when",
            Wrong::json("/records", |body| body["received"] = "2026-01-01T00:00:00.000Z".into()),
        ),
        ("accepted-is-held", Wrong::records(|all| drop(all.pop()))),
        ("duplicate", outcome("duplicate", "accepted")),
        (
            "duplicate-received",
            Wrong::receipt(|receipt| drop(receipt.as_object_mut().unwrap().remove("received"))),
        ),
        ("sent-twice-held-once", Wrong::showing("manager", |sent| sent.outcome == "duplicate")),
        ("twins-in-a-batch", outcome("duplicate", "conflict")),
        ("conflict", outcome("conflict", "accepted")),
        (
            "conflict-between-devices",
            Wrong::to("manager", "/records", |_, answered| {
                answered.change(|body| {
                    if body["receipts"][0]["outcome"] == "conflict" {
                        body["receipts"][0]["outcome"] = "accepted".into();
                    }
                });
            }),
        ),
        ("conflict-keeps-the-first", altered("org.waymark.checkin", "digest", "0".repeat(64).into())),
        ("wrong-source", Wrong::taking("wrong_source")),
        ("wrong-author", Wrong::taking("wrong_author")),
        ("wrong-digest", Wrong::taking("invalid_record")),
        (
            "canonical-digest",
            Wrong::at("/records", |asked, answered| {
                if String::from_utf8_lossy(&asked.body).contains("\\u00e9") {
                    answered.change(|body| body["receipts"][0]["outcome"] = "rejected".into());
                }
            }),
        ),
        ("invalid-data", Wrong::taking("invalid_data")),
        ("not-a-record", Wrong::taking("invalid_record")),
        ("record-too-large", Wrong::taking("record_too_large")),
        ("record-too-deep", Wrong::taking("record_too_large")),
        ("own-not-confirmed", Wrong::taking("not_allowed")),
        ("travellers-confirm-nothing", Wrong::taking("not_allowed")),
        ("rejected-is-not-held", Wrong::showing("manager", |sent| sent.outcome == "rejected")),
        ("to-the-letter", altered("org.waymark.checkin", "pack", "another@1".into())),
        ("unknown-kind", altered("org.waymark.conformance", "data", json!({"wings": 4}))),
        ("foreign-type", altered("org.example", "type", "org.waymark.unknown.v1".into())),
        ("unknown-attributes", altered("org.waymark.checkin", "conformanceflag", Value::Null)),
        ("sealed", altered("org.waymark.conformance", "data_base64", Value::Null)),
        ("exercise", altered("org.waymark.checkin", "exercise", false.into())),
        (
            "one-bad-among-fifty",
            Wrong::receipts(|receipts| {
                if receipts.iter().any(|receipt| receipt["outcome"] == "rejected") {
                    for receipt in receipts {
                        receipt["outcome"] = "retry".into();
                    }
                }
            }),
        ),
        (
            "none-taken",
            Wrong::at("/records", |_, answered| {
                if answered.status == 422 {
                    answered.status = 200;
                    answered.typed(JSON);
                }
            }),
        ),
        (
            "empty-batch",
            Wrong::at("/records", |asked, answered| {
                if asked.body == b"[]" {
                    answered.status = 204;
                    answered.body.clear();
                }
            }),
        ),
        ("too-many-records", Wrong::instead("/records", 413, 200, JSON, EMPTY)),
        (
            "thousand-records",
            Wrong::at("/records", |asked, answered| {
                if asked.body.len() > 2_000 {
                    answered.status = 413;
                }
            }),
        ),
        ("body-too-large", Wrong::instead("/records", 413, 413, HTML, PAGE)),
        ("wrong-content-type", Wrong::instead("/records", 415, 200, JSON, EMPTY)),
        ("cut-batch", Wrong::instead("/records", 400, 200, JSON, EMPTY)),
        ("not-a-batch", Wrong::instead("/records", 400, 400, HTML, PAGE)),
        ("not-signed-in", Wrong::instead("/pack", 401, 401, HTML, PAGE)),
        ("wrong-credential", Wrong::instead("/directory", 401, 200, JSON, r#"{"people":[]}"#)),
        ("problems", Wrong::instead("/conformance-nothing", 404, 200, HTML, PAGE)),
        ("clock-header", Wrong::hearing(|asked| drop(asked.headers.remove("waymark-clock")))),
        ("clockoffset", Wrong::record(|record| record["happened"] = record["time"].clone())),
        ("feed-members", Wrong::record(|record| drop(record.as_object_mut().unwrap().remove("authorname")))),
        ("feed-order", Wrong::records(|all| all.reverse())),
        (
            "feed-pages",
            Wrong::json("/feed", |body| {
                if body["more"] == true {
                    body["next"] = (body["next"].as_u64().unwrap() + 1).into();
                }
            }),
        ),
        ("feed-limit", Wrong::hearing(|asked| asked.query = asked.query.replace("limit=", "most="))),
        ("feed-after", Wrong::hearing(|asked| asked.query = asked.query.replace("after=", "since="))),
        ("feed-other-epoch", Wrong::hearing(|asked| asked.query = asked.query.replace("epoch=", "life="))),
        (
            "feed-not-own",
            Wrong::showing("manager", |sent| sent.role == "manager" && sent.outcome == "accepted"),
        ),
        ("one-epoch", Wrong::json("/records", |body| body["epoch"] = "another".into())),
        ("directory", Wrong::json("/directory", |body| body["people"] = json!([]))),
        ("manager-sees", Wrong::hiding("manager", |_| true)),
        ("traveller-sees-confirmation", Wrong::hiding("traveller", |_| true)),
        ("traveller-sees-no-others", Wrong::showing("traveller", |sent| sent.role == "manager")),
        ("protected-not-for-managers", Wrong::showing("manager", |sent| is_protected(&sent.record))),
        ("protected-goes-along", Wrong::showing("manager", |sent| sent.record["subject"].is_string())),
        (
            "protected-before-its-record",
            Wrong::saying(|asked, answered, memory| {
                let later = memory.sent.iter().skip_while(|sent| sent.record["subject"].is_null());
                if asked.path == "/feed"
                    && memory.role(asked) == "manager"
                    && later.clone().any(|sent| is_protected(&sent.record))
                {
                    answered.add(later.take(1).map(|sent| sent.record.clone()).collect());
                }
            }),
        ),
        ("protected-for-security", Wrong::hiding("security", is_protected)),
        ("protected-for-central", Wrong::hiding("central", is_protected)),
        ("other-organisation-sees-nothing", Wrong::showing("other", |_| true)),
        ("other-organisation-writes-nothing", Wrong::showing("manager", |sent| sent.role == "other")),
        ("stream-at-once", Wrong::stream(": still here\n\n")),
        ("stream-rises", Wrong::stream("event: seq\ndata: {\"epoch\":\"e1\",\"seq\":0}\n\n")),
        ("photo-taken", photo(201, |receipt| receipt["bytes"] = 1.into())),
        ("photo-returned", spoilt("/blobs", "GET")),
        ("photo-again", photo(200, |receipt| receipt["outcome"] = "accepted".into())),
        ("photo-part", photo(202, |part| part["outcome"] = "accepted".into())),
        ("photo-held", Wrong::at("/blobs", |_, answered| drop(answered.headers.remove("waymark-held")))),
        ("photo-resumed", photo(201, |receipt| receipt["sha256"] = "0".into())),
        (
            "photo-wrong-offset",
            Wrong::at("/blobs", |_, answered| answered.change(|body| body["held"] = 7.into())),
        ),
        ("photo-wrong-digest", photo_taken(422)),
        ("photo-not-an-image", photo_taken(422)),
        ("photo-too-large", photo_taken(413)),
        ("photo-range", Wrong::hearing(|asked| drop(asked.headers.remove("range")))),
        (
            "photo-for-readers",
            Wrong::to("manager", "/blobs", |asked, answered| {
                if asked.method == "GET" && answered.status == 200 {
                    answered.status = 404;
                }
            }),
        ),
        ("photo-not-for-others", Wrong::instead("/blobs", 404, 200, "image/jpeg", PAGE)),
        ("photo-not-told", photo_taken(409)),
        ("pack", Wrong::at("/pack", |_, answered| drop(answered.headers.remove("etag")))),
        ("pack-unchanged", Wrong::hearing(|asked| drop(asked.headers.remove("if-none-match")))),
        ("pack-file", spoilt("/pack/files/", "GET")),
        ("pack-file-unknown", Wrong::instead("/pack/files/", 404, 200, HTML, PAGE)),
        ("pack-files", spoilt("/pack/files", "POST")),
        ("pack-files-unknown", Wrong::instead("/pack/files", 404, 200, "application/octet-stream", "")),
        ("pack-files-too-many", Wrong::instead("/pack/files", 413, 200, "application/octet-stream", "")),
    ]
}

async fn start(wrong: Wrong) -> Server {
    let enrol_address = Rate { burst: 10, every: std::time::Duration::from_mins(1) };
    let server = Server::builder().limits(Limits { enrol_address, ..roomy() }).wrong(wrong).start().await;
    publish_a_pack(&server).await;
    server
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_check_finds_the_backend_that_it_is_there_to_find() {
    let backends = wrong_backends();
    let found: BTreeSet<_> = backends.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, checks().iter().map(|check| check.name).collect(), "each check has a backend to find");
    let found = stream::iter(backends).map(|(name, wrong)| async move {
        let report = examine(&start(wrong).await, &[name], true).await;
        let Verdict::Failed(fault) = report.checks[0].verdict.clone() else { return Some(name) };
        assert!(!fault.sent.is_empty() && !fault.expected.is_empty() && !fault.came.is_empty(), "{fault:?}");
        assert!(!fault.sent.contains("Bearer") && !fault.came.contains("\"token\""), "{fault:?}");
        None
    });
    let missed: Vec<_> = found.buffered(4).filter_map(std::future::ready).collect().await;
    assert_eq!(missed, [""; 0], "these found nothing");
}

/// What fails of all checks.
async fn failed(wrong: Wrong) -> Vec<&'static str> {
    let report: Report = examine(&start(wrong).await, &[], false).await;
    report.failed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_is_broken_is_named_and_others_are_not() {
    let of = |name: &str| wrong_backends().into_iter().find(|(own, _)| *own == name).unwrap().1;
    for (wrong, expected) in [
        ("wrong-author", vec!["wrong-author"]),
        ("protected-for-security", vec!["protected-for-security"]),
        ("other-organisation-sees-nothing", vec!["other-organisation-sees-nothing"]),
        ("receipt-digests", vec!["receipt-digests"]),
        ("conflict-between-devices", vec!["conflict-between-devices"]),
        ("photo-for-readers", vec!["photo-for-readers"]),
        ("feed-order", vec!["feed-order", "feed-pages", "feed-after"]),
        ("photo-part", vec!["photo-part"]),
        ("pack-files", vec!["pack-files"]),
        ("stream-rises", vec!["stream-at-once", "stream-rises"]),
    ] {
        assert_eq!(failed(of(wrong)).await, expected, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_backend_fails_and_is_shown() {
    let server = start(Wrong::instead("/records", 200, 200, HTML, PAGE)).await;
    let (traveller, manager) = (server.code(Role::Traveller).await, server.code(Role::Manager).await);
    let url = server.url("");
    let run = move || {
        let words = ["conformance", "--backend", &url, "--traveller", &traveller, "--manager", &manager];
        program().args(words).args(["--only", "health,duplicate"]).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("duplicate  FAILED") && said.contains("health     passed"), "{said}");
    for words in ["sent      POST /api/v1/records", "expected  receipts", "came      200 text/html · <html>"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(String::from_utf8_lossy(&output.stderr).contains("1 of 2 checks failed"));
}
