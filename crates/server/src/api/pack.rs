//! `GET /pack`: the standards pack that the organisation has published last, as it was signed.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use waymark_core::backend::packs::etag;

use super::caller::SignedIn;
use crate::clock;
use crate::problem::Problem;
use crate::state::AppState;

#[derive(Debug, Deserialize)]
pub struct Asking {
    /// The version that the phone has; 0 for none.
    have: Option<u32>,
}

/// Whoever keeps it asks again whether it is still the latest.
const KEPT: (HeaderName, &str) = (CACHE_CONTROL, "private, no-cache");

pub async fn pack(
    State(state): State<AppState>,
    SignedIn { caller, .. }: SignedIn,
    asking: Result<Query<Asking>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(asking) =
        asking.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "wrong_query", error.body_text()))?;
    if let Some(have) = asking.have {
        state.storage.carry(&caller, have, clock::now()).await?;
    }
    let Some(latest) = state.storage.pack(&caller.org).await? else {
        return Ok((StatusCode::NO_CONTENT, [KEPT]).into_response());
    };
    let tag = etag(latest.signed.as_bytes());
    if seen(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [KEPT], [(ETAG, tag)]).into_response());
    }
    Ok(([KEPT, (CONTENT_TYPE, "application/json")], [(ETAG, tag)], latest.signed).into_response())
}

/// Whether the phone shows the tag. A proxy that compresses makes it a weak one.
fn seen(headers: &HeaderMap, tag: &str) -> bool {
    let shown = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = shown.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|own| own == "*" || own.strip_prefix("W/").unwrap_or(own) == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_however_it_is_shown() {
        let shows = |text: &'static str| {
            let headers = [(IF_NONE_MATCH, axum::http::HeaderValue::from_static(text))];
            seen(&headers.into_iter().collect(), "\"ab\"")
        };
        assert!(shows("\"ab\"") && shows("W/\"ab\"") && shows("\"cd\", \"ab\"") && shows("*"));
        assert!(!shows("\"cd\"") && !shows("ab") && !shows(""));
        assert!(!seen(&HeaderMap::new(), "\"ab\""));
    }
}
