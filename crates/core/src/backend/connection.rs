//! The connection test: tells apart what a person can do something about.

use super::reference::{BASE, SMALL, json};
use super::{NoResponse, Request, Response};
use crate::event::Stamp;

/// What the connection test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The browser says there is no network.
    Offline,
    /// A network, but the server does not answer.
    Unreachable,
    /// Something else answers in the server's place: sign in to the network first.
    CaptivePortal,
    /// The server answers but does not know this phone.
    SignIn,
    /// The server answers with this error status.
    ServerError(u16),
    Fine {
        took_ms: i64,
        /// Milliseconds to add to this phone's clock to get the server's.
        clockoffset: i64,
    },
}

/// `GET /health`.
pub fn health() -> Request {
    Request {
        method: "GET",
        path: format!("{BASE}/health"),
        headers: vec![("cache-control", "no-store".to_owned())],
        body: None,
        timeout_ms: 15_000,
        max_bytes: SMALL,
    }
}

/// What the health check says, before the credential is tried. `sent` and `now` are this phone's clock.
pub fn read_health(reply: Result<Response, NoResponse>, online: bool, sent: Stamp, now: Stamp) -> Connection {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::TooLarge) => return Connection::CaptivePortal,
        Err(_) if !online => return Connection::Offline,
        Err(_) => return Connection::Unreachable,
    };
    match server_clock(&response) {
        Some(clock) if response.status == 200 => {
            let took_ms = now.ms_since(sent);
            let half_way = sent.plus_ms(took_ms / 2);
            Connection::Fine { took_ms, clockoffset: clock.ms_since(half_way) }
        }
        _ if response.status >= 500 => Connection::ServerError(response.status),
        _ => Connection::CaptivePortal,
    }
}

/// The answer of our own server, and nothing else's.
fn server_clock(response: &Response) -> Option<Stamp> {
    let body = json(response)?;
    (body.get("service")? == "waymark").then_some(())?;
    body.get("now")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(status: u16, content_type: &str, body: &str) -> Connection {
        let response =
            Response { status, content_type: content_type.into(), retry_after: None, body: body.into() };
        read_health(Ok(response), true, Stamp(1_000), Stamp(1_200))
    }

    #[test]
    fn the_cases_a_person_can_act_on_are_told_apart() {
        let fine = r#"{"service":"waymark","now":"1970-01-01T01:00:01.100Z"}"#;
        assert_eq!(
            test(200, "application/json", fine),
            Connection::Fine { took_ms: 200, clockoffset: 3_600_000 }
        );
        assert_eq!(test(200, "text/html", "<html>"), Connection::CaptivePortal);
        assert_eq!(test(204, "", ""), Connection::CaptivePortal);
        assert_eq!(test(502, "text/html", ""), Connection::ServerError(502));
        let endless = Err(NoResponse::TooLarge);
        assert_eq!(read_health(endless, true, Stamp(0), Stamp(0)), Connection::CaptivePortal);
        let no = Err(NoResponse::Network);
        assert_eq!(read_health(no.clone(), false, Stamp(0), Stamp(0)), Connection::Offline);
        assert_eq!(read_health(no, true, Stamp(0), Stamp(0)), Connection::Unreachable);
    }
}
