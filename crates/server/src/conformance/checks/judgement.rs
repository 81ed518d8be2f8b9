//! What is rejected, and that it is not held then.

use serde_json::{Value, json};

use super::group;
use crate::clock;
use crate::conformance::bench::{Bench, batch};
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{text, with_data};

pub fn checks() -> Vec<Check> {
    group! {
        "wrong-source" wrong_source "A device sends only what was written on it"
        "wrong-author" wrong_author "by the person who is signed in"
        "wrong-digest" wrong_digest "SHA-256 of the RFC 8785 canonical JSON of `data`, 64 lower-case hex digits"
        "canonical-digest" canonical_digest "SHA-256 of the RFC 8785 canonical JSON of `data`, 64 lower-case hex digits"
        "invalid-data" invalid_data "data of a kind that it knows and cannot read"
        "not-a-record" not_a_record "what is no record"
        "record-too-large" record_too_large "a record has at most 64 KiB and 32 levels of nesting."
        "record-too-deep" record_too_deep "a record has at most 64 KiB and 32 levels of nesting."
        "own-not-confirmed" own_not_confirmed "nobody confirms what they wrote themselves"
        "travellers-confirm-nothing" travellers_confirm_nothing "travellers and reporters confirm nothing"
        "rejected-is-not-held" rejected_is_not_held "What is rejected is not held and holds up none of the others."
    }
}

/// Sends a record that is to be rejected, before one that is to be taken.
async fn rejected(bench: &Bench, bad: Value) -> Outcome {
    let traveller = bench.traveller()?;
    bench.send(traveller, &[bad, traveller.checkin()]).await.outcomes(&["rejected", "accepted"]).map(drop)
}

async fn wrong_source(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.checkin();
    record["source"] = bench.manager()?.session.source().to_string().into();
    rejected(bench, record).await
}

async fn wrong_author(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.checkin();
    record["author"] = bench.manager()?.session.user.to_string().into();
    rejected(bench, record).await
}

async fn wrong_digest(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let mut record = traveller.checkin();
    record["digest"] = "0".repeat(64).into();
    rejected(bench, record).await
}

/// The same data, written otherwise: keys in another order, numbers and letters in other ways.
async fn canonical_digest(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let record = traveller.unknown(json!({"number": 1, "text": "é"}));
    let (own, other) = (record["data"].to_string(), r#"{ "text": "\u00e9", "number": 1.0 }"#);
    let body = Value::from(vec![record]).to_string().replace(&own, other);
    let now = clock::now();
    bench.ask(&batch(traveller, body, now)).await.outcomes(&["accepted"]).map(drop)
}

async fn invalid_data(bench: &Bench) -> Outcome {
    rejected(bench, with_data(bench.traveller()?.checkin(), json!({"people": 7}))).await
}

async fn not_a_record(bench: &Bench) -> Outcome {
    rejected(bench, json!(7)).await?;
    rejected(bench, json!({"id": 7})).await
}

async fn record_too_large(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    rejected(bench, traveller.unknown(json!({"text": "x".repeat(66 << 10)}))).await
}

async fn record_too_deep(bench: &Bench) -> Outcome {
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    rejected(bench, bench.traveller()?.unknown(json!({"deep": deep}))).await
}

fn unreadable() -> Miss {
    Miss::not_applicable("the check-in cannot be confirmed")
}

async fn own_not_confirmed(bench: &Bench) -> Outcome {
    let manager = bench.manager()?;
    let checkin = manager.checkin();
    bench.store(manager, std::slice::from_ref(&checkin)).await?;
    let confirmation = manager.confirmation(&checkin).ok_or_else(unreadable)?;
    bench.send(manager, &[confirmation]).await.outcomes(&["rejected"]).map(drop)
}

async fn travellers_confirm_nothing(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let checkin = manager.checkin();
    bench.store(manager, std::slice::from_ref(&checkin)).await?;
    let confirmation = traveller.confirmation(&checkin).ok_or_else(unreadable)?;
    bench.send(traveller, &[confirmation]).await.outcomes(&["rejected"]).map(drop)
}

async fn rejected_is_not_held(bench: &Bench) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    let (mut bad, good) = (traveller.checkin(), traveller.checkin());
    bad["author"] = manager.session.user.to_string().into();
    bench.send(traveller, &[bad.clone(), good.clone()]).await.receipts()?;
    let page = bench.until(manager, from, &[good]).await?;
    page.exchange.expect(!page.has(&bad), format!("no record {}, which was rejected", text(&bad, "id")))
}
