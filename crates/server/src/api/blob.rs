//! `GET /blobs/{sha256}`: a photo, for those who may see a record that names it. `HEAD` is asked by whoever sends one.

use std::io;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderName,
    LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use tower::ServiceExt as _;
use tower_http::services::ServeFile;
use waymark_core::event::Digest;

use super::caller::SignedIn;
use crate::blobs::{Blobs, Whole};
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::{Caller, StorageError};

/// How many bytes are held of what the calling device has begun to send.
pub const HELD: HeaderName = HeaderName::from_static("waymark-held");

/// Of a photo: it is shown, never run, and nobody between keeps it.
const HEADERS: [(HeaderName, &str); 3] =
    [(CONTENT_DISPOSITION, "inline"), (CACHE_CONTROL, "no-store"), (CONTENT_SECURITY_POLICY, "sandbox")];

pub async fn blob(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    name: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Problem> {
    let digest = digest(name).ok_or_else(|| missing(0))?;
    let Some(whole) = visible(&state, &caller, digest).await? else {
        let (org, device) = (caller.org, caller.device);
        let held = with_blobs(&state, move |blobs| blobs.held(&org, &device, &digest)).await?;
        return Err(missing(held));
    };
    let Ok(mut response) = ServeFile::new(&whole.path).oneshot(reading(&request)).await;
    match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
        StatusCode::RANGE_NOT_SATISFIABLE => {
            let detail = format!("the photo has {} bytes", whole.bytes);
            return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "wrong_range", detail));
        }
        _ => return Err(missing(0)),
    }
    let headers = response.headers_mut();
    // When it came is nobody's business, and nobody need ask whether it has changed.
    headers.remove(LAST_MODIFIED);
    headers.remove(ETAG);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(whole.media_type.name()));
    headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    Ok(response.map(Body::new))
}

/// The digest in an address: 64 lower-case hex digits.
pub fn digest(name: Result<Path<String>, PathRejection>) -> Option<Digest> {
    let Path(name) = name.ok()?;
    name.parse().ok().filter(|digest: &Digest| digest.to_string() == name)
}

/// The blob, if it is here to its last byte and the caller may see it.
pub async fn visible(state: &AppState, caller: &Caller, digest: Digest) -> Result<Option<Whole>, Problem> {
    if !state.storage.may_see_blob(&caller.viewer(), &digest).await? {
        return Ok(None);
    }
    let org = caller.org.clone();
    with_blobs(state, move |blobs| blobs.whole(&org, &digest)).await
}

/// Does something with files where it holds up nobody else.
pub async fn with_blobs<T: Send + 'static>(
    state: &AppState,
    act: impl FnOnce(&Blobs) -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let shared = state.clone();
    let done = tokio::task::spawn_blocking(move || act(&shared.blobs)).await;
    let done = done.map_err(|_| Problem::internal())?;
    done.map_err(|error| StorageError::Database(error.into()).into())
}

/// What of a request matters to a file that never changes.
fn reading(request: &Request) -> Request {
    let mut reading = Request::new(Body::empty());
    *reading.method_mut() = request.method().clone();
    if let Some(range) = request.headers().get(RANGE) {
        reading.headers_mut().insert(RANGE, range.clone());
    }
    reading
}

/// One answer for what is not there, what is not whole, and what is not for the caller.
fn missing(held: u64) -> Problem {
    let detail = "there is no such photo, or it is not for you";
    Problem::new(StatusCode::NOT_FOUND, "no_blob", detail).header(HELD, held.into())
}
