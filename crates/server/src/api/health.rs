//! `GET /health`: whether this is Waymark, which life of its database, and what time it is there.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::clock;
use crate::problem::Problem;
use crate::state::AppState;

pub async fn health(State(state): State<AppState>) -> Result<Json<Value>, Problem> {
    let epoch = state.storage.epoch().await?;
    Ok(Json(json!({
        "service": "waymark",
        "version": env!("CARGO_PKG_VERSION"),
        "epoch": epoch,
        "now": clock::now(),
    })))
}
