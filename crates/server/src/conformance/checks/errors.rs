//! What is said when something is not as it should be.

use waymark_core::backend::{Payload, Request};

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Outcome};
use crate::conformance::device::{bare, carrying, with};

pub fn checks() -> Vec<Check> {
    group! {
        "not-signed-in" not_signed_in "pauses and asks to sign in again"
        "wrong-credential" wrong_credential "pauses and asks to sign in again"
        "problems" problems "Every error is `application/problem+json` with `title`, `detail` and a stable `code`."
    }
}

/// All that is only for those who are signed in.
fn closed() -> Vec<Request> {
    let blob = format!("/blobs/{}", "0".repeat(64));
    let posted = with(bare("POST", "/records"), "content-type", "application/cloudevents-batch+json");
    vec![
        carrying(posted, Payload::Text("[]".into())),
        bare("GET", "/feed"),
        bare("GET", "/stream"),
        bare("GET", "/directory"),
        bare("GET", "/pack"),
        bare("GET", &blob),
    ]
}

async fn not_signed_in(bench: &Bench) -> Outcome {
    for request in closed() {
        bench.ask(&request).await.problem(&[401])?;
    }
    Ok(())
}

async fn wrong_credential(bench: &Bench) -> Outcome {
    for request in closed() {
        bench.ask(&with(request, "authorization", "Bearer conformance")).await.problem(&[401])?;
    }
    Ok(())
}

async fn problems(bench: &Bench) -> Outcome {
    let traveller = bench.traveller()?;
    let enrol = with(bare("POST", "/enrol"), "content-type", "application/json");
    for (request, statuses) in [
        (traveller.request("GET", "/conformance-nothing"), [404, 404]),
        (traveller.request("GET", "/records"), [405, 404]),
        (traveller.request("GET", "/feed?after=nowhere"), [400, 422]),
        (carrying(enrol, Payload::Text("{".into())), [400, 422]),
    ] {
        bench.ask(&request).await.problem(&statuses)?;
    }
    Ok(())
}
