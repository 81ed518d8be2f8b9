//! `GET /openapi.json`: this interface, described. Kept by hand in `openapi.json`; the tests compare every answer
//! they get with it.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// The document, in version 3.1 of the format.
pub const DOCUMENT: &str = include_str!("../../openapi.json");

pub async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT)
}
