//! The reference server, base `/api/v1` (docs/SYNC-PROTOCOL.md).

use std::collections::BTreeMap;

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::{NoResponse, Payload, Request, Response};
use crate::event::{AreaLevel, DeviceId, OrgId, Record, Stamp, UserId, WatchRules};
use crate::guidance::Key;
use crate::json::Json as _;
use crate::json_struct;
use crate::rules::Role;
use crate::sync::{Answer, Epoch, FeedAnswer, FeedPage, Meta, Queued, Receipts, Refusal, Session, Trouble};

pub const BASE: &str = "/api/v1";
pub const BATCH_TYPE: &str = "application/cloudevents-batch+json";
pub const PROBLEM_TYPE: &str = "application/problem+json";
/// The sender's clock in milliseconds since 1970, so that the server can tell how wrong it is.
pub const CLOCK_HEADER: &str = "waymark-clock";

const FEED_PAGE: u32 = 500;
pub(super) const QUICK_MS: u32 = 15_000;
/// Time for a full batch over a link of about 40 kbit/s.
pub(super) const BATCH_MS_PER_KB: u32 = 250;
/// The largest answer of a few members, a problem among them, in bytes.
pub(super) const SMALL: usize = 64 << 10;
/// The largest answer to a batch, beside [`SMALL`], for each of its records.
const RECEIPT: usize = 4 << 10;
/// The largest page of the feed: of records each as large as the server takes one, and what it adds to it.
const FEED: usize = SMALL + FEED_PAGE as usize * (68 << 10);
/// The largest directory: some ten thousand people.
pub(super) const DIRECTORY: usize = 4 << 20;

/// An RFC 9457 problem.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProblemDetails {
    pub title: String,
    pub detail: String,
    /// Our stable identifier, such as `body_too_large`.
    pub code: String,
}

json_struct!(ProblemDetails: draft [title, detail, code]);

/// The answer to `POST /enrol`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Enrolled {
    pub org: OrgId,
    pub org_name: String,
    pub user: UserId,
    pub name: String,
    pub role: Role,
    pub areas: Vec<String>,
    pub device: DeviceId,
    pub token: String,
    pub epoch: Epoch,
    /// The server's clock.
    pub now: Stamp,
    /// The key with which the organisation signs its packs, once it has published one. A phone keeps the first that it
    /// is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_key: Option<Key>,
}

json_struct!(Enrolled:
    required [org, org_name, user, name, role, areas, device, token, epoch, now]
    optional [pack_key]);

/// The answer to `GET /directory`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Directory {
    pub people: Vec<Colleague>,
    /// Levels that the server's operator set; see [`crate::rules::levels::rules_of`].
    pub levels: BTreeMap<AreaLevel, WatchRules>,
    /// As in [`Enrolled`], for phones that were enrolled before there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack_key: Option<Key>,
}

json_struct!(Directory: required [people] listed [levels] optional [pack_key]);

/// Somebody who can be named in a plan.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Colleague {
    pub user: UserId,
    pub name: String,
    /// When the backend last heard from a device of theirs, within ten minutes; told to those who watch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Stamp>,
}

json_struct!(Colleague: required [user, name] optional [seen]);

/// Why enrolment did not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrolProblem {
    /// Wrong, used or expired: the server does not say which.
    Code,
    /// Too many tries; wait this many milliseconds.
    TooMany(i64),
    Unreachable,
    NotTheBackend,
    Backend(u16),
}

/// `POST /records`.
pub fn send(session: &Session, batch: &[Queued], now: Stamp) -> Request {
    let mut body = String::with_capacity(batch.iter().map(|queued| queued.json.len() + 1).sum::<usize>() + 2);
    for queued in batch {
        body.push(if body.is_empty() { '[' } else { ',' });
        body.push_str(&queued.json);
    }
    body.push(']');
    let kilobytes = u32::try_from(body.len() / 1024).unwrap_or(u32::MAX / BATCH_MS_PER_KB / 2);
    Request {
        method: "POST",
        path: format!("{BASE}/records"),
        headers: vec![
            ("authorization", bearer(session)),
            ("content-type", BATCH_TYPE.to_owned()),
            (CLOCK_HEADER, now.0.to_string()),
        ],
        body: Some(Payload::Text(body)),
        timeout_ms: QUICK_MS + kilobytes * BATCH_MS_PER_KB,
        max_bytes: SMALL + batch.len() * RECEIPT,
        no_cors: false,
    }
}

