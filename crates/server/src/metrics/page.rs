//! The page that Prometheus reads, at an address of its own.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE as TEXT;
use waymark_core::event::DeviceId;

use super::Metrics;
use crate::log::OTHER_PATH;
use crate::problem::Problem;
use crate::state::AppState;
use crate::storage::StorageError;

/// `GET /metrics`, and nothing else.
pub fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(page)).with_state(state)
}

async fn page(State(state): State<AppState>) -> Result<impl IntoResponse, Problem> {
    look_up(&state).await?;
    Ok(([(CONTENT_TYPE, TEXT)], state.metrics.text()))
}

/// Counts every request that comes to the other address.
pub async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = word(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = path.as_ref().map_or(OTHER_PATH, MatchedPath::as_str);
    metrics.answered(method, route, response.status().as_u16(), begun.elapsed());
    response
}

/// Whoever asks may make up methods.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

async fn look_up(state: &AppState) -> Result<(), StorageError> {
    let (storage, sizes) = (&state.storage, &state.metrics.sizes);
    let gauge = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    sizes.database.set(gauge(storage.bytes().await?));
    sizes.free.set(gauge(state.blobs.free().unwrap_or_default()));
    let devices = storage.devices().await?;
    let (mut versions, mut latest, mut older, mut none) = (0, 0, 0, 0);
    for org in storage.orgs().await? {
        let published = storage.packs(&org.slug).await?;
        let Some(newest) = published.first() else { continue };
        versions += published.len() as u64;
        let own = devices.iter().filter(|device| device.org == org.slug && device.revoked.is_none());
        let own: BTreeSet<&DeviceId> = own.map(|device| &device.id).collect();
        let carried = storage.carried(&org.slug).await?;
        let (mut has, mut behind) = (0, 0);
        for carried in carried.iter().filter(|carried| own.contains(&carried.device)) {
            match carried.version {
                0 => {}
                version if version >= newest.version => has += 1,
                _ => behind += 1,
            }
        }
        latest += has;
        older += behind;
        none += own.len() as u64 - has - behind;
    }
    sizes.pack_versions.set(gauge(versions));
    for (word, count) in [("latest", latest), ("older", older), ("none", none)] {
        sizes.pack_devices.get_or_create(&[("has", word.into())]).set(gauge(count));
    }
    Ok(())
}
