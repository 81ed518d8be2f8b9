//! What is returned to the letter, known or not.

use serde_json::{Value, json};

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Outcome};
use crate::conformance::device::text;

pub fn checks() -> Vec<Check> {
    group! {
        "to-the-letter" to_the_letter "A CloudEvents 1.0 JSON object."
        "unknown-kind" unknown_kind "other types are stored and passed on"
        "foreign-type" foreign_type "other types are stored and passed on"
        "unknown-attributes" unknown_attributes "Attributes that a version does not know are kept."
        "sealed" sealed "the content, open or sealed"
        "exercise" exercise "`true` for drills"
    }
}

/// Stores a record and compares all its attributes, or those that are named, with what the manager gets.
async fn comes_back(bench: &Bench, record: Value, attributes: Option<&[&str]>) -> Outcome {
    let (traveller, manager) = (bench.traveller()?, bench.manager()?);
    let from = bench.end(manager).await?;
    bench.store(traveller, std::slice::from_ref(&record)).await?;
    let page = bench.until(manager, from, std::slice::from_ref(&record)).await?;
    let came = page.found(&record).cloned().unwrap_or_default();
    for (name, value) in record.as_object().into_iter().flatten() {
        if attributes.is_none_or(|attributes| attributes.contains(&name.as_str())) {
            let expected = format!("`{name}` {value} of {}, not {}", text(&record, "id"), came[name]);
            page.exchange.expect(came[name] == *value, expected)?;
        }
    }
    Ok(())
}

async fn to_the_letter(bench: &Bench) -> Outcome {
    comes_back(bench, bench.traveller()?.checkin(), None).await
}

/// What breaks a store that takes records apart.
fn odd() -> Value {
    json!({"wings": 4, "text": "\u{0}\"\\\u{1F681}\u{2028}é", "numbers": [1.5, 1e300, null, true], "empty": {}})
}

async fn unknown_kind(bench: &Bench) -> Outcome {
    comes_back(bench, bench.traveller()?.unknown(odd()), Some(&["type", "data", "digest"])).await
}

async fn foreign_type(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.unknown(json!({"price": "12.50"}));
    record["type"] = "org.example.invoice.paid".into();
    comes_back(bench, record, Some(&["type", "data", "digest"])).await
}

async fn unknown_attributes(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.checkin();
    record["conformancetext"] = "kept".into();
    record["conformancenumber"] = 7.into();
    record["conformanceflag"] = false.into();
    comes_back(bench, record, Some(&["conformancetext", "conformancenumber", "conformanceflag"])).await
}

async fn sealed(bench: &Bench) -> Outcome {
    let mut record = bench.traveller()?.unknown(json!(null));
    // "sealed", to a key that nobody has.
    record["data_base64"] = "c2VhbGVk".into();
    if let Some(record) = record.as_object_mut() {
        record.remove("data");
        record.remove("datacontenttype");
    }
    comes_back(bench, record, Some(&["type", "data_base64", "digest"])).await
}

async fn exercise(bench: &Bench) -> Outcome {
    comes_back(bench, bench.traveller()?.checkin(), Some(&["exercise"])).await
}
