//! `POST /pack/files`: many files of standards packs in one answer, one after the other as they were asked for.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use waymark_core::backend::pack_files::{MOST_BYTES, MOST_FILES};
use waymark_core::event::Digest;

use super::body;
use super::caller::SignedIn;
use super::pack_file::missing;
use crate::problem::Problem;
use crate::state::AppState;

/// The most names, and what stands between them.
const MAX_BODY: usize = 80 * MOST_FILES;

pub async fn pack_files(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    body: Body,
) -> Result<Response, Problem> {
    let names = names(&body::read(body, MAX_BODY, &state.limits).await?)?;
    let mut all = Vec::new();
    for name in names {
        let bytes = state.storage.pack_file(&caller.org, &name).await?.ok_or_else(missing)?;
        if all.len() + bytes.len() > MOST_BYTES {
            return Err(too_many());
        }
        all.extend(bytes);
    }
    Ok(([(CONTENT_TYPE, "application/octet-stream")], all).into_response())
}

fn names(body: &[u8]) -> Result<Vec<Digest>, Problem> {
    let not_a_list = |detail: String| Problem::new(StatusCode::BAD_REQUEST, "not_a_list", detail);
    let texts: Vec<String> = serde_json::from_slice(body)
        .map_err(|error| not_a_list(format!("the body is not a JSON array of digests: {error}")))?;
    if texts.len() > MOST_FILES {
        return Err(too_many());
    }
    let digest = |text: &String| text.parse().ok().filter(|digest: &Digest| digest.to_string() == *text);
    texts.iter().map(digest).collect::<Option<_>>().ok_or_else(missing)
}

fn too_many() -> Problem {
    let detail = format!("one answer has at most {MOST_FILES} files and {MOST_BYTES} bytes: ask for fewer");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_files", detail)
}
