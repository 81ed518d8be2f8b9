//! Core's requests over the server's own small HTTP client.

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use url::Url;
use waymark_core::backend::{NoResponse, Payload, Request, Response};

use crate::notify::http::{Call, Failure};
use crate::notify::reach::Reach;

/// More than any answer to a batch.
const MOST: usize = 8 << 20;

/// The way to one server.
#[derive(Debug, Clone)]
pub struct Wire {
    pub base: Url,
}

impl Wire {
    /// Sends a request of core's reference backend.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn ask(&self, request: &Request) -> Result<Response, Failure> {
        let url = self.base.join(&request.path).map_err(|_| Failure::NotFound)?;
        let named = |(name, value): &(&str, String)| {
            Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value.clone()))
        };
        let headers = request.headers.iter().filter_map(named).collect();
        let body = request.body.clone().map(Payload::into_bytes);
        let limit = Duration::from_millis(request.timeout_ms.into());
        // Without TLS only where the operator's own network is: credentials go with every request.
        let answer = Call { url: &url, headers, body }.fetch(Reach::Operator, limit, MOST).await?;
        Ok(Response {
            status: answer.status.as_u16(),
            content_type: text(&answer.headers, CONTENT_TYPE).unwrap_or_default(),
            retry_after: text(&answer.headers, RETRY_AFTER),
            body: answer.body.to_vec(),
        })
    }
}

/// As a browser would tell it.
pub fn as_browser(failure: Failure) -> NoResponse {
    match failure {
        Failure::TimedOut => NoResponse::TimedOut,
        _ => NoResponse::Network,
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}