/// What came back for a batch.
pub fn read_send(reply: Result<Response, NoResponse>, now: Stamp) -> Answer {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::Network) => return Answer::Unreachable,
        Err(NoResponse::TimedOut) => return Answer::TimedOut,
        Err(NoResponse::Aborted) => return Answer::Aborted,
        Err(NoResponse::TooLarge) => return Answer::NotTheBackend,
    };
    match response.status {
        // 422 is the answer to a batch none of whose records was taken; it carries receipts too.
        200 | 422 => match receipts(&response) {
            Some(receipts) => Answer::Receipts(receipts),
            None => refusal(&response).map_or(Answer::NotTheBackend, Answer::BadBatch),
        },
        401 | 403 if is_page(&response) => Answer::NotTheBackend,
        401 | 403 => Answer::SignIn,
        408 => Answer::TimedOut,
        413 => Answer::TooLarge(refusal(&response)),
        429 | 503 => Answer::Busy(wait(&response, now)),
        400 => refusal(&response).map_or(Answer::NotTheBackend, Answer::BadBatch),
        500..=599 => Answer::Backend(response.status),
        _ => Answer::NotTheBackend,
    }
}

/// `GET /feed` after what is known.
pub fn feed(session: &Session, meta: &Meta) -> Request {
    let epoch = meta.epoch.as_ref().map(|epoch| format!("&epoch={epoch}")).unwrap_or_default();
    let request = get(session, format!("{BASE}/feed?after={}&limit={FEED_PAGE}{epoch}", meta.cursor));
    Request { max_bytes: FEED, ..request }
}

/// `GET /stream`: server-sent events.
pub fn stream(session: &Session) -> Request {
    get(session, format!("{BASE}/stream"))
}

/// `GET /directory`: who works here, and the rules of the watch.
pub fn directory(session: &Session) -> Request {
    Request { max_bytes: DIRECTORY, ..get(session, format!("{BASE}/directory")) }
}

/// `GET /push`: the key under which this server pushes.
pub fn push_key(session: &Session) -> Request {
    get(session, format!("{BASE}/push"))
}

/// What came back for [`push_key`].
pub fn read_push_key(response: &Response) -> Option<String> {
    json(response)?.get("publicKey")?.as_str().map(str::to_owned)
}

/// `PUT /push`: where this device can be reached, as the browser gave it (`{endpoint, p256dh, auth}`).
pub fn subscribe(session: &Session, subscription: String) -> Request {
    let request = get(session, format!("{BASE}/push"));
    let mut headers = request.headers.clone();
    headers.push(("content-type", "application/json".to_owned()));
    Request { method: "PUT", headers, body: Some(Payload::Text(subscription)), ..request }
}

/// The answer to `GET /directory`, as it stands and as it is kept on the phone.
pub fn read_directory(body: &[u8]) -> Option<Directory> {
    Directory::from_value(&parse(body)?).ok()
}

/// What came back from the feed.
pub fn read_feed(reply: Result<Response, NoResponse>, now: Stamp) -> FeedAnswer {
    let response = match reply {
        Ok(response) => response,
        Err(NoResponse::TimedOut) => return FeedAnswer::Failed(Trouble::TimedOut, None),
        Err(NoResponse::Network | NoResponse::Aborted) => {
            return FeedAnswer::Failed(Trouble::Unreachable, None);
        }
        Err(NoResponse::TooLarge) => return FeedAnswer::Failed(Trouble::TooLarge, None),
    };
    let strange = FeedAnswer::Failed(Trouble::NotTheBackend, None);
    match response.status {
        200 => feed_page(&response).map_or(strange, FeedAnswer::Page),
        401 | 403 if is_page(&response) => strange,
        401 | 403 => FeedAnswer::SignIn,
        408 => FeedAnswer::Failed(Trouble::TimedOut, None),
        409 => json(&response)
            .and_then(|mut body| body.get_mut("epoch").map(Value::take))
            .and_then(|epoch| Epoch::from_value(&epoch).ok())
            .map_or(strange, FeedAnswer::EpochChanged),
        429 | 503 => FeedAnswer::Failed(Trouble::Busy, wait(&response, now)),
        500..=599 => FeedAnswer::Failed(Trouble::Backend(response.status), None),
        _ => strange,
    }
}

/// `POST /enrol`. `key` is the phone's own secret, by which it stays the same device. A phone that was enrolled before proves with its old credential that it is the same device, so that
/// what it holds can still be sent.
pub fn enrol(code: &str, name: &str, key: &str, former: Option<&Session>) -> Request {
    let mut body = serde_json::json!({ "code": code.trim(), "name": name.trim(), "key": key });
    let mut headers = vec![("content-type", "application/json".to_owned())];
    if let Some(session) = former {
        body["device"] = session.device.0.clone().into();
        body["user"] = session.user.0.clone().into();
        headers.push(("authorization", bearer(session)));
    }
    Request {
        method: "POST",
        path: format!("{BASE}/enrol"),
        headers,
        body: Some(Payload::Text(body.to_string())),
        timeout_ms: QUICK_MS,
        max_bytes: SMALL,
        no_cors: false,
    }
}

