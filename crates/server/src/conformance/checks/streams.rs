//! Being told that the feed grows.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;
use waymark_core::backend::Request;

use super::group;
use crate::conformance::bench::Bench;
use crate::conformance::check::{Check, Miss, Outcome};
use crate::conformance::device::{bare, text};
use crate::conformance::exchange::Exchange;
use crate::notify::http::{Answer, Failure};

pub fn checks() -> Vec<Check> {
    group! {
        "stream-at-once" at_once "`event: seq`, `data: {\"epoch\",\"seq\"}` at once and on every rise"
        "stream-rises" rises "`event: seq`, `data: {\"epoch\",\"seq\"}` at once and on every rise"
    }
}

/// A stream that is listened to.
struct Events<'a> {
    patience: Duration,
    request: &'a Request,
    pieces: UnboundedReceiver<Answer>,
    text: String,
    last: Option<Answer>,
}

impl Events<'_> {
    /// The next event of the kind `seq`.
    async fn seq(&mut self) -> Result<(String, u64), Miss> {
        let next = timeout(self.patience, async {
            loop {
                if let Some(event) = self.take() {
                    return Some(event);
                }
                let piece = self.pieces.recv().await?;
                self.text += &String::from_utf8_lossy(&piece.body).replace("\r\n", "\n");
                self.last = Some(Answer { body: self.text.clone().into_bytes().into(), ..piece });
            }
        });
        let next = next.await.unwrap_or(None);
        next.ok_or_else(|| {
            self.miss(format!("`event: seq` with its data, within {} s", self.patience.as_secs()))
        })
    }

    fn miss(&mut self, expected: String) -> Miss {
        let came = self.last.take().ok_or(Failure::TimedOut);
        Exchange::new(self.request, came).miss(expected)
    }

    /// The first whole event that was received.
    fn take(&mut self) -> Option<(String, u64)> {
        while let Some((block, rest)) = self.text.split_once("\n\n") {
            let (block, rest) = (block.to_owned(), rest.to_owned());
            self.text = rest;
            let field = |name: &str| {
                let value = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                value.map(str::trim_start).unwrap_or_default()
            };
            let data: Value = serde_json::from_str(field("data")).unwrap_or_default();
            if let ("seq", Some(seq), false) =
                (field("event"), data["seq"].as_u64(), text(&data, "epoch").is_empty())
            {
                return Some((text(&data, "epoch").to_owned(), seq));
            }
        }
        None
    }
}

/// Listens as the traveller, while `act` does something.
async fn listening(bench: &Bench, act: impl AsyncFnOnce(&mut Events<'_>) -> Outcome) -> Outcome {
    let mut request = bench.traveller()?.request("GET", "/stream");
    let patience = bench.patience;
    request.timeout_ms = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX).saturating_mul(4);
    let (sender, pieces) = unbounded_channel();
    let mut heard = |answer: &Answer| {
        let piece =
            Answer { status: answer.status, headers: answer.headers.clone(), body: answer.body.clone() };
        sender.send(piece).is_ok()
    };
    let mut events = Events { patience, request: &request, pieces, text: String::new(), last: None };
    let follow = bench.wire().follow(&request, &mut heard);
    let follow = Box::pin(async {
        // The end of a stream is no news: what is waited for does not come then.
        let _ = follow.await;
        std::future::pending::<()>().await;
    });
    tokio::select! {
        outcome = act(&mut events) => outcome,
        () = follow => Ok(()),
    }
}

async fn at_once(bench: &Bench) -> Outcome {
    let health = bench.ask(&bare("GET", "/health")).await.json(&[200])?;
    listening(bench, async |events| {
        let (epoch, seq) = events.seq().await?;
        if epoch == text(&health, "epoch") {
            return Ok(());
        }
        Err(events.miss(format!("`epoch` {} beside {seq}", health["epoch"])))
    })
    .await
}

async fn rises(bench: &Bench) -> Outcome {
    let manager = bench.manager()?;
    listening(bench, async |events| {
        let (_, mut newest) = events.seq().await?;
        let exchange = bench.store(manager, &[manager.checkin()]).await?;
        let receipts = exchange.receipts()?.receipts;
        // A backend may say no place on its receipts: then any rise will do.
        let place = receipts.first().and_then(|receipt| receipt.seq).unwrap_or(newest + 1);
        while newest < place {
            newest = events.seq().await?.1;
        }
        Ok(())
    })
    .await
}
