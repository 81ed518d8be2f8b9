//! Which life the database is in; begins one where there is none.

use serde_json::{Value, json};

use super::{LIFE, json_of};
use crate::backend::access::Access;
use crate::backend::reply::{Fault, usual};
use crate::backend::{NoResponse, Request, Response};
use crate::event::{EventId, Stamp};
use crate::sync::{Epoch, Session};

pub(super) enum Step {
    Ask(Request),
    Known(Epoch),
    Fault(Fault),
}

pub(super) struct Life {
    /// Whoever begins a life, and with which record: no two lives begin alike, and so their revisions differ.
    begun_by: String,
    begun_with: Option<EventId>,
    writing: bool,
    tries: u8,
}

impl Life {
    pub(super) fn new(session: &Session, begun_with: Option<EventId>) -> Self {
        Self { begun_by: session.source().to_string(), begun_with, writing: false, tries: 0 }
    }

    pub(super) fn ask(&mut self, access: &Access) -> Request {
        self.writing = false;
        access.get(&format!("/{LIFE}"))
    }

    fn begin(&mut self, access: &Access, now: Stamp) -> Request {
        self.writing = true;
        let with = self.begun_with.map(|id| id.to_string());
        let document = json!({
            "type": "waymark.life", "begun_by": self.begun_by, "begun_with": with, "begun": now.to_string(),
        });
        Request { method: "PUT", ..access.post(&format!("/{LIFE}"), document.to_string()) }
    }

    pub(super) fn read(&mut self, access: &Access, reply: Result<Response, NoResponse>, now: Stamp) -> Step {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Step::Fault(fault),
        };
        let Some(body) = json_of(&response) else { return Step::Fault(Fault::NotTheBackend) };
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        self.tries += 1;
        match response.status {
            200 if !self.writing => text("_rev").map_or(Step::Fault(Fault::NotTheBackend), known),
            200..=202 if self.writing => text("rev").map_or(Step::Fault(Fault::NotTheBackend), known),
            status @ (404 | 409) if self.tries > 8 => Step::Fault(Fault::Backend(status)),
            404 if !self.writing => Step::Ask(self.begin(access, now)),
            // Another phone began it in the same moment.
            409 if self.writing => Step::Ask(self.ask(access)),
            status if text("error").is_some() => Step::Fault(Fault::Backend(status)),
            _ => Step::Fault(Fault::NotTheBackend),
        }
    }
}

fn known(revision: String) -> Step {
    Step::Known(Epoch(revision))
}
