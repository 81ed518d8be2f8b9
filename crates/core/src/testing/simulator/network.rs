//! The way between a phone and the server, and what goes wrong on it.

use super::phone::Pending;
use super::schedule::Network;
use super::world::World;
use crate::backend::reference::CLOCK_HEADER;
use crate::backend::{NoResponse, Request, Response};
use crate::event::{DeviceId, Stamp};
use crate::sync::{Answer, Epoch, Outcome, Receipt, Receipts};

/// What the server gives of the feed at once: little, so that reading it takes several requests.
const FEED_PAGE: usize = 5;

impl World {
    /// A request of this phone arrives, and is answered.
    pub(super) fn serve(&mut self, phone: &DeviceId, request: &Request) -> Response {
        if request.method == "POST" {
            let clock = request.headers.iter().find(|(name, _)| *name == CLOCK_HEADER);
            let clock = clock.and_then(|(_, ms)| ms.parse().ok()).map_or(self.now, Stamp);
            return self.server.records(phone, request.text(), clock, self.now);
        }
        let after = parameter(&request.path, "after=").and_then(|text| text.parse().ok()).unwrap_or(0);
        let epoch = parameter(&request.path, "epoch=").map(|text| Epoch(text.to_owned()));
        self.server.feed(phone, after, epoch.as_ref(), FEED_PAGE)
    }

    /// What the phone hears of a request.
    pub(super) fn carry(
        &mut self,
        phone: &DeviceId,
        pending: &Pending,
        network: Network,
    ) -> Result<Response, NoResponse> {
        let (Pending::Records { request, .. } | Pending::Feed { request }) = pending else {
            return Err(NoResponse::Network);
        };
        let sends = matches!(pending, Pending::Records { .. });
        match network {
            Network::Well | Network::Slow => Ok(self.serve(phone, request)),
            Network::Lost | Network::Delayed => Err(NoResponse::Network),
            Network::ReplyLost => {
                self.serve(phone, request);
                Err(NoResponse::Network)
            }
            Network::Twice => {
                self.serve(phone, request);
                Ok(self.serve(phone, request))
            }
            Network::Cut(at) => {
                let mut reply = self.serve(phone, request);
                reply.body.truncate(reply.body.len() * usize::from(at) / 256);
                Ok(reply)
            }
            Network::Portal => Ok(page(200, "<html>Sign in to the hotel's network</html>")),
            Network::Empty => Ok(page(204, "")),
            Network::TooFewReceipts | Network::OtherDigests if sends => {
                let reply = self.serve(phone, request);
                Ok(falsified(reply, network))
            }
            Network::ToldToRetry if sends => Ok(self.told_to_retry(request)),
            Network::TooFewReceipts | Network::OtherDigests | Network::ToldToRetry => {
                Ok(self.serve(phone, request))
            }
            Network::TooLarge => Ok(page(413, "too large")),
            Network::Busy => Ok(Response { retry_after: Some("5".into()), ..page(429, "") }),
            Network::Error => Ok(page(500, "")),
            Network::ErrorAfter => {
                self.serve(phone, request);
                Ok(page(500, ""))
            }
            Network::TimedOut => {
                self.serve(phone, request);
                Err(NoResponse::TimedOut)
            }
        }
    }

    fn told_to_retry(&self, request: &Request) -> Response {
        let receipts = receipts(request, &Outcome::Retry);
        let answer = Receipts { epoch: self.server.epoch(), received: self.now, receipts };
        let body = serde_json::to_vec(&answer).unwrap_or_default();
        Response { status: 200, content_type: "application/json".into(), body, ..Response::default() }
    }
}

/// Receipts that say that everything was accepted.
pub(super) fn receipts_for(request: &Request, epoch: Option<Epoch>, now: Stamp) -> Answer {
    let epoch = epoch.unwrap_or_else(|| Epoch("of nobody".into()));
    Answer::Receipts(Receipts { epoch, received: now, receipts: receipts(request, &Outcome::Accepted) })
}

fn receipts(request: &Request, outcome: &Outcome) -> Vec<Receipt> {
    let batch: Vec<serde_json::Value> = serde_json::from_str(request.text()).unwrap_or_default();
    let receipt = |json: &serde_json::Value| {
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        Receipt::new(text("source"), text("id"), text("digest"), outcome, None)
    };
    batch.iter().map(receipt).collect()
}

/// An answer whose receipts are not those for what was sent.
fn falsified(reply: Response, network: Network) -> Response {
    let Ok(mut json) = serde_json::from_slice::<serde_json::Value>(&reply.body) else {
        return reply;
    };
    let Some(receipts) = json["receipts"].as_array_mut() else {
        return reply;
    };
    if network == Network::TooFewReceipts {
        receipts.truncate(receipts.len() / 2);
    } else {
        for receipt in receipts {
            receipt["digest"] = "0".repeat(64).into();
        }
    }
    Response { body: json.to_string().into_bytes(), ..reply }
}

/// What a proxy says.
fn page(status: u16, body: &str) -> Response {
    Response { status, content_type: "text/html".into(), body: body.into(), ..Response::default() }
}

fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let rest = &path[path.find(name)? + name.len()..];
    rest.split('&').next()
}
