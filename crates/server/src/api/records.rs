//! `POST /records`: takes a batch of records in and answers with one receipt each.

use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, http};
use serde_json::Value;
use waymark_core::backend::reference::{BATCH_TYPE, CLOCK_HEADER};
use waymark_core::event::{Event, Stamp};
use waymark_core::rules::ingest;
use waymark_core::sync::{Epoch, Outcome, Receipt, Receipts, Refusal};

use super::body;
use super::caller::SignedIn;
use crate::clock;
use crate::notify::pressing::Pressing;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::ingest::Taken;
use crate::storage::{Batch, Caller, StorageError};

/// The largest body, in bytes: a batch of 1 MiB as core cuts them, with room to spare.
pub const MAX_BODY: usize = 3 << 19;
/// The most records in one batch.
pub const MAX_RECORDS: usize = 1_000;

const CONFLICT: &str = "another version of this record is held under the same id; both are kept";

pub async fn records(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = match admit(&mut parts, &state).await {
        Ok(caller) => caller,
        Err(problem) => {
            body::discard(body, &state.limits).await;
            return Err(problem);
        }
    };
    let received = clock::now();
    let clockoffset = clockoffset(&parts.headers, received);
    let lines = read_batch(body, shape(&parts.headers)?, &state).await?;
    // A batch once begun is finished, even if the sender goes away.
    let work = tokio::spawn(take_in(state, caller, clockoffset, received, lines));
    let (epoch, receipts) = work.await.map_err(|_| Problem::internal())??;
    Ok(answer(Receipts { epoch, received, receipts }))
}

/// Stores records of one device that came another way; the receipts are in their order.
///
/// # Errors
/// The database fails; nothing of it is stored then.
pub async fn take_in_events(
    state: AppState,
    caller: Caller,
    received: Stamp,
    events: Vec<Event>,
) -> Result<(Epoch, Vec<Receipt>), StorageError> {
    let line = |event: Event| {
        let (source, id, digest) = (event.source.to_string(), event.id.to_string(), event.digest.to_string());
        Line { source, id, digest, event: Ok(event) }
    };
    take_in(state, caller, None, received, events.into_iter().map(line).collect()).await
}

/// How the body holds its records.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Batch,
    Single,
}

async fn admit(parts: &mut http::request::Parts, state: &AppState) -> Result<Caller, Problem> {
    let signed_in = SignedIn::from_request_parts(parts, state).await?;
    shape(&parts.headers)?;
    Ok(signed_in.caller)
}

fn shape(headers: &HeaderMap) -> Result<Shape, Problem> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match media_type.as_str() {
        BATCH_TYPE | "application/json" => Ok(Shape::Batch),
        "application/cloudevents+json" => Ok(Shape::Single),
        _ => {
            let detail = format!("records come as {BATCH_TYPE}");
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", detail))
        }
    }
}

/// The sender's clock, compared with ours.
fn clockoffset(headers: &HeaderMap, now: Stamp) -> Option<i64> {
    let sent: i64 = headers.get(CLOCK_HEADER)?.to_str().ok()?.trim().parse().ok()?;
    Some(now.ms_since(Stamp(sent)))
}

/// One record of a batch: what its receipt will name, and what could be read.
struct Line {
    source: String,
    id: String,
    digest: String,
    event: Result<Event, Refusal>,
}

async fn read_batch(body: Body, shape: Shape, state: &AppState) -> Result<Vec<Line>, Problem> {
    let bytes = body::read(body, MAX_BODY, &state.limits).await?;
    // Checking a thousand digests takes milliseconds that other requests need not wait for.
    let parsing = tokio::task::spawn_blocking(move || parse(&bytes, shape));
    parsing.await.map_err(|_| Problem::internal())?
}

