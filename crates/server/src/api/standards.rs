//! `GET /standards`: what is published and who has it, for those who watch.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use waymark_core::backend::standards::{Standards, Version};

use super::caller::SignedIn;
use crate::pack::held;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::Published;

pub async fn standards(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
) -> Result<Json<Standards>, Problem> {
    if !caller.role.watches() {
        return Err(not_allowed("what others have is for those who watch"));
    }
    let published = state.storage.packs(&caller.org).await?;
    // Each is verified anew, and other requests need not wait for that.
    let read = tokio::task::spawn_blocking(move || published.iter().map(version).collect::<Result<_, _>>());
    let versions = read.await.map_err(|_| Problem::internal())??;
    let devices = state.storage.carriers(&caller.viewer()).await?;
    Ok(Json(Standards { key: state.storage.pack_key(&caller.org).await?, versions, devices }))
}

fn version(published: &Published) -> Result<Version, Problem> {
    let manifest = held(published)?;
    Ok(Version {
        pack: manifest.pack,
        version: manifest.version,
        title: manifest.title,
        published: published.published,
        issued: manifest.issued,
        expires: manifest.expires,
        key: published.key,
    })
}

pub(super) fn not_allowed(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_allowed", detail)
}
