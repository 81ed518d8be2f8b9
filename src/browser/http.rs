use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use std::cell::Cell;
use std::rc::Rc;
use waymark_core::backend::{KEPT_HEADERS, NoResponse, Payload, Request, Response};
use web_sys::{
    AbortController, RequestCache, RequestCredentials, RequestMode, RequestRedirect, ResponseType,
};

use super::body;

/// Makes a request and reads the response to its end, or to the most that the request allows. `abort` takes it back from
/// outside.
///
/// # Errors
/// Why there is no response.
pub async fn fetch(request: &Request, abort: Option<&AbortController>) -> Result<Response, NoResponse> {
    let own = AbortController::new().ok();
    let controller = abort.or(own.as_ref());
    let timed_out = Rc::new(Cell::new(false));
    let _timer = controller.cloned().map(|controller| {
        let timed_out = Rc::clone(&timed_out);
        Timeout::new(request.timeout_ms, move || {
            timed_out.set(true);
            controller.abort();
        })
    });
    let signal = controller.map(AbortController::signal);
    read(request, signal.as_ref()).await.map_err(|none| match (none, controller) {
        (NoResponse::TooLarge, controller) => {
            // Whatever still comes would cost the phone its data all the same.
            if let Some(controller) = controller {
                controller.abort();
            }
            NoResponse::TooLarge
        }
        (_, Some(controller)) if controller.signal().aborted() && timed_out.get() => NoResponse::TimedOut,
        (_, Some(controller)) if controller.signal().aborted() => NoResponse::Aborted,
        _ => NoResponse::Network,
    })
}

/// The request as the browser is to make it.
pub(super) fn build(
    request: &Request,
    signal: Option<&web_sys::AbortSignal>,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = Method::from_bytes(request.method.as_bytes()).unwrap_or_default();
    let mode = if request.no_cors { RequestMode::NoCors } else { RequestMode::Cors };
    // A network's sign-in page often begins with a redirect; following it would only look like no network. Without CORS the
    // Fetch standard allows nothing else, and nothing of the answer is seen.
    let redirect = if request.no_cors { RequestRedirect::Follow } else { RequestRedirect::Manual };
    let mut builder = RequestBuilder::new(&request.path)
        .method(method)
        .mode(mode)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .redirect(redirect)
        .abort_signal(signal);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    match &request.body {
        Some(Payload::Text(text)) => builder.body(text.as_str()),
        Some(Payload::Bytes(bytes)) => builder.body(Uint8Array::from(bytes.as_slice())),
        None => builder.build(),
    }
}

async fn read(request: &Request, signal: Option<&web_sys::AbortSignal>) -> Result<Response, NoResponse> {
    let built = build(request, signal).map_err(|_| NoResponse::Network)?;
    let response = built.send().await.map_err(|_| NoResponse::Network)?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Ok(Response { status: 302, ..Response::default() });
    }
    // What a server that does not allow this page answers to a question that it cannot refuse.
    if response.type_() == ResponseType::Opaque {
        return Ok(Response::default());
    }
    let kept = |name: &'static str| response.headers().get(name).map(|value| (name, value));
    Ok(Response {
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        retry_after: response.headers().get("retry-after"),
        headers: KEPT_HEADERS.into_iter().filter_map(kept).collect(),
        body: body::whole(&response, request.max_bytes).await?,
    })
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    async fn fetched(bytes: usize, max_bytes: usize) -> Result<usize, NoResponse> {
        let path = format!("data:text/plain,{}", "x".repeat(bytes));
        let request = Request {
            method: "GET",
            path,
            headers: vec![],
            body: None,
            timeout_ms: 10_000,
            max_bytes,
            no_cors: false,
        };
        fetch(&request, None).await.map(|response| response.body.len())
    }

    #[wasm_bindgen_test]
    async fn no_more_is_read_than_the_request_allows() {
        assert_eq!(fetched(100_000, 100_000).await, Ok(100_000));
        assert_eq!(fetched(100_001, 100_000).await, Err(NoResponse::TooLarge));
        assert_eq!(fetched(0, 0).await, Ok(0));
        assert_eq!(fetched(1, 0).await, Err(NoResponse::TooLarge));
    }
}
