//! Webhooks: a CloudEvents batch (or one event at a time) is posted to an address, signed as Standard Webhooks says.
//!
//! The address takes the posts. `secret` of the sign-in signs them, with or without the prefix `whsec_`, after which it is
//! Base64; nothing is signed without one. Options: `mode` is `batch` (the default) or `single`.
//!
//! A receiver that answers with our receipts (docs/SYNC-PROTOCOL.md) is believed by id and digest. Of any other, status 2xx
//! means that it took the request, and no more is ever known. Sources: CloudEvents 1.0, HTTP binding and JSON format;
//! Standard Webhooks 1.0, signature scheme.

use super::access::Access;
use super::connection::{Connection, Judge, Probe};
use super::encode::{base64, from_base64, hex, hmac, sha256};
use super::one_by_one::{OneByOne, Post, Step};
use super::reference::{BATCH_TYPE, is_page, json, refusal};
use super::reply::usual;
use super::{Dialogue, NoResponse, Payload, Request, Response, Talk, Turn};
use crate::event::Stamp;
use crate::json::Json as _;
use crate::sync::{Answer, Destination, Epoch, Outcome, Queued, Receipt, Receipts, Refusal};

const SINGLE_TYPE: &str = "application/cloudevents+json";
/// The longest part of a receiver's own words that is shown.
const WORDS: usize = 200;
/// What every webhook's epoch is: it never says that it began anew.
const EPOCH: &str = "-";

/// Sends `batch`, and answers with receipts: the receiver's own, or that each was taken.
pub fn deliver(destination: &Destination, batch: &[Queued]) -> Talk<Answer> {
    let hook = Hook::new(destination);
    if destination.option("mode") == "single" {
        return Box::new(OneByOne::new(hook, Epoch(EPOCH.into()), batch));
    }
    Box::new(Whole { hook, batch: batch.to_vec() })
}

/// Posts a batch of nothing: whatever a receiver says to that but 401, 403, 404 or 410, it is there.
pub fn probe(destination: &Destination, online: bool, now: Stamp) -> Probe {
    let judge: Judge = |response| match response.status {
        404 | 410 => Err(Connection::NotFound),
        _ if is_website(response) => Err(Connection::CaptivePortal),
        _ => Ok(()),
    };
    let request = Hook::new(destination).post("probe", BATCH_TYPE, "[]".to_owned(), now);
    Probe::new(destination, online, vec![(request, judge)])
}

/// The address and the key.
struct Hook {
    access: Access,
    key: Option<Vec<u8>>,
}

impl Hook {
    fn new(destination: &Destination) -> Self {
        let secret = destination.sign_in.secret.as_str();
        let encoded = secret.strip_prefix("whsec_").and_then(from_base64);
        let key = (!secret.is_empty()).then(|| encoded.unwrap_or_else(|| secret.as_bytes().to_vec()));
        let accept = vec![("accept", "application/json".to_owned())];
        Self { access: Access::anonymous(destination, accept), key }
    }

    /// `id` is the same whenever the same is sent again, so that a receiver can tell.
    fn post(&self, id: &str, content_type: &str, body: String, now: Stamp) -> Request {
        let seconds = now.0.div_euclid(1_000);
        let mut request = self.access.send("POST", "", content_type, Payload::Text(body));
        if let Some(key) = &self.key {
            let signature = sign(key, id, seconds, request.text());
            request.headers.push(("webhook-signature", signature));
        }
        request.headers.push(("webhook-id", id.to_owned()));
        request.headers.push(("webhook-timestamp", seconds.to_string()));
        request
    }
}

fn sign(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    format!("v1,{}", base64(&hmac(key, format!("{id}.{seconds}.{body}").as_bytes())))
}

struct Whole {
    hook: Hook,
    batch: Vec<Queued>,
}

impl Dialogue for Whole {
    type Answer = Answer;

    fn open(&mut self, now: Stamp) -> Turn<Answer> {
        let records: Vec<&str> = self.batch.iter().map(|queued| queued.json.as_str()).collect();
        let body = format!("[{}]", records.join(","));
        let id = format!("batch_{}", hex(&sha256(body.as_bytes())[..16]));
        Turn::Ask(self.hook.post(&id, BATCH_TYPE, body, now))
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Turn::Done(fault.into()),
        };
        if let Some(receipts) = own_receipts(&response) {
            return Turn::Done(Answer::Receipts(receipts));
        }
        Turn::Done(match verdict(&response) {
            Ok(Outcome::Rejected(refusal)) => Answer::BadBatch(refusal),
            Ok(outcome) => {
                let receipts = self.batch.iter().map(|queued| receipt(queued, &outcome)).collect();
                Answer::Receipts(Receipts { epoch: Epoch(EPOCH.into()), received: now, receipts })
            }
            Err(answer) => answer,
        })
    }
}

impl Post for Hook {
    fn begin(&mut self, queued: &Queued, now: Stamp) -> Step {
        Step::Ask(self.post(&queued.entry.id.to_string(), SINGLE_TYPE, queued.json.clone(), now))
    }

    fn read(&mut self, queued: &Queued, reply: Result<Response, NoResponse>, now: Stamp) -> Step {
        let response = match usual(reply, now) {
            Ok(response) => response,
            Err(fault) => return Step::Stop(fault.into()),
        };
        if let Some(receipts) = own_receipts(&response) {
            let (id, digest) = (queued.entry.id.to_string(), queued.entry.digest.to_string());
            let own = receipts.receipts.iter().find(|receipt| receipt.id == id && receipt.digest == digest);
            return Step::Decided(own.and_then(Receipt::outcome).unwrap_or(Outcome::Retry));
        }
        verdict(&response).map_or_else(Step::Stop, Step::Decided)
    }
}

/// The receipt for `queued`, from a backend that gives none itself.
fn receipt(queued: &Queued, outcome: &Outcome) -> Receipt {
    let entry = &queued.entry;
    Receipt::new("", &entry.id.to_string(), &entry.digest.to_string(), outcome, None)
}

fn own_receipts(response: &Response) -> Option<Receipts> {
    if !matches!(response.status, 200..=299 | 422) {
        return None;
    }
    Receipts::from_value(&json(response)?).ok()
}

/// What a receiver that speaks no receipts says to what it was sent.
fn verdict(response: &Response) -> Result<Outcome, Answer> {
    match response.status {
        _ if is_website(response) => Err(Answer::NotTheBackend),
        200..=299 => Ok(Outcome::Accepted),
        400 | 409 | 415 | 422 => Ok(Outcome::Rejected(refusal(response).unwrap_or_else(|| words(response)))),
        status => Err(Answer::Backend(status)),
    }
}

/// A page for people, whatever it says it is.
fn is_website(response: &Response) -> bool {
    is_page(response) || response.body.trim_ascii_start().starts_with(b"<")
}

fn words(response: &Response) -> Refusal {
    let text: String = String::from_utf8_lossy(&response.body).chars().take(WORDS).collect();
    Refusal { code: format!("http_{}", response.status), detail: text.trim().to_owned() }
}

#[cfg(test)]
mod tests;
