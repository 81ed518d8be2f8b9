//! `PUT /blobs/{sha256}`: takes a photo in, at once or piece by piece, and goes on where it was broken off.

use axum::Json;
use axum::extract::{FromRequestParts as _, Path, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use waymark_core::event::Digest;

use super::blob::{digest, visible, with_blobs};
use super::body::Pieces;
use super::caller::SignedIn;
use crate::blobs::{Appended, Finished, MAX_BLOB, MediaType, Upload};
use crate::clock;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::Caller;

pub async fn put_blob(State(state): State<AppState>, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let mut pieces = Pieces::of(body, &state.limits);
    let answer = take(&state, &mut parts, &mut pieces).await;
    pieces.discard().await;
    answer
}

async fn take(state: &AppState, parts: &mut Parts, pieces: &mut Pieces) -> Result<Response, Problem> {
    let SignedIn { caller, .. } = SignedIn::from_request_parts(parts, state).await?;
    let name = Path::from_request_parts(parts, state).await;
    let digest = digest(name).ok_or_else(|| {
        let detail = "a photo is named by its SHA-256: 64 lower-case hex digits";
        Problem::new(StatusCode::BAD_REQUEST, "not_a_digest", detail)
    })?;
    let media_type = media_type(&parts.headers)?;
    let span = Span::read(&parts.headers)?;
    if let Some(whole) = visible(state, &caller, digest).await? {
        return keep(state, &caller, &digest, whole.bytes, false).await;
    }
    let upload = Upload { org: caller.org.clone(), device: caller.device.clone(), digest, media_type };
    let held = receive(state, &upload, span, pieces).await?;
    if held < span.total {
        let epoch = state.storage.epoch().await?;
        let body = json!({"epoch": epoch, "sha256": digest.to_string(), "held": held, "outcome": "partial"});
        return Ok((StatusCode::ACCEPTED, Json(body)).into_response());
    }
    // What is whole is settled, even if the sender goes away.
    let work = tokio::spawn(settle(state.clone(), caller, upload));
    work.await.map_err(|_| Problem::internal())?
}

/// Which bytes of a blob a body holds: from the first to before the last of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    from: u64,
    end: u64,
    total: u64,
    /// It is the whole, in place of what is held.
    anew: bool,
}

impl Span {
    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let span = if headers.contains_key(CONTENT_RANGE) {
            text(headers, CONTENT_RANGE).and_then(Self::of_range).ok_or_else(|| {
                let detail = "content-range is `bytes first-last/all`, or `bytes */all` without a body";
                wrong_range(detail)
            })?
        } else {
            let total =
                text(headers, CONTENT_LENGTH).and_then(|length| length.parse().ok()).ok_or_else(|| {
                    let detail = "say how much it is, with content-length or content-range";
                    Problem::new(StatusCode::LENGTH_REQUIRED, "length_required", detail)
                })?;
            Self { from: 0, end: total, total, anew: true }
        };
        if span.total > MAX_BLOB {
            let detail = format!("a photo has at most {MAX_BLOB} bytes");
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "blob_too_large", detail)
                .with("limit", MAX_BLOB.into()));
        }
        if span.total == 0 { Err(not_an_image()) } else { Ok(span) }
    }

    /// As RFC 9110 has it, 14.4.
    fn of_range(text: &str) -> Option<Self> {
        let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
        let total: u64 = total.parse().ok()?;
        if range == "*" {
            return Some(Self { from: total, end: total, total, anew: false });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last && last < total).then_some(Self { from: first, end: last + 1, total, anew: false })
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

fn media_type(headers: &HeaderMap) -> Result<MediaType, Problem> {
    text(headers, CONTENT_TYPE).and_then(MediaType::from_name).ok_or_else(|| {
        let detail = "a photo is image/jpeg, image/png or image/webp";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", detail)
    })
}

/// Keeps each piece as it comes, so that what was sent before a break need not be sent again; how much is held then.
async fn receive(state: &AppState, upload: &Upload, span: Span, pieces: &mut Pieces) -> Result<u64, Problem> {
    let for_task = upload.clone();
    let held = with_blobs(state, move |blobs| {
        if span.anew {
            blobs.begin_anew(&for_task)?;
        }
        blobs.held(&for_task.org, &for_task.device, &for_task.digest)
    });
    let mut at = held.await?;
    if at != span.from {
        return Err(wrong_offset(at));
    }
    while let Some(piece) = pieces.next().await? {
        if at + piece.len() as u64 > span.end {
            return Err(wrong_range("the body is longer than content-range says"));
        }
        let for_task = upload.clone();
        match with_blobs(state, move |blobs| blobs.append(&for_task, at, &piece)).await? {
            Appended::Held(now) => at = now,
            Appended::Elsewhere(held) => return Err(wrong_offset(held)),
            Appended::NotAnImage => return Err(not_an_image()),
        }
    }
    Ok(at)
}

async fn settle(state: AppState, caller: Caller, upload: Upload) -> Result<Response, Problem> {
    let digest = upload.digest;
    match with_blobs(&state, move |blobs| blobs.finish(&upload)).await? {
        Finished::Whole { bytes, new } => keep(&state, &caller, &digest, bytes, new).await,
        Finished::NotAnImage => Err(not_an_image()),
        Finished::Nothing => Err(wrong_offset(0)),
        Finished::WrongDigest => {
            let detail = "the photo is not what its name says; what was held is dropped";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_digest", detail))
        }
    }
}

/// Keeps who sent it, and writes the receipt.
async fn keep(
    state: &AppState,
    caller: &Caller,
    digest: &Digest,
    bytes: u64,
    new: bool,
) -> Result<Response, Problem> {
    state.storage.add_blob(caller, digest, bytes, clock::now()).await?;
    let (status, outcome) =
        if new { (StatusCode::CREATED, "accepted") } else { (StatusCode::OK, "duplicate") };
    let epoch = state.storage.epoch().await?;
    let receipt = json!({"epoch": epoch, "sha256": digest.to_string(), "bytes": bytes, "outcome": outcome});
    Ok((status, Json(receipt)).into_response())
}

fn wrong_offset(held: u64) -> Problem {
    let detail = format!("{held} bytes are held: go on from there");
    Problem::new(StatusCode::CONFLICT, "wrong_offset", detail).with("held", held.into())
}

fn wrong_range(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "wrong_range", detail)
}

fn not_an_image() -> Problem {
    let detail = "it does not begin like an image of its content type; what was held is dropped";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_an_image", detail)
}
