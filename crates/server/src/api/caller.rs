//! Who is asking: the device behind a bearer credential.

use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::clock;
use crate::log::Who;
use crate::problem::Problem;
use crate::secret::{SecretHash, Token};
use crate::state::AppState;
use crate::storage::Caller;

/// A caller whose credential is good, and who does not ask too often.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub caller: Caller,
    /// To ask again later whether the credential is still good.
    pub token: SecretHash,
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let caller = state.storage.caller(&token, clock::now()).await?.ok_or_else(Problem::unauthorized)?;
        if let Some(who) = parts.extensions.get::<Who>() {
            who.is(&caller);
        }
        let key = (caller.org.clone(), caller.device.clone());
        state.device_limiter.take(key, Instant::now()).map_err(|wait| Problem::too_many(wait.seconds()))?;
        Ok(Self { caller, token })
    }
}

/// The hash of the credential a request shows, if it shows one.
pub fn bearer(headers: &HeaderMap) -> Option<SecretHash> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Token::hash_of(token.trim()))
}
