//! A request and what came back, to be compared with what should have.

use std::time::Duration;

use hyper::header::CONTENT_TYPE;
use serde_json::Value;
use waymark_core::backend::reference::{self, PROBLEM_TYPE};
use waymark_core::backend::{Payload, Request};
use waymark_core::sync::{self, Outcome as Done, Receipts};

use super::check::{Miss, Outcome};
use crate::clock;
use crate::notify::http::{Answer, Failure};
use crate::remote::as_response;

/// How many letters of a body a report shows.
const SHOWN: usize = 400;

/// A request that was made, in words, and its answer.
#[derive(Debug)]
pub struct Exchange {
    sent: String,
    secret: bool,
    came: Result<Answer, Failure>,
}

impl Exchange {
    pub fn new(request: &Request, came: Result<Answer, Failure>) -> Self {
        Self { sent: in_words(request), secret: is_secret(request), came }
    }

    /// A fault of this answer.
    pub fn miss(&self, expected: impl Into<String>) -> Miss {
        let came = match &self.came {
            Ok(answer) => said(answer, self.secret),
            Err(failure) => failure.to_string(),
        };
        Miss::failed(&self.sent, expected, came)
    }

    pub fn expect(&self, holds: bool, expected: impl Into<String>) -> Outcome {
        if holds { Ok(()) } else { Err(self.miss(expected)) }
    }

    /// The answer, of one of these statuses.
    pub fn answer(&self, statuses: &[u16]) -> Result<&Answer, Miss> {
        match &self.came {
            Ok(answer) if statuses.contains(&answer.status.as_u16()) => Ok(answer),
            _ => Err(self.miss(any_of(statuses))),
        }
    }

    pub fn status(&self) -> Option<u16> {
        self.came.as_ref().ok().map(|answer| answer.status.as_u16())
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.came.as_ref().ok().and_then(|answer| answer.headers.get(name));
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// How long the backend asks to wait, if it does.
    pub fn wait(&self) -> Option<Duration> {
        let response = as_response(self.came.as_ref().ok()?);
        match reference::read_send(Ok(response), clock::now()) {
            sync::Answer::Busy(Some(ms)) => Some(Duration::from_millis(ms.try_into().ok()?)),
            _ => None,
        }
    }

    /// The body of an answer of one of these statuses, as JSON that says it is.
    pub fn json(&self, statuses: &[u16]) -> Result<Value, Miss> {
        self.body_of(statuses, "application/json")
    }

    /// The body of an error of one of these statuses, as problem details with words and a code.
    pub fn problem(&self, statuses: &[u16]) -> Result<Value, Miss> {
        let problem = self.body_of(statuses, PROBLEM_TYPE)?;
        for member in ["title", "detail", "code"] {
            let there = problem[member].as_str().is_some_and(|text| !text.is_empty());
            self.expect(there, format!("{} with a `{member}`", any_of(statuses)))?;
        }
        Ok(problem)
    }

    fn body_of(&self, statuses: &[u16], media_type: &str) -> Result<Value, Miss> {
        let answer = self.answer(statuses)?;
        let own = self.header("content-type").split(';').next().unwrap_or_default().trim();
        let expected = || format!("{} as {media_type}", any_of(statuses));
        self.expect(own == media_type, expected())?;
        serde_json::from_slice(&answer.body).map_err(|_| self.miss(expected()))
    }

    /// As a phone reads an answer to a batch.
    pub fn receipts(&self) -> Result<Receipts, Miss> {
        let answer = self.answer(&[200, 422])?;
        match reference::read_send(Ok(as_response(answer)), clock::now()) {
            sync::Answer::Receipts(receipts) => Ok(receipts),
            _ => Err(self.miss("receipts: `epoch`, `received` and one of `receipts` for each record")),
        }
    }

    /// The receipts, whose outcomes are to be these.
    pub fn outcomes(&self, expected: &[&str]) -> Result<Receipts, Miss> {
        let receipts = self.receipts()?;
        let same =
            receipts.receipts.iter().map(|receipt| receipt.outcome.as_str()).eq(expected.iter().copied());
        self.expect(same, format!("the outcomes {expected:?}"))?;
        for receipt in &receipts.receipts {
            if let Some(Done::Rejected(refusal)) = receipt.outcome() {
                let words = receipt.code.is_some() && !refusal.code.is_empty() && !refusal.detail.is_empty();
                self.expect(words, "`code` and `detail` on what is rejected")?;
            }
        }
        Ok(receipts)
    }
}

fn any_of(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
}

fn in_words(request: &Request) -> String {
    let shown = request.headers.iter().filter(|(name, _)| *name != "authorization");
    let headers: Vec<_> = shown.map(|(name, value)| format!(" · {name}: {value}")).collect();
    let headers = headers.concat();
    let body = match &request.body {
        None => String::new(),
        Some(_) if is_secret(request) => " · a code and a key".to_owned(),
        Some(Payload::Text(text)) => format!(" · {}", shortened(text)),
        Some(Payload::Bytes(bytes)) => format!(" · {} bytes", bytes.len()),
    };
    format!("{} {}{headers}{body}", request.method, request.path)
}

/// Reports are passed around: codes and credentials do not belong there.
fn is_secret(request: &Request) -> bool {
    request.path.ends_with("/enrol")
}

fn said(answer: &Answer, secret: bool) -> String {
    let media_type =
        answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("no type");
    let body = match std::str::from_utf8(&answer.body) {
        Ok(text) if secret && answer.status.is_success() => {
            format!("{} bytes, with a credential", text.len())
        }
        Ok(text) => shortened(text),
        Err(_) => format!("{} bytes", answer.body.len()),
    };
    format!("{} {media_type} · {body}", answer.status.as_u16())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}