/// What came back from enrolment.
///
/// # Errors
/// Why it did not work.
pub fn read_enrol(reply: Result<Response, NoResponse>, now: Stamp) -> Result<Enrolled, EnrolProblem> {
    let response = reply.map_err(|none| match none {
        NoResponse::TooLarge => EnrolProblem::NotTheBackend,
        NoResponse::Network | NoResponse::TimedOut | NoResponse::Aborted => EnrolProblem::Unreachable,
    })?;
    match response.status {
        200 | 201 => {
            let body = json(&response).ok_or(EnrolProblem::NotTheBackend)?;
            Enrolled::from_value(&body).map_err(|_| EnrolProblem::NotTheBackend)
        }
        400 | 401 | 403 | 404 | 422 if refusal(&response).is_some() => Err(EnrolProblem::Code),
        429 => Err(EnrolProblem::TooMany(wait(&response, now).unwrap_or(60_000))),
        500..=599 => Err(EnrolProblem::Backend(response.status)),
        _ => Err(EnrolProblem::NotTheBackend),
    }
}

pub(super) fn bearer(session: &Session) -> String {
    format!("Bearer {}", session.token)
}

pub(super) fn get(session: &Session, path: String) -> Request {
    let headers = vec![("authorization", bearer(session))];
    Request {
        method: "GET",
        path,
        headers,
        body: None,
        timeout_ms: QUICK_MS * 2,
        max_bytes: SMALL,
        no_cors: false,
    }
}

/// The body, if it says it is JSON and is.
pub(super) fn json(response: &Response) -> Option<Value> {
    let media_type = response.content_type.split(';').next().unwrap_or_default().trim();
    if media_type != "application/json" && media_type != PROBLEM_TYPE {
        return None;
    }
    parse(&response.body)
}

/// As text: a second reader, for bytes, would be 8 kB more.
fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_str(str::from_utf8(body).ok()?).ok()
}

fn receipts(response: &Response) -> Option<Receipts> {
    Receipts::from_value(&json(response)?).ok()
}

/// A page for people: a network's sign-in page or a proxy, which also say 401 and 403.
pub(super) fn is_page(response: &Response) -> bool {
    response.content_type.starts_with("text/html")
}

/// The backend's own words for a failure; nothing of what a proxy or a portal says.
pub(super) fn refusal(response: &Response) -> Option<Refusal> {
    if !response.content_type.starts_with(PROBLEM_TYPE) {
        return None;
    }
    let problem = ProblemDetails::from_value(&json(response)?).ok()?;
    let code = if problem.code.is_empty() { response.status.to_string() } else { problem.code };
    let detail = if problem.detail.is_empty() { problem.title } else { problem.detail };
    Some(Refusal { code, detail })
}

/// Retry-After in milliseconds (RFC 9110: seconds, or an HTTP date).
pub(super) fn wait(response: &Response, now: Stamp) -> Option<i64> {
    let text = response.retry_after.as_deref()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000);
    }
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    Some((date.unix_timestamp() * 1_000 - now.0).max(0))
}

