//! `PUT /push`: where this device takes push messages; in place of what it said before.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body;
use super::caller::SignedIn;
use crate::clock;
use crate::notify::push::Receiver;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::PushAddress;

const MAX_BODY: usize = 8 << 10;

#[derive(Deserialize)]
struct Wish {
    endpoint: String,
    p256dh: String,
    auth: String,
}

pub async fn subscribe(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let bytes = body::read(body, MAX_BODY, &state.limits).await?;
    let wish: Wish = serde_json::from_slice(&bytes).map_err(|error| {
        let detail = format!("the body is not a push subscription: {error}");
        Problem::new(StatusCode::BAD_REQUEST, "not_a_subscription", detail)
    })?;
    let Wish { endpoint, p256dh, auth } = wish;
    let address = PushAddress { endpoint, p256dh, auth };
    Receiver::read(&address, state.notifier.allows_local())
        .map_err(|wrong| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong_subscription", wrong))?;
    state.storage.subscribe(&caller, &address, clock::now()).await?;
    Ok(Json(json!({ "subscribed": true })))
}
