//! Batches of every size, whole and not.

use serde_json::{Value, json};
use waymark_core::backend::Payload;

use super::group;
use crate::clock;
use crate::conformance::bench::{Bench, batch};
use crate::conformance::check::{Check, Outcome};
use crate::conformance::device::{carrying, with};

/// A batch as phones begin with.
const FIFTY: usize = 50;
/// The largest body, in bytes.
const MOST_BYTES: usize = 3 << 19;

pub fn checks() -> Vec<Check> {
    group! {
        "one-bad-among-fifty" one_bad "What is rejected is not held and holds up none of the others."
        "none-taken" none_taken "If *none* was taken, it is 422 `application/problem+json` with the same members beside `title`, `detail` and `code`."
        "empty-batch" empty "one receipt per record, in order."
        "too-many-records" too_many_records "at most 1,000 records and 1.5 MiB"
        "thousand-records" thousand_records "at most 1,000 records and 1.5 MiB"
        "body-too-large" body_too_large "at most 1,000 records and 1.5 MiB"
        "wrong-content-type" wrong_content_type "`Content-Type: application/cloudevents-batch+json`"
        "cut-batch" cut "finds the record at fault by halving, refuses it, goes on"
        "not-a-batch" not_a_batch "finds the record at fault by halving, refuses it, goes on"
    }
}

async fn one_bad(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let mut records = traveller.checkins(FIFTY);
    records[FIFTY / 2]["digest"] = "0".repeat(64).into();
    let mut expected = ["accepted"; FIFTY];
    expected[FIFTY / 2] = "rejected";
    let exchange = bench.send(traveller, &records).await;
    exchange.json(&[200])?;
    exchange.outcomes(&expected).map(drop)
}

async fn none_taken(bench: &Bench) -> Outcome {
    let exchange = bench.send(bench.traveller()?, &[json!({}), json!([])]).await;
    exchange.problem(&[422])?;
    exchange.outcomes(&["rejected", "rejected"]).map(drop)
}

async fn empty(bench: &Bench) -> Outcome {
    let exchange = bench.send(bench.traveller()?, &[]).await;
    exchange.json(&[200])?;
    exchange.outcomes(&[]).map(drop)
}

async fn too_many_records(bench: &Bench) -> Outcome {
    bench.send(bench.traveller()?, &vec![json!(0); 1_001]).await.problem(&[413]).map(drop)
}

/// The most that it has to take: none of them a record, so that nothing is left behind.
async fn thousand_records(bench: &Bench) -> Outcome {
    let exchange = bench.send(bench.traveller()?, &vec![json!(0); 1_000]).await;
    exchange.outcomes(&["rejected"; 1_000]).map(drop)
}

async fn body_too_large(bench: &Bench) -> Outcome {
    let body = Value::from(vec!["x".repeat(MOST_BYTES)]).to_string();
    bench.ask(&batch(bench.traveller()?, body, clock::now())).await.problem(&[413]).map(drop)
}

async fn wrong_content_type(bench: &Bench) -> Outcome {
    let request = with(bench.traveller()?.request("POST", "/records"), "content-type", "text/plain");
    bench.ask(&carrying(request, Payload::Text("[]".into()))).await.problem(&[415]).map(drop)
}

/// Sends what is no batch, for which there can be no receipts.
async fn refused(bench: &Bench, body: String) -> Outcome {
    let exchange = bench.ask(&batch(bench.traveller()?, body, clock::now())).await;
    let problem = exchange.problem(&[400, 422])?;
    exchange.expect(problem.get("receipts").is_none(), "no receipts")
}

async fn cut(bench: &Bench) -> Outcome {
    let whole = Value::from(bench.traveller()?.checkins(2)).to_string();
    refused(bench, whole[..whole.len() - 20].to_owned()).await
}

async fn not_a_batch(bench: &Bench) -> Outcome {
    refused(bench, bench.traveller()?.checkin().to_string()).await
}
