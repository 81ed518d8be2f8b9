use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use std::cell::Cell;
use std::rc::Rc;
use waymark_core::backend::{NoResponse, Payload, Request, Response};
use web_sys::{AbortController, RequestCache, RequestCredentials, RequestRedirect, ResponseType};

/// Makes a request and reads the response to its end. `abort` takes it back from outside.
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
    read(request, signal.as_ref()).await.map_err(|_| match &signal {
        Some(signal) if signal.aborted() && timed_out.get() => NoResponse::TimedOut,
        Some(signal) if signal.aborted() => NoResponse::Aborted,
        _ => NoResponse::Network,
    })
}

/// The request as the browser is to make it.
pub(super) fn build(
    request: &Request,
    signal: Option<&web_sys::AbortSignal>,
) -> Result<gloo_net::http::Request, gloo_net::Error> {
    let method = match request.method {
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        _ => Method::GET,
    };
    let mut builder = RequestBuilder::new(&request.path)
        .method(method)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        // A network's sign-in page often begins with a redirect; following it would only look like no network.
        .redirect(RequestRedirect::Manual)
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

async fn read(request: &Request, signal: Option<&web_sys::AbortSignal>) -> Result<Response, gloo_net::Error> {
    let response = build(request, signal)?.send().await?;
    if response.type_() == ResponseType::Opaqueredirect {
        return Ok(Response { status: 302, ..Response::default() });
    }
    Ok(Response {
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        retry_after: response.headers().get("retry-after"),
        body: response.binary().await?,
    })
}
