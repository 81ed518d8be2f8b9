//! `GET /ready`: whether records can be taken in just now: for whoever decides where requests go.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::problem::Problem;
use crate::state::AppState;

pub async fn ready(State(state): State<AppState>) -> Result<Json<Value>, Problem> {
    match state.readiness.ask(&state).await {
        Ok(()) => Ok(Json(json!({ "ready": true }))),
        Err(why) => {
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", why.to_string());
            Err(problem.retry_after(10))
        }
    }
}
