//! Drives dialogues over HTTP, and what the tests send.

use std::time::Duration;

use futures_util::StreamExt as _;
use waymark_core::backend::{self, Dialogue, KEPT_HEADERS, NoResponse, Payload, Request, Response, Turn};
use waymark_core::event::{Event, Stamp};
use waymark_core::rules::Role;
use waymark_core::sync::{
    Answer, BackendKind, Cursor, Destination, Entry, Epoch, FeedAnswer, FeedPage, Outcome, Queued, Receipts,
    Session, SignIn,
};
use waymark_core::testing::build;

/// The clock of this machine.
pub fn now() -> Stamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Stamp(i64::try_from(since.as_millis()).unwrap())
}

/// Makes a request as the app's driver does.
async fn fetch(request: &Request) -> Result<Response, NoResponse> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_millis(request.timeout_ms.into()))
        .build()
        .unwrap();
    let mut built = client.request(request.method.parse().unwrap(), &request.path);
    for (name, value) in &request.headers {
        built = built.header(*name, value);
    }
    if let Some(payload) = request.body.clone() {
        built = built.body(Payload::into_bytes(payload));
    }
    let failed =
        |error: reqwest::Error| if error.is_timeout() { NoResponse::TimedOut } else { NoResponse::Network };
    let response = built.send().await.map_err(failed)?;
    let header =
        |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut read = Response {
        status: response.status().as_u16(),
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after"),
        headers: KEPT_HEADERS.into_iter().filter_map(|name| Some((name, header(name)?))).collect(),
        body: vec![],
    };
    let mut pieces = response.bytes_stream();
    while let Some(piece) = pieces.next().await {
        read.body.extend(piece.map_err(failed)?);
        if read.body.len() > request.max_bytes {
            return Err(NoResponse::TooLarge);
        }
    }
    Ok(read)
}

pub async fn drive<A>(dialogue: &mut (dyn Dialogue<Answer = A> + Send)) -> A {
    drive_with(dialogue, 0).await
}

/// With a clock that is so many milliseconds ahead.
async fn drive_with<A>(dialogue: &mut (dyn Dialogue<Answer = A> + Send), ahead: i64) -> A {
    let mut turn = dialogue.open(now().plus_ms(ahead));
    loop {
        match turn {
            Turn::Done(answer) => return answer,
            Turn::Ask(request) => turn = dialogue.reply(fetch(&request).await, now().plus_ms(ahead)),
        }
    }
}

pub fn destination(kind: BackendKind, address: &str, user: &str, secret: &str) -> Destination {
    Destination {
        kind,
        name: "Peer".into(),
        address: address.into(),
        sign_in: SignIn { user: user.into(), secret: secret.into(), key: String::new() },
        options: std::collections::BTreeMap::default(),
        must: false,
    }
}

/// The person who uses `device`, under the same name.
pub fn session(device: &str, role: Role) -> Session {
    Session {
        org: "acme".into(),
        org_name: "Acme".into(),
        user: device.into(),
        name: format!("Name of {device}"),
        role,
        areas: vec![],
        device: device.into(),
        token: String::new(),
    }
}

pub fn queued(event: &Event) -> Queued {
    let json = event.to_json().to_string();
    Queued { entry: Entry::of(event, false, json.len()), json }
}

/// Check-ins of device `d1`.
pub fn batch(numbers: std::ops::RangeInclusive<u64>) -> Vec<Queued> {
    numbers.map(|n| queued(&build::checkin(n))).collect()
}

pub async fn send(there: &Destination, epoch: Option<&Epoch>, batch: &[Queued]) -> Answer {
    send_as(there, &session("d1", Role::Traveller), epoch, batch).await
}

pub async fn send_as(there: &Destination, who: &Session, epoch: Option<&Epoch>, batch: &[Queued]) -> Answer {
    drive(&mut *backend::deliver(there, who, epoch, batch, now(), None)).await
}

/// From a phone whose clock is so many milliseconds ahead; `clockoffset` is what it knows of that.
pub async fn send_ahead(
    there: &Destination,
    ahead: i64,
    clockoffset: Option<i64>,
    batch: &[Queued],
) -> Answer {
    let who = session("d1", Role::Traveller);
    let mut talk = backend::deliver(there, &who, None, batch, now().plus_ms(ahead), clockoffset);
    drive_with(&mut *talk, ahead).await
}

pub async fn read(there: &Destination, who: &Session, epoch: Option<&Epoch>, cursor: &Cursor) -> FeedAnswer {
    drive(&mut *backend::fetch(there, who, epoch, cursor).unwrap()).await
}

pub async fn test(there: &Destination) -> &'static str {
    drive(&mut *backend::probe(there, true, None).unwrap()).await.code()
}

#[track_caller]
pub fn page(answer: FeedAnswer) -> FeedPage {
    match answer {
        FeedAnswer::Page(page) => page,
        other => panic!("no page: {other:?}"),
    }
}

#[track_caller]
pub fn receipts(answer: Answer) -> Receipts {
    match answer {
        Answer::Receipts(receipts) => receipts,
        other => panic!("no receipts: {other:?}"),
    }
}

/// The life, and the outcomes in the order of the batch.
#[track_caller]
pub fn outcomes(answer: Answer) -> (Epoch, Vec<Outcome>) {
    let receipts = receipts(answer);
    (receipts.epoch, receipts.receipts.iter().map(|receipt| receipt.outcome().unwrap()).collect())
}

/// That all of a batch is stored; gives the life.
#[track_caller]
pub fn stored(answer: Answer, count: usize) -> Epoch {
    let (epoch, outcomes) = outcomes(answer);
    assert_eq!(outcomes, vec![Outcome::Accepted; count]);
    epoch
}
