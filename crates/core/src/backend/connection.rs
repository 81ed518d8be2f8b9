//! The connection test: tells apart what a person can do something about.

use super::access::knock;
use super::reference::{BASE, SMALL, json};
use super::reply::usual;
use super::{Dialogue, NoResponse, Request, Response, Turn};
use crate::event::Stamp;
use crate::sync::Destination;

/// What the connection test found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The browser says there is no network.
    Offline,
    /// A network, but the server does not answer.
    Unreachable,
    /// Something else answers in the server's place: sign in to the network first.
    CaptivePortal,
    /// Something answers there, but the browser keeps it from this page: the server does not allow other sites (CORS).
    Cors,
    /// The server answers but does not know this phone.
    SignIn,
    /// The server answers, but what is to be written to is not there: no such database, table, folder or bucket.
    NotFound,
    /// What is to be written to is there and is not made for our records: columns, a view or forms are missing.
    Schema,
    /// The server answers with this error status.
    ServerError(u16),
    Fine {
        took_ms: i64,
        /// Milliseconds to add to this phone's clock to get the server's.
        /// `None` where the backend does not tell its time.
        clockoffset: Option<i64>,
    },
}

impl Connection {
    /// The word in settings, tests and reports of faults.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::Unreachable => "unreachable",
            Self::CaptivePortal => "captive_portal",
            Self::Cors => "cors",
            Self::SignIn => "sign_in",
            Self::NotFound => "not_found",
            Self::Schema => "schema",
            Self::ServerError(_) => "server_error",
            Self::Fine { .. } => "fine",
        }
    }
}

/// What a response to one question of a [`Probe`] says against the connection.
pub(super) type Judge = fn(&Response) -> Result<(), Connection>;

/// The connection test of a backend that is not ours: asks what changes nothing, one question after the other.
#[derive(Debug)]
pub struct Probe {
    questions: std::vec::IntoIter<(Request, Judge)>,
    judge: Option<Judge>,
    knock: Request,
    knocked: bool,
    online: bool,
    sent: Stamp,
    took_ms: Option<i64>,
}

impl Probe {
    /// `online` is what the browser says of the network.
    pub(super) fn new(destination: &Destination, online: bool, questions: Vec<(Request, Judge)>) -> Self {
        Self {
            questions: questions.into_iter(),
            judge: None,
            knock: knock(destination),
            knocked: false,
            online,
            sent: Stamp::default(),
            took_ms: None,
        }
    }

    fn next(&mut self, now: Stamp) -> Turn<Connection> {
        self.sent = now;
        match self.questions.next() {
            Some((request, judge)) => {
                self.judge = Some(judge);
                Turn::Ask(request)
            }
            None => {
                Turn::Done(Connection::Fine { took_ms: self.took_ms.unwrap_or_default(), clockoffset: None })
            }
        }
    }

    /// In a page, what a server does not allow other sites looks like no network.
    fn knocked(&self, reply: &Result<Response, NoResponse>) -> Connection {
        match reply {
            Ok(_) | Err(NoResponse::TooLarge) => Connection::Cors,
            Err(_) if !self.online => Connection::Offline,
            Err(_) => Connection::Unreachable,
        }
    }
}

impl Dialogue for Probe {
    type Answer = Connection;

    fn open(&mut self, now: Stamp) -> Turn<Connection> {
        self.next(now)
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Connection> {
        if self.knocked {
            return Turn::Done(self.knocked(&reply));
        }
        if reply == Err(NoResponse::Network) {
            self.knocked = true;
            return Turn::Ask(self.knock.clone());
        }
        self.took_ms.get_or_insert(now.ms_since(self.sent));
        let judged = match usual(reply, now) {
            Ok(response) => self.judge.map_or(Ok(()), |judge| judge(&response)),
            Err(fault) => Err(fault.into()),
        };
        judged.map_or_else(Turn::Done, |()| self.next(now))
    }
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
        no_cors: false,
    }
}

/// What the health check says, before the credential is tried: after `took_ms` milliseconds, at `now` of this phone's clock.
pub fn read_health(
    reply: Result<Response, NoResponse>,
    online: bool,
    took_ms: i64,
    now: Stamp,
) -> Connection {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::TooLarge) => return Connection::CaptivePortal,
        Err(_) if !online => return Connection::Offline,
        Err(_) => return Connection::Unreachable,
    };
    match server_clock(&response) {
        Some(clock) if response.status == 200 => {
            let half_way = now.plus_ms(-took_ms / 2);
            Connection::Fine { took_ms, clockoffset: Some(clock.ms_since(half_way)) }
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
            Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() };
        read_health(Ok(response), true, 200, Stamp(1_200))
    }

    #[test]
    fn the_cases_a_person_can_act_on_are_told_apart() {
        let fine = r#"{"service":"waymark","now":"1970-01-01T01:00:01.100Z"}"#;
        assert_eq!(
            test(200, "application/json", fine),
            Connection::Fine { took_ms: 200, clockoffset: Some(3_600_000) }
        );
        assert_eq!(test(200, "text/html", "<html>"), Connection::CaptivePortal);
        assert_eq!(test(204, "", ""), Connection::CaptivePortal);
        assert_eq!(test(502, "text/html", ""), Connection::ServerError(502));
        let endless = Err(NoResponse::TooLarge);
        assert_eq!(read_health(endless, true, 0, Stamp(0)), Connection::CaptivePortal);
        let no = Err(NoResponse::Network);
        assert_eq!(read_health(no.clone(), false, 0, Stamp(0)), Connection::Offline);
        assert_eq!(read_health(no, true, 0, Stamp(0)), Connection::Unreachable);
    }
}
