//! Requests to a backend that is not ours: its address and how a phone shows who it is.

use super::encode::base64;
use super::reference::{BATCH_MS_PER_KB, QUICK_MS, SMALL};
use super::{Payload, Request};
use crate::sync::{Destination, SignIn};

/// Where a backend is, and what every request to it says.
#[derive(Debug, Clone)]
pub(super) struct Access {
    address: String,
    headers: Vec<(&'static str, String)>,
}

impl Access {
    /// HTTP Basic (RFC 7617) where there is a user, a bearer token (RFC 6750) where there is only a secret.
    pub(super) fn new(destination: &Destination) -> Self {
        let SignIn { user, secret, .. } = &destination.sign_in;
        let mut headers = vec![("accept", "application/json".to_owned())];
        if !user.is_empty() {
            headers
                .push(("authorization", format!("Basic {}", base64(format!("{user}:{secret}").as_bytes()))));
        } else if !secret.is_empty() {
            headers.push(("authorization", format!("Bearer {secret}")));
        }
        Self::anonymous(destination, headers)
    }

    /// With these headers and no sign-in.
    pub(super) fn anonymous(destination: &Destination, headers: Vec<(&'static str, String)>) -> Self {
        Self { address: destination.address.trim_end_matches('/').to_owned(), headers }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(there, _)| *there != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// A request without a body; `path` begins with a slash or a question mark, or is empty.
    pub(super) fn ask(&self, method: &'static str, path: &str) -> Request {
        Request {
            method,
            path: format!("{}{path}", self.address),
            headers: self.headers.clone(),
            body: None,
            timeout_ms: QUICK_MS * 2,
            max_bytes: SMALL,
            no_cors: false,
        }
    }

    pub(super) fn get(&self, path: &str) -> Request {
        self.ask("GET", path)
    }

    /// A request with a body, and the time for it over a link of about 40 kbit/s.
    pub(super) fn send(
        &self,
        method: &'static str,
        path: &str,
        content_type: &str,
        body: Payload,
    ) -> Request {
        let bytes = match &body {
            Payload::Text(text) => text.len(),
            Payload::Bytes(bytes) => bytes.len(),
        };
        let mut request = self.ask(method, path);
        request.headers.push(("content-type", content_type.to_owned()));
        request.body = Some(body);
        request.timeout_ms += u32::try_from(bytes / 1024).unwrap_or(1 << 16) * BATCH_MS_PER_KB;
        request
    }

    pub(super) fn post(&self, path: &str, json: String) -> Request {
        self.send("POST", path, "application/json", Payload::Text(json))
    }
}

/// Whether anything answers there at all, asked so that a browser lets it through whatever the server allows pages.
pub(super) fn knock(destination: &Destination) -> Request {
    Request { no_cors: true, ..Access::anonymous(destination, vec![]).get("") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::BackendKind;

    fn headers(user: &str, secret: &str) -> Vec<(&'static str, String)> {
        let destination = Destination {
            kind: BackendKind::CouchDb,
            name: String::new(),
            address: "https://example.org/db/".into(),
            sign_in: SignIn { user: user.into(), secret: secret.into(), key: String::new() },
            options: std::collections::BTreeMap::default(),
            must: false,
        };
        let request = Access::new(&destination).get("/_changes");
        assert_eq!(request.path, "https://example.org/db/_changes");
        request.headers
    }

    #[test]
    fn a_user_signs_in_by_name_and_a_token_by_itself() {
        // The example of RFC 7617, section 2.
        let basic = ("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==".to_owned());
        assert!(headers("Aladdin", "open sesame").contains(&basic));
        assert!(headers("", "t0ken").contains(&("authorization", "Bearer t0ken".to_owned())));
        assert!(!headers("", "").iter().any(|(name, _)| *name == "authorization"));
    }
}
