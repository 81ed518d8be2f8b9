//! What a reply of any backend means before what it says is looked at.

use super::connection::Connection;
use super::reference::{is_page, wait};
use super::{NoResponse, Response};
use crate::event::Stamp;
use crate::sync::{Answer, FeedAnswer, Trouble};

/// A reply that is no answer to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    SignIn,
    /// 413.
    TooLarge,
    /// Milliseconds it asked to be left alone.
    Busy(Option<i64>),
    Backend(u16),
    /// HTML, a redirect, another type, cut off.
    NotTheBackend,
    /// The answer has more bytes than any of the backend's.
    Endless,
    Unreachable,
    TimedOut,
    Aborted,
}

/// The response, if it may be the backend's answer: any status of 2xx, or of 4xx that means something only to the kind of
/// backend that it is.
///
/// # Errors
/// What it means for every backend.
pub(super) fn usual(reply: Result<Response, NoResponse>, now: Stamp) -> Result<Response, Fault> {
    let response = reply.map_err(|none| match none {
        NoResponse::Network => Fault::Unreachable,
        NoResponse::TimedOut => Fault::TimedOut,
        NoResponse::Aborted => Fault::Aborted,
        NoResponse::TooLarge => Fault::Endless,
    })?;
    Err(match response.status {
        // A page that asks for a password as RFC 9110 has it is of the server that was asked; some web servers say it so.
        401 if response.header("www-authenticate").is_some() => Fault::SignIn,
        401 | 403 | 407 if is_page(&response) => Fault::NotTheBackend,
        401 | 403 => Fault::SignIn,
        408 => Fault::TimedOut,
        413 => Fault::TooLarge,
        429 | 503 => Fault::Busy(wait(&response, now)),
        // 511: a network that wants a sign-in of its own (RFC 6585).
        0..=199 | 300..=399 | 407 | 511 => Fault::NotTheBackend,
        500..=599 => Fault::Backend(response.status),
        _ => return Ok(response),
    })
}

impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::SignIn => Self::SignIn,
            Fault::TooLarge => Self::TooLarge(None),
            Fault::Busy(at_least) => Self::Busy(at_least),
            Fault::Backend(status) => Self::Backend(status),
            Fault::NotTheBackend | Fault::Endless => Self::NotTheBackend,
            Fault::Unreachable => Self::Unreachable,
            Fault::TimedOut => Self::TimedOut,
            Fault::Aborted => Self::Aborted,
        }
    }
}

impl From<Fault> for FeedAnswer {
    fn from(fault: Fault) -> Self {
        let failed = |trouble| Self::Failed(trouble, None);
        match fault {
            Fault::SignIn => Self::SignIn,
            Fault::Busy(at_least) => Self::Failed(Trouble::Busy, at_least),
            Fault::Backend(status) => failed(Trouble::Backend(status)),
            Fault::NotTheBackend => failed(Trouble::NotTheBackend),
            Fault::TooLarge | Fault::Endless => failed(Trouble::TooLarge),
            Fault::Unreachable | Fault::Aborted => failed(Trouble::Unreachable),
            Fault::TimedOut => failed(Trouble::TimedOut),
        }
    }
}

impl From<Fault> for Connection {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::SignIn => Self::SignIn,
            Fault::TooLarge => Self::ServerError(413),
            Fault::Busy(_) => Self::ServerError(503),
            Fault::Backend(status) => Self::ServerError(status),
            Fault::NotTheBackend | Fault::Endless => Self::CaptivePortal,
            Fault::Unreachable | Fault::TimedOut | Fault::Aborted => Self::Unreachable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_every_backend_means_by_a_status() {
        let fault = |status, content_type: &str| {
            let response = Response { status, content_type: content_type.into(), ..Response::default() };
            usual(Ok(response), Stamp(0)).map(|response| response.status)
        };
        for status in [200, 201, 202, 204, 207, 400, 404, 405, 409, 412, 417, 422] {
            assert_eq!(fault(status, "text/html"), Ok(status), "its own file decides");
        }
        assert_eq!(fault(401, "application/json"), Err(Fault::SignIn));
        assert_eq!(fault(403, ""), Err(Fault::SignIn));
        for status in [401, 403, 407] {
            assert_eq!(
                fault(status, "text/html; charset=utf-8"),
                Err(Fault::NotTheBackend),
                "a portal's page"
            );
        }
        let asks = Response {
            status: 401,
            content_type: "text/html".into(),
            headers: vec![("www-authenticate", "Basic realm=\"files\"".into())],
            ..Response::default()
        };
        assert_eq!(usual(Ok(asks), Stamp(0)), Err(Fault::SignIn), "as Apache says it");
        for status in [0, 301, 302, 307, 511] {
            assert_eq!(fault(status, ""), Err(Fault::NotTheBackend));
        }
        assert_eq!(fault(413, ""), Err(Fault::TooLarge));
        assert_eq!(fault(429, ""), Err(Fault::Busy(None)));
        assert_eq!(fault(502, "text/html"), Err(Fault::Backend(502)));
        assert_eq!(usual(Err(NoResponse::TooLarge), Stamp(0)), Err(Fault::Endless));
        assert_eq!(usual(Err(NoResponse::Aborted), Stamp(0)), Err(Fault::Aborted));
    }
}
