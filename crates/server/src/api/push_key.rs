//! `GET /push`: what the app needs to ask its browser for a push subscription.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::caller::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

pub async fn push_key(State(state): State<AppState>, _: SignedIn) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "publicKey": state.notifier.public_key().await? })))
}
