//! A phone: sends its queue and reads the feed, by the requests that the app makes. Each request has a connection of its own,
//! as phones that sync every ten minutes find none open any more.

use std::io::Read as _;
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use hyper::header::CONTENT_ENCODING;
use serde::Deserialize;
use serde::de::IgnoredAny;
use waymark_core::backend::{Request, reference};
use waymark_core::event::Event;
use waymark_core::sync::{Answer, BatchLimit, Epoch, Meta, Queued, Session, Verdict, verdicts};
use waymark_server::clock;
use waymark_server::remote::{Wire, as_browser, as_response};

use crate::ledger::Ledger;
use crate::records::{Author, queued};

pub struct Phone {
    pub session: Session,
    pub author: Author,
    meta: Meta,
    queue: Vec<Queued>,
}

/// A page of the feed; what its records say is not looked at.
#[derive(Deserialize)]
pub struct Page {
    pub epoch: String,
    pub records: Vec<IgnoredAny>,
    pub next: u64,
    pub more: bool,
}

impl Phone {
    pub fn new(session: Session) -> Self {
        let author = Author::new(session.clone());
        Self { session, author, meta: Meta::default(), queue: vec![] }
    }

    /// Puts records in the queue.
    pub fn save(&mut self, events: &[Event]) {
        self.queue.extend(events.iter().map(queued));
    }

    /// Records that no receipt has come for.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Sends what waits and reads what is new, from when it was `due`.
    pub async fn sync(&mut self, wire: &Wire, due: Instant) -> Ledger {
        let mut ledger = Ledger::default();
        self.push(wire, &mut ledger).await;
        self.pull(wire, &mut ledger).await;
        ledger.syncs.push(due.elapsed());
        ledger
    }

    async fn push(&mut self, wire: &Wire, ledger: &mut Ledger) {
        let mut limit = BatchLimit::default();
        while !self.queue.is_empty() {
            let batch = self.head(limit);
            let request = reference::send(&self.session, &batch, clock::now());
            let begun = Instant::now();
            let reply = wire.ask(&request).await.map_err(as_browser);
            let took = begun.elapsed();
            ledger.pushes.push(took);
            match reference::read_send(reply, clock::now()) {
                Answer::Receipts(receipts) => {
                    let entries: Vec<_> = batch.into_iter().map(|queued| queued.entry).collect();
                    for (id, verdict) in verdicts(&entries, &receipts.receipts) {
                        match verdict {
                            Verdict::Stored { .. } => ledger.acknowledged.push(id),
                            other => ledger.complain(format!("record: {other:?}")),
                        }
                    }
                    // What was refused is counted, and not sent again.
                    self.queue.drain(..entries.len());
                    limit = limit.after_success(i64::try_from(took.as_millis()).unwrap());
                }
                other => return ledger.complain(format!("push: {other:?}")),
            }
        }
    }

    /// As core's stores give the head of the queue.
    fn head(&self, limit: BatchLimit) -> Vec<Queued> {
        let mut bytes = 0;
        let fits = self.queue.iter().take(limit.records).take_while(|queued| {
            bytes += queued.entry.bytes;
            bytes <= limit.bytes
        });
        let count = fits.count().max(1);
        self.queue[..count].to_vec()
    }

    async fn pull(&mut self, wire: &Wire, ledger: &mut Ledger) {
        loop {
            let (took, page) = self.page(wire).await;
            ledger.pulls.push(took);
            match page {
                Ok(page) => {
                    ledger.read += page.records.len();
                    self.read_from(page.next);
                    self.meta.epoch = Some(Epoch(page.epoch));
                    if !page.more {
                        return;
                    }
                }
                Err(words) => return ledger.complain(format!("pull: {words}")),
            }
        }
    }

    /// Reads on after this place.
    pub fn read_from(&mut self, place: u64) {
        self.meta.cursor = place.into();
    }

    /// The page of the feed after what was read, and how long it took.
    pub async fn page(&self, wire: &Wire) -> (Duration, Result<Page, String>) {
        let request = reference::feed(&self.session, &self.meta);
        let begun = Instant::now();
        let answer = fetch(wire, request).await;
        let took = begun.elapsed();
        let page = answer.and_then(|body| serde_json::from_slice(&body).map_err(|error| error.to_string()));
        (took, page)
    }
}

/// Asks as browsers do, who take packed answers; gives the body of a good answer, unpacked.
pub async fn fetch(wire: &Wire, mut request: Request) -> Result<Vec<u8>, String> {
    request.headers.push(("accept-encoding", "gzip".to_owned()));
    let answer = wire.answer(&request).await.map_err(|failure| format!("{failure:?}"))?;
    if !answer.status.is_success() {
        let response = as_response(&answer);
        return Err(format!("{} {}", answer.status, String::from_utf8_lossy(&response.body)));
    }
    if answer.headers.get(CONTENT_ENCODING).is_none_or(|coding| coding != "gzip") {
        return Ok(answer.body.to_vec());
    }
    let mut body = vec![];
    GzDecoder::new(&answer.body[..]).read_to_end(&mut body).map_err(|error| error.to_string())?;
    Ok(body)
}
