//! `GET /standards/changes`: what has changed since the version before, for those who watch.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use waymark_core::backend::standards::Changes;

use super::caller::SignedIn;
use super::standards::not_allowed;
use crate::pack::{diff, stored};
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Debug, Deserialize)]
pub struct Asking {
    version: u32,
}

pub async fn standards_changes(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    asking: Result<Query<Asking>, QueryRejection>,
) -> Result<Json<Changes>, Problem> {
    if !caller.role.watches() {
        return Err(not_allowed("what has changed is for those who watch"));
    }
    let Query(Asking { version }) =
        asking.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "wrong_query", error.body_text()))?;
    let unknown = || Problem::new(StatusCode::NOT_FOUND, "unknown_version", "this version was not published");
    let all = state.storage.packs(&caller.org).await?;
    let at = all.iter().position(|own| own.version == version).ok_or_else(unknown)?;
    let new = stored(&*state.storage, &caller.org, &all[at]).await?;
    let Some(before) = all.get(at + 1) else {
        return Ok(Json(Changes { version, before: 0, changes: vec![] }));
    };
    let old = stored(&*state.storage, &caller.org, before).await?;
    Ok(Json(Changes { version, before: before.version, changes: diff::changes(&old, &new) }))
}
