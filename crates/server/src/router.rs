//! Which address is answered by what, and what all answers have in common.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, HeaderName};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse as _;
use axum::routing::{any, get, post, put};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use waymark_core::backend::reference::BASE;

use crate::api;
use crate::api::put_blob::put_blob;
use crate::api::subscribe::subscribe;
use crate::api::unsubscribe::unsubscribe;
use crate::app_files;
use crate::log;
use crate::metrics;
use crate::problem::Problem;
use crate::state::AppState;

/// Everything the server answers. `dist` is the built app's folder.
pub fn router(state: AppState, dist: Option<&Path>) -> Router {
    // The path itself, with a slash, and whatever is below it: a wildcard takes at least one letter.
    let unknown = || any(async || Problem::unknown_path());
    let metrics = state.metrics.clone();
    app_files::router(dist)
        .nest(BASE, api(state))
        .route("/api", unknown())
        .route("/api/", unknown())
        .route("/api/{*rest}", unknown())
        .layer(CatchPanicLayer::custom(|_| Problem::internal().into_response()))
        .layer(from_fn(log::log))
        .layer(from_fn_with_state(metrics, metrics::count))
}

fn api(state: AppState) -> Router {
    let request_time = state.limits.request;
    let timed = move |request: Request, next: axum::middleware::Next| async move {
        match tokio::time::timeout(request_time, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::timed_out().into_response(),
        }
    };
    let header =
        |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    Router::new()
        .route("/records", post(api::records::records))
        .route("/bundles", post(api::bundles::bundles).layer(CompressionLayer::new()))
        .route("/device-key", put(api::device_key::device_key))
        .route("/feed", get(api::feed::feed).layer(CompressionLayer::new()))
        .route("/directory", get(api::directory::directory).layer(CompressionLayer::new()))
        .route("/enrol", post(api::enrol::enrol))
        .route(
            "/standards",
            get(api::standards::standards)
                .post(api::publish_standards::publish_standards)
                .layer(CompressionLayer::new()),
        )
        .route(
            "/standards/changes",
            get(api::standards_changes::standards_changes).layer(CompressionLayer::new()),
        )
        .route("/push", get(api::push_key::push_key).put(subscribe).delete(unsubscribe))
        .route("/health", get(api::health::health))
        .route("/ready", get(api::ready::ready))
        .route("/openapi.json", get(api::openapi::openapi))
        // The answer of a stream begins at once; what follows is not timed.
        .route("/stream", get(api::stream::stream))
        .route("/pack/files", post(api::pack_files::pack_files).layer(CompressionLayer::new()))
        .layer(header(CACHE_CONTROL, "no-store"))
        // These say themselves how long they last.
        .route("/pack", get(api::pack::pack).layer(CompressionLayer::new()))
        .route("/pack/files/{sha256}", get(api::pack_file::pack_file).layer(CompressionLayer::new()))
        .route("/blobs/{sha256}", get(api::blob::blob).put(put_blob))
        .fallback(async || Problem::unknown_path())
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .layer(from_fn(timed))
        .layer(header(HeaderName::from_static("x-content-type-options"), "nosniff"))
        .with_state(state)
}
