//! The way between a phone and the server, and what goes wrong on it.

use super::places::{Place, Places, page, receipted, receipts};
use super::schedule::Network;
use super::tab::Pending;
use crate::backend::{NoResponse, Request, Response};
use crate::event::{DeviceId, Stamp};
use crate::sync::{Answer, Epoch, Outcome, Receipts};

impl Places {
    /// What the phone hears of a request.
    pub(super) fn carry(
        &mut self,
        phone: &DeviceId,
        pending: &Pending,
        network: Network,
        now: Stamp,
    ) -> Result<Response, NoResponse> {
        let (Pending::Records { request, .. } | Pending::Feed { request }) = pending else {
            return Err(NoResponse::Network);
        };
        let sends = matches!(pending, Pending::Records { .. });
        match network {
            Network::Well | Network::Slow => self.serve(phone, request, now),
            Network::Lost | Network::Delayed => Err(NoResponse::Network),
            Network::ReplyLost => {
                let _ = self.serve(phone, request, now);
                Err(NoResponse::Network)
            }
            Network::Twice => {
                let _ = self.serve(phone, request, now);
                self.serve(phone, request, now)
            }
            Network::Cut(at) => {
                let mut reply = self.serve(phone, request, now)?;
                reply.body.truncate(reply.body.len() * usize::from(at) / 256);
                Ok(reply)
            }
            Network::Portal => Ok(page(200, "<html>Sign in to the hotel's network</html>")),
            Network::Empty => Ok(page(204, "")),
            Network::TooFewReceipts | Network::OtherDigests if sends => {
                let reply = self.serve(phone, request, now)?;
                Ok(falsified(reply, network))
            }
            Network::ToldToRetry if sends => self.told_to_retry(phone, request, now),
            Network::TooFewReceipts | Network::OtherDigests | Network::ToldToRetry => {
                self.serve(phone, request, now)
            }
            Network::TooLarge => Ok(page(413, "too large")),
            Network::Busy => Ok(Response { retry_after: Some("5".into()), ..page(429, "") }),
            Network::Error => Ok(page(500, "")),
            Network::ErrorAfter => {
                let _ = self.serve(phone, request, now);
                Ok(page(500, ""))
            }
            Network::TimedOut => {
                let _ = self.serve(phone, request, now);
                Err(NoResponse::TimedOut)
            }
        }
    }

    fn told_to_retry(
        &mut self,
        phone: &DeviceId,
        request: &Request,
        now: Stamp,
    ) -> Result<Response, NoResponse> {
        // A webhook has no word for it.
        let Some(server) = self.server(Place::asked(request)) else { return self.serve(phone, request, now) };
        let receipts = receipts(&batch(request), &Outcome::Retry);
        Ok(receipted(&Receipts { epoch: server.epoch(), received: now, receipts }))
    }
}

/// Receipts that say that everything was accepted.
pub(super) fn receipts_for(request: &Request, epoch: Option<Epoch>, now: Stamp) -> Answer {
    let epoch = epoch.unwrap_or_else(|| Epoch("of nobody".into()));
    let receipts = receipts(&batch(request), &Outcome::Accepted);
    Answer::Receipts(Receipts { epoch, received: now, receipts })
}

fn batch(request: &Request) -> Vec<serde_json::Value> {
    serde_json::from_str(request.text()).unwrap_or_default()
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
