//! `POST /standards`: publishes a release that was signed elsewhere. Central alone may, and phones look at the signature
//! whoever has published.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use waymark_core::backend::standards::{MAX_PUBLICATION, Publication, Published};
use waymark_core::rules::Role;

use super::body;
use super::caller::SignedIn;
use super::standards::not_allowed;
use crate::clock;
use crate::pack::{Outcome, PackError, Release, Wish, publish_release};
use crate::problem::Problem;
use crate::state::AppState;

pub async fn publish_standards(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    body: Body,
) -> Result<Json<Published>, Problem> {
    if caller.role != Role::Central {
        body::discard(body, &state.limits).await;
        return Err(not_allowed("central alone publishes standards"));
    }
    let bytes = body::read(body, MAX_PUBLICATION, &state.limits).await?;
    let read = tokio::task::spawn_blocking(move || read(&bytes));
    let (release, given) = read.await.map_err(|_| Problem::internal())??;
    if given.is_none() && state.storage.pack_key(&caller.org).await?.is_none() {
        let detail =
            "phones trust the key of the first version from then on: give it as whoever signs has told it";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_needed", detail));
    }
    let wish = Wish { given, new_key: false };
    let report = publish_release(&*state.storage, &caller.org, release, &wish, clock::now())
        .await
        .map_err(|error| refused(&error))?;
    let (files, bytes) = report.fresh;
    Ok(Json(Published {
        pack: report.manifest.pack,
        version: report.manifest.version,
        outcome: outcome(report.outcome).to_owned(),
        files: u32::try_from(files).unwrap_or(u32::MAX),
        bytes,
    }))
}

type Read = (Release, Option<waymark_core::guidance::Key>);

fn read(bytes: &[u8]) -> Result<Read, Problem> {
    let publication = Publication::read(bytes).ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "not_a_publication",
            "the body is no signed release with its files",
        )
    })?;
    let files = publication.files.into_values().map(String::into_bytes);
    let release = Release::of(publication.signed, files).map_err(|refusal| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), refusal.to_string())
    })?;
    Ok((release, publication.key))
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::First => "first",
        Outcome::Next { .. } => "next",
        Outcome::NewKey { .. } => "new_key",
        Outcome::AlreadyThere => "already_there",
    }
}

fn refused(error: &PackError) -> Problem {
    let code = match error {
        PackError::Storage(_) => return Problem::internal(),
        PackError::NotTheGivenKey { .. } => "not_the_given_key",
        PackError::OtherKey { .. } => "other_key",
        PackError::NotHigher { .. } => "not_higher",
        PackError::OtherPack { .. } => "other_pack",
        PackError::Overtaken => "overtaken",
        _ => "refused",
    };
    Problem::new(StatusCode::CONFLICT, code, error.to_string())
}
