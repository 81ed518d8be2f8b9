//! `DELETE /push`: this device takes no push messages any more.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::caller::SignedIn;
use crate::problem::Problem;
use crate::state::AppState;

pub async fn unsubscribe(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
) -> Result<Json<Value>, Problem> {
    state.storage.unsubscribe(&caller.org, &caller.device, None).await?;
    Ok(Json(json!({ "subscribed": false })))
}
