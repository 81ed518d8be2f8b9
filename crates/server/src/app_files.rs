//! The app's files, as the build left them: hashed names for ever, all others asked for anew.

use std::path::Path;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, VARY};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

/// Nothing but our own code runs. It asks others only where a person has set up a backend of their own; which one that is,
/// only the phone knows.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self' https: http://localhost:* http://127.0.0.1:*; manifest-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// The camera reads QR codes off another phone's screen, and nothing else.
const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(self), display-capture=(), \
    encrypted-media=(), fullscreen=(), geolocation=(self), gyroscope=(), hid=(), idle-detection=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
    publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";
const FOREVER: &str = "public, max-age=31536000, immutable";
const HASH_DIGITS: usize = 16;

/// Headers of every answer that is not the API's.
const HEADERS: [(&str, &str); 6] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", PERMISSIONS_POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// Serves the folder `dist`; without one, every address is unknown.
pub fn router(dist: Option<&Path>) -> Router {
    let Some(dist) = dist else {
        return Router::new().fallback(async || not_found()).layer(from_fn(with_headers));
    };
    let files =
        ServeDir::new(dist).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    let index = ServeFile::new(dist.join("index.html")).precompressed_br().precompressed_gzip();
    let serve = async move |request: Request| {
        let found = if is_screen(request.uri().path()) {
            index.oneshot(request).await
        } else {
            files.oneshot(request).await
        };
        let Ok(response) = found;
        match response.status() {
            StatusCode::NOT_FOUND => not_found(),
            _ => response.map(axum::body::Body::new),
        }
    };
    Router::new().fallback(serve).layer(from_fn(with_headers))
}

/// An address that the app itself resolves: its last part does not look like a file.
fn is_screen(path: &str) -> bool {
    !path.rsplit('/').next().unwrap_or_default().contains('.')
}

fn not_found() -> Response {
    (StatusCode::NOT_FOUND, [(CONTENT_TYPE, "text/plain; charset=utf-8")], "Not found\n").into_response()
}

async fn with_headers(request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let lasting = is_read && hashed && (response.status().is_success() || response.status() == 304);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(if lasting { FOREVER } else { "no-cache" }));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Whether the name says the content: `app-0123456789abcdef.js`, `app-0123456789abcdef_bg.wasm`.
fn is_hashed(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let Some((stem, _)) = file.split_once('.') else {
        return false;
    };
    stem.split('-').skip(1).any(|part| {
        let digits = part.bytes().take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')).count();
        digits >= HASH_DIGITS && part[digits..].bytes().next().is_none_or(|byte| byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_say_their_content_last() {
        for name in [
            "/assets/app-0123456789abcdef.js",
            "/a-b-0123456789abcdef0123.css",
            "/x-0123456789abcdef_bg.wasm",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in
            ["/", "/sw.js", "/index.html", "/icon-192.png", "/a-0123456789ABCDEF.js", "/0123456789abcdef.js"]
        {
            assert!(!is_hashed(name), "{name}");
        }
    }

    #[test]
    fn screens_are_told_from_files() {
        assert!(is_screen("/") && is_screen("/enrol") && is_screen("/records/01.2/more"));
        assert!(!is_screen("/gone.js") && !is_screen("/a/b.wasm"));
    }
}
