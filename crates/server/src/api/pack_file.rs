//! `GET /pack/files/{sha256}`: a file of a standards pack, for the organisation that has published it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::blob::digest;
use super::caller::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// What is named by its content never changes.
const FOREVER: &str = "private, max-age=31536000, immutable";

pub async fn pack_file(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let digest = digest(name).ok_or_else(missing)?;
    let bytes = state.storage.pack_file(&caller.org, &digest).await?.ok_or_else(missing)?;
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, FOREVER)], bytes).into_response())
}

/// One answer for what is not there and what another organisation has.
pub fn missing() -> Problem {
    let detail = "your organisation's packs have no such file";
    Problem::new(StatusCode::NOT_FOUND, "no_pack_file", detail)
}