fn feed_page(response: &Response) -> Option<FeedPage> {
    let mut body = json(response)?;
    let epoch = Epoch::from_value(body.get("epoch")?).ok()?;
    let next = body.get("next")?.as_u64()?.into();
    let more = body.get("more")?.as_bool()?;
    let Value::Array(records) = body.get_mut("records")?.take() else {
        return None;
    };
    // One that cannot be read must not hold up those behind it; the server keeps it.
    let records = records.into_iter().filter_map(|record| Record::from_json(record).ok()).collect();
    Some(FeedPage { epoch, records, next, more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::build;

    const NOW: Stamp = Stamp(784_111_777_000); // Sun, 06 Nov 1994 08:49:37 GMT

    fn reply(status: u16, content_type: &str, body: &str) -> Response {
        Response { status, content_type: content_type.into(), body: body.into(), ..Response::default() }
    }

    fn answer(status: u16, content_type: &str, body: &str) -> Answer {
        read_send(Ok(reply(status, content_type, body)), NOW)
    }

    #[test]
    fn whatever_is_no_receipt_is_not_taken_for_one() {
        let cut = r#"{"epoch":"e1","received":"2026-07-14T03:35:20.000Z","receipts":[{"source":"#;
        let whole = r#"{"epoch":"e1","received":"2026-07-14T03:35:20.000Z","receipts":[]}"#;
        for (status, content_type, body) in [
            (200, "text/html", "<html>Welcome to Hotel WiFi</html>"),
            (200, "text/html", whole),
            (204, "", ""),
            (200, "application/json", ""),
            (200, "application/json", cut),
            (200, "application/json", "[]"),
            (202, "application/json", whole),
            (302, "text/html", ""),
            (404, "text/html", "not found"),
            (400, "text/html", "bad request"),
        ] {
            assert_eq!(
                answer(status, content_type, body),
                Answer::NotTheBackend,
                "{status} {content_type} {body}"
            );
        }
        assert!(matches!(answer(200, "application/json; charset=utf-8", whole), Answer::Receipts(_)));
        assert_eq!(read_send(Err(NoResponse::TooLarge), NOW), Answer::NotTheBackend);
    }

    #[test]
    fn problems_carry_the_servers_words() {
        let problem =
            r#"{"title":"Bad Request","detail":"the body is not a JSON array","code":"not_a_batch"}"#;
        let refusal = Refusal::new("not_a_batch", "the body is not a JSON array".into());
        assert_eq!(answer(400, PROBLEM_TYPE, problem), Answer::BadBatch(refusal.clone()));
        assert_eq!(answer(413, PROBLEM_TYPE, problem), Answer::TooLarge(Some(refusal)));
        assert_eq!(answer(413, "text/html", "too large"), Answer::TooLarge(None));
        assert_eq!(answer(401, "", ""), Answer::SignIn);
        assert_eq!(answer(403, PROBLEM_TYPE, problem), Answer::SignIn);
        assert_eq!(answer(401, "text/html", "<html>Hotel WiFi</html>"), Answer::NotTheBackend);
        assert_eq!(answer(408, PROBLEM_TYPE, problem), Answer::TimedOut);
        assert_eq!(answer(502, "text/html", ""), Answer::Backend(502));
    }

    #[test]
    fn retry_after_in_seconds_and_as_a_date() {
        let mut response = reply(503, "", "");
        assert_eq!(read_send(Ok(response.clone()), NOW), Answer::Busy(None));
        response.retry_after = Some("120".into());
        assert_eq!(read_send(Ok(response.clone()), NOW), Answer::Busy(Some(120_000)));
        response.retry_after = Some("Sun, 06 Nov 1994 08:50:07 GMT".into());
        assert_eq!(read_send(Ok(response), NOW), Answer::Busy(Some(30_000)));
    }

    #[test]
    fn a_batch_is_the_stored_records_side_by_side() {
        let session = Session {
            org: "acme".into(),
            org_name: "Acme".into(),
            user: "u".into(),
            name: "Idriss".into(),
            role: Role::Traveller,
            areas: vec![],
            device: "d1".into(),
            token: "secret".into(),
        };
        let batch: Vec<_> = (1..=2)
            .map(|n| {
                let event = build::checkin(n);
                let json = event.to_json().to_string();
                Queued { entry: crate::sync::Entry::of(&event, false, json.len()), json }
            })
            .collect();
        let request = send(&session, &batch, NOW);
        let body: Vec<Value> = serde_json::from_str(request.text()).unwrap();
        assert_eq!(body, [build::checkin(1).to_json(), build::checkin(2).to_json()]);
        assert!(request.headers.contains(&("authorization", "Bearer secret".to_owned())));
    }

    #[test]
    fn the_key_of_packs_is_told_where_there_is_one() {
        let without = r#"{"people":[],"levels":{}}"#;
        assert_eq!(read_directory(without.as_bytes()).unwrap().pack_key, None);
        let key = Key([7; 32]);
        let with = format!(r#"{{"people":[],"levels":{{}},"pack_key":"{key}"}}"#);
        let directory = read_directory(with.as_bytes()).unwrap();
        assert_eq!(directory.pack_key, Some(key));
        assert_eq!(serde_json::to_value(&directory).unwrap()["pack_key"], key.to_string());
        let kept = serde_json::to_value(Directory::default()).unwrap();
        assert_eq!(kept.get("pack_key"), None);
    }

    #[test]
    fn a_feed_with_one_unreadable_record_still_moves_on() {
        let good = build::arrived(build::checkin(1), 4, "Idriss").to_json();
        let body = serde_json::json!({"epoch": "e1", "records": [good, {"id": 7}], "next": 5, "more": false});
        let FeedAnswer::Page(page) = read_feed(Ok(reply(200, "application/json", &body.to_string())), NOW)
        else {
            panic!("no page");
        };
        assert_eq!((page.records.len(), page.next), (1, 5.into()));
        let changed = reply(409, PROBLEM_TYPE, r#"{"title":"restored","epoch":"e2"}"#);
        assert_eq!(read_feed(Ok(changed), NOW), FeedAnswer::EpochChanged(Epoch("e2".into())));
        let portal = reply(200, "text/html", "<html>");
        assert_eq!(read_feed(Ok(portal), NOW), FeedAnswer::Failed(Trouble::NotTheBackend, None));
        let endless = read_feed(Err(NoResponse::TooLarge), NOW);
        assert_eq!(endless, FeedAnswer::Failed(Trouble::TooLarge, None));
    }
}
