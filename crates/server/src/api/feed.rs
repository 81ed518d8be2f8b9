//! `GET /feed`: what others wrote that this device's person may see, in the order in which it was stored.

use axum::Json;
use axum::extract::Query;
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use waymark_core::event::Record;

use super::caller::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// The most records on one page.
pub const MAX_PAGE: u32 = 1_000;

/// Where to go on reading.
#[derive(Debug, Deserialize)]
pub struct From {
    /// The last place seen; 0 from the beginning.
    #[serde(default)]
    after: u64,
    /// The life of the database that `after` belongs to.
    epoch: Option<String>,
    limit: Option<u32>,
}

pub async fn feed(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    from: Result<Query<From>, QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let Query(from) =
        from.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "wrong_query", error.body_text()))?;
    let epoch = state.storage.epoch().await?;
    if from.epoch.is_some_and(|known| known != epoch.0) {
        let detail = "the database was restored: begin the feed anew and send again what you still hold";
        return Err(Problem::new(StatusCode::CONFLICT, "epoch_changed", detail).with("epoch", epoch.0.into()));
    }
    let limit = from.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE);
    let page = state.storage.feed(&caller.viewer(), &caller.device, from.after, limit).await?;
    let records: Vec<Value> = page.records.iter().map(Record::to_json).collect();
    Ok(Json(json!({ "epoch": epoch, "records": records, "next": page.next, "more": page.more })))
}