fn parse(bytes: &[u8], shape: Shape) -> Result<Vec<Line>, Problem> {
    let not_a_batch = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "not_a_batch", detail);
    let json: Value = serde_json::from_slice(bytes)
        .map_err(|error| not_a_batch(format!("the body is not JSON that can be read: {error}")))?;
    let records = match (shape, json) {
        (Shape::Batch, Value::Array(records)) => records,
        (Shape::Batch, _) => return Err(not_a_batch("the body is not a JSON array of records".into())),
        (Shape::Single, record @ Value::Object(_)) => vec![record],
        (Shape::Single, _) => return Err(not_a_batch("the body is not a JSON object".into())),
    };
    if records.len() > MAX_RECORDS {
        let detail = format!("the batch has more than {MAX_RECORDS} records: send fewer at once");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "batch_too_large", detail)
            .with("limit", MAX_RECORDS.into()));
    }
    Ok(records.into_iter().map(line).collect())
}

fn line(json: Value) -> Line {
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (source, id, digest) = (text("source"), text("id"), text("digest"));
    Line { source, id, digest, event: ingest::read(json) }
}

/// Stores what can be read and tells the streams; the receipts are those of all records, in order.
async fn take_in(
    state: AppState,
    caller: Caller,
    clockoffset: Option<i64>,
    received: Stamp,
    lines: Vec<Line>,
) -> Result<(Epoch, Vec<Receipt>), StorageError> {
    let mut events = Vec::with_capacity(lines.len());
    let named: Vec<_> = lines
        .into_iter()
        .map(|Line { source, id, digest, event }| {
            let refused = event.map(|event| events.push(event)).err();
            (source, id, digest, refused)
        })
        .collect();
    let org = caller.org.clone();
    let mut pressing: Vec<_> =
        events.iter().map(|event| Pressing::of(&org, event, &caller.areas, received)).collect();
    let taken = if events.is_empty() {
        Vec::new()
    } else {
        state.storage.ingest(Batch { caller, clockoffset, received, events }).await?
    };
    if taken.iter().any(|taken| taken.outcome == Outcome::Accepted) {
        state.news.announce(&org, state.storage.newest(&org).await?);
    }
    let accepted = taken.iter().zip(&mut pressing).filter(|(taken, _)| taken.outcome == Outcome::Accepted);
    tell(&state, accepted.filter_map(|(_, pressing)| pressing.take()).collect());
    let mut taken = taken.into_iter();
    let receipts: Vec<Receipt> = named
        .into_iter()
        .map(|(source, id, digest, refused)| {
            let taken = refused.map_or_else(|| taken.next().unwrap_or_else(retry), rejected);
            receipt(&source, &id, &digest, &taken)
        })
        .collect();
    state.metrics.took_in(&receipts);
    Ok((state.storage.epoch().await?, receipts))
}

/// The sender need not wait for it.
fn tell(state: &AppState, all: Vec<Pressing>) {
    if all.is_empty() {
        return;
    }
    let state = state.clone();
    tokio::spawn(async move {
        for pressing in all {
            if let Err(error) = pressing.tell(&state).await {
                tracing::error!(%error, "storage");
            }
        }
    });
}

fn rejected(refusal: Refusal) -> Taken {
    Taken::nothing(Outcome::Rejected(refusal))
}

fn retry() -> Taken {
    Taken::nothing(Outcome::Retry)
}

fn receipt(source: &str, id: &str, digest: &str, taken: &Taken) -> Receipt {
    let mut receipt = Receipt::new(source, id, digest, &taken.outcome, taken.seq);
    receipt.received = taken.received;
    if taken.outcome == Outcome::Conflict {
        receipt.code = Some("conflict".into());
        receipt.detail = Some(CONFLICT.into());
    }
    receipt
}

/// 200 with the receipts; 422 when nothing of the batch was taken, with the receipts beside the first refusal.
fn answer(receipts: Receipts) -> Response {
    let first_refusal = receipts.receipts.first().and_then(|receipt| match receipt.outcome() {
        Some(Outcome::Rejected(refusal)) => Some(refusal),
        _ => None,
    });
    let all_refused = receipts.receipts.iter().all(|receipt| receipt.outcome == "rejected");
    match first_refusal {
        Some(refusal) if all_refused => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "all_refused", refusal.detail)
                .with("epoch", receipts.epoch.0.into())
                .with("received", receipts.received.to_string().into())
                .with("receipts", serde_json::to_value(receipts.receipts).unwrap_or_default())
                .into_response()
        }
        _ => Json(receipts).into_response(),
    }
}
