//! `PUT /device-key`: with which key this device signs what others carry for it. The answer says so under the server's key,
//! so that phones without a network know each other.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use waymark_core::backend::bundles::Certified;
use waymark_core::carry::{Certificate, SigningKey};
use waymark_core::guidance::Key;

use super::body;
use super::caller::SignedIn;
use crate::clock;
use crate::problem::Problem;
use crate::secret::{self, NoRandomness};
use crate::state::AppState;
use crate::storage::{Storage, StorageError};

const MAX_BODY: usize = 1 << 10;
/// The setting under which the server's own secret is kept.
const SECRET: &str = "signing_secret";

#[derive(Deserialize)]
struct Wish {
    key: String,
}

pub async fn device_key(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    body: Body,
) -> Result<Json<Certified>, Problem> {
    let bytes = body::read(body, MAX_BODY, &state.limits).await?;
    let wish: Option<Wish> = serde_json::from_slice(&bytes).ok();
    let key: Key = wish.and_then(|wish| wish.key.parse().ok()).ok_or_else(|| {
        Problem::new(StatusCode::BAD_REQUEST, "not_a_key", "`key` is an Ed25519 public key: 64 hex digits")
    })?;
    let server = server_key(&*state.storage).await?;
    state.storage.set_signing_key(&caller, &key).await?;
    let signer =
        state.storage.signer(&caller.org, &caller.device).await?.ok_or_else(Problem::unauthorized)?;
    let certificate = Certificate {
        org: caller.org,
        device: caller.device,
        user: caller.user,
        name: signer.name,
        role: caller.role,
        areas: caller.areas,
        key,
        issued: clock::now(),
    };
    Ok(Json(Certified { server_key: server.public(), certificate: certificate.sign(&server) }))
}

/// The server's own key: made on first use, then the same for as long as the database lives.
///
/// # Errors
/// The database or the system's randomness fails.
pub async fn server_key(storage: &dyn Storage) -> Result<SigningKey, StorageError> {
    let kept = match storage.setting(SECRET).await? {
        Some(kept) => kept,
        None => storage.first_setting(SECRET, &fresh().map_err(no_randomness)?).await?,
    };
    Ok(SigningKey::from_secret(&kept))
}

fn fresh() -> Result<String, NoRandomness> {
    secret::Token::random().map(secret::Token::into_text)
}

fn no_randomness(error: NoRandomness) -> StorageError {
    StorageError::Database(error.into())
}
