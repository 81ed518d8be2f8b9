//! Core's requests over the server's own small HTTP client.

use std::time::Duration;

use hyper::Method;
use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use url::Url;
use waymark_core::backend::{KEPT_HEADERS, NoResponse, Payload, Request, Response};

use crate::notify::http::{Answer, Call, Failure, Listener};
use crate::notify::reach::Reach;

/// More than any answer to a batch.
const MOST: usize = 8 << 20;
// Without TLS only where the operator's own network is: credentials go with every request.
const REACH: Reach = Reach::Operator;

/// The way to one server.
#[derive(Debug, Clone)]
pub struct Wire {
    pub base: Url,
}

impl Wire {
    /// Sends a request of core's backends.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn ask(&self, request: &Request) -> Result<Response, Failure> {
        self.answer(request).await.map(|answer| as_response(&answer))
    }

    /// The same, with all of the answer's headers.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn answer(&self, request: &Request) -> Result<Answer, Failure> {
        let url = self.url(request)?;
        let limit = Duration::from_millis(request.timeout_ms.into());
        call(&url, request)?.fetch(REACH, limit, MOST).await
    }

    /// Hears the answer piece by piece, until its end, until `heard` has enough or until the request's time is over.
    ///
    /// # Errors
    /// Why there was no answer, or that the time is over.
    pub async fn follow(&self, request: &Request, heard: Listener<'_>) -> Result<(), Failure> {
        let url = self.url(request)?;
        let limit = Duration::from_millis(request.timeout_ms.into());
        call(&url, request)?.follow(REACH, limit, heard).await
    }

    fn url(&self, request: &Request) -> Result<Url, Failure> {
        self.base.join(&request.path).map_err(|_| Failure::NotFound)
    }
}

/// Sends a request whose path is a whole address, and says what came of it as a browser would; of the answer's body no
/// more is read than the request allows.
///
/// # Errors
/// Why there was no answer.
pub async fn reply(request: &Request) -> Result<Response, NoResponse> {
    let url = Url::parse(&request.path).map_err(|_| NoResponse::Network)?;
    let limit = Duration::from_millis(request.timeout_ms.into());
    let call = call(&url, request).map_err(as_browser)?;
    let answer = call.fetch(REACH, limit, request.max_bytes).await;
    answer.map(|answer| as_response(&answer)).map_err(as_browser)
}

fn call<'a>(url: &'a Url, request: &Request) -> Result<Call<'a>, Failure> {
    let named =
        |(name, value): &(&str, String)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value.clone()));
    let headers = request.headers.iter().filter_map(named).collect();
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|_| Failure::BrokenOff)?;
    Ok(Call { method, url, headers, body: request.body.clone().map(Payload::into_bytes) })
}

/// As core reads it.
pub fn as_response(answer: &Answer) -> Response {
    let kept = KEPT_HEADERS.into_iter();
    let kept = kept.filter_map(|name| Some((name, text(&answer.headers, HeaderName::from_static(name))?)));
    Response {
        status: answer.status.as_u16(),
        content_type: text(&answer.headers, CONTENT_TYPE).unwrap_or_default(),
        retry_after: text(&answer.headers, RETRY_AFTER),
        headers: kept.collect(),
        body: answer.body.to_vec(),
    }
}

/// As a browser would tell it.
pub fn as_browser(failure: Failure) -> NoResponse {
    match failure {
        Failure::TimedOut => NoResponse::TimedOut,
        Failure::TooLarge => NoResponse::TooLarge,
        _ => NoResponse::Network,
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
