//! Plays a dialogue against answers that a test thinks up.

use serde_json::Value;

use super::{Dialogue, NoResponse, Request, Response, Turn};
use crate::event::{Event, Stamp};
use crate::rules::Role;
use crate::sync::{Answer, BackendKind, Destination, Entry, Outcome, Queued, Receipts, Session, SignIn};
use crate::testing::build;

pub(super) const NOW: Stamp = build::MORNING;

/// Drives `dialogue` to its end; each request is answered by `answer`, and all are kept.
pub(super) fn play<A>(
    dialogue: &mut dyn Dialogue<Answer = A>,
    mut answer: impl FnMut(&Request) -> Result<Response, NoResponse>,
) -> (A, Vec<Request>) {
    let mut asked = vec![];
    let mut turn = dialogue.open(NOW);
    loop {
        match turn {
            Turn::Done(end) => return (end, asked),
            Turn::Ask(request) => {
                assert!(asked.len() < 400, "it goes on for ever");
                let reply = answer(&request);
                asked.push(request);
                turn = dialogue.reply(reply, NOW);
            }
        }
    }
}

pub(super) fn destination(kind: BackendKind) -> Destination {
    Destination {
        kind,
        name: "Test".into(),
        address: "https://backend.example/base".into(),
        sign_in: SignIn { user: "u".into(), secret: "s".into(), key: String::new() },
        options: std::collections::BTreeMap::default(),
        must: false,
    }
}

pub(super) fn session() -> Session {
    Session {
        org: "acme".into(),
        org_name: "Acme".into(),
        user: "d1".into(),
        name: "Idriss \"Id\"".into(),
        role: Role::Traveller,
        areas: vec![],
        device: "d1".into(),
        token: "t".into(),
    }
}

pub(super) fn queued(event: &Event) -> Queued {
    let json = event.to_json().to_string();
    Queued { entry: Entry::of(event, false, json.len()), json }
}

/// Check-ins 1 to `count`.
pub(super) fn batch(count: u64) -> Vec<Queued> {
    (1..=count).map(|n| queued(&build::checkin(n))).collect()
}

#[allow(clippy::unnecessary_wraps)] // as a driver gives it
pub(super) fn json(status: u16, body: &Value) -> Result<Response, NoResponse> {
    let content_type = "application/json".to_owned();
    Ok(Response { status, content_type, body: body.to_string().into(), ..Response::default() })
}

#[allow(clippy::unnecessary_wraps)]
pub(super) fn other(status: u16, content_type: &str, body: &str) -> Result<Response, NoResponse> {
    Ok(Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() })
}

/// Replies with which a network pretends to be a backend, or keeps from it: none may become a receipt.
pub(super) fn portals() -> Vec<(Result<Response, NoResponse>, Answer)> {
    let no = Answer::NotTheBackend;
    vec![
        (other(200, "text/html", "<html>Welcome to Hotel WiFi</html>"), no.clone()),
        (other(201, "text/html; charset=utf-8", "<html>"), no.clone()),
        (other(202, "text/html", ""), no.clone()),
        (other(302, "", ""), no.clone()),
        (other(401, "text/html", "<html>"), no.clone()),
        (other(403, "text/html", "<html>"), no.clone()),
        (other(511, "text/html", "<html>"), no.clone()),
        (Err(NoResponse::TooLarge), no),
        (other(401, "application/json", "{}"), Answer::SignIn),
        (other(403, "", ""), Answer::SignIn),
        (other(413, "text/html", "<html>"), Answer::TooLarge(None)),
        (other(429, "", ""), Answer::Busy(None)),
        (other(502, "text/html", "<html>"), Answer::Backend(502)),
        (Err(NoResponse::Network), Answer::Unreachable),
        (Err(NoResponse::TimedOut), Answer::TimedOut),
        (Err(NoResponse::Aborted), Answer::Aborted),
    ]
}

pub(super) fn receipts(answer: Answer) -> Receipts {
    match answer {
        Answer::Receipts(receipts) => receipts,
        other => panic!("no receipts: {other:?}"),
    }
}

/// The outcomes of an answer that has one for each of the batch, in its order.
pub(super) fn outcomes(answer: Answer, batch: &[Queued]) -> Vec<Outcome> {
    let receipts = receipts(answer).receipts;
    let named: Vec<_> = receipts.iter().map(|receipt| (receipt.id.clone(), receipt.digest.clone())).collect();
    let sent: Vec<_> =
        batch.iter().map(|queued| (queued.entry.id.to_string(), queued.entry.digest.to_string())).collect();
    assert_eq!(named, sent);
    receipts.iter().map(|receipt| receipt.outcome().unwrap()).collect()
}
