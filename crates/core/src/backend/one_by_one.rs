//! Sends the records of a batch one after the other, to backends that take no batches.

use super::reply::Fault;
use super::{Dialogue, NoResponse, Request, Response, Turn};
use crate::event::Stamp;
use crate::sync::{Answer, Epoch, Outcome, Queued, Receipt, Receipts};

/// After this many milliseconds what is decided is told: an app that is closed loses no more receipts than that.
const LONG_MS: i64 = 20_000;

/// How one record is sent.
pub(super) trait Post {
    /// What comes before the first record: where to ask which life the backend is in, or a fault of the settings.
    fn before(&mut self, _now: Stamp) -> Option<Before> {
        None
    }

    /// What the reply to a request of [`Self::before`] says.
    fn read_before(&mut self, _reply: Result<Response, NoResponse>, _now: Stamp) -> Before {
        Before::Stop(Answer::NotTheBackend)
    }

    /// The first request about `queued`, or what is known without one.
    fn begin(&mut self, queued: &Queued, now: Stamp) -> Step;

    /// What follows from the reply to the last request about `queued`.
    fn read(&mut self, queued: &Queued, reply: Result<Response, NoResponse>, now: Stamp) -> Step;
}

pub(super) enum Before {
    Ask(Request),
    Ready(Epoch),
    Stop(Answer),
}

pub(super) enum Step {
    Ask(Request),
    Decided(Outcome),
    /// Nothing more can be sent now.
    Stop(Answer),
}

impl From<Fault> for Step {
    fn from(fault: Fault) -> Self {
        Self::Stop(fault.into())
    }
}

/// The dialogue about one batch.
pub(super) struct OneByOne<P> {
    post: P,
    epoch: Epoch,
    batch: std::vec::IntoIter<Queued>,
    current: Option<Queued>,
    receipts: Vec<Receipt>,
    begun: Stamp,
}

impl<P: Post> OneByOne<P> {
    /// `epoch` is that of the receipts, unless the post finds out another one.
    pub(super) fn new(post: P, epoch: Epoch, batch: &[Queued]) -> Self {
        Self {
            post,
            epoch,
            batch: Vec::from(batch).into_iter(),
            current: None,
            receipts: vec![],
            begun: Stamp::default(),
        }
    }

    fn prepare(&mut self, before: Before, now: Stamp) -> Turn<Answer> {
        match before {
            Before::Ask(request) => Turn::Ask(request),
            Before::Stop(answer) => Turn::Done(answer),
            Before::Ready(epoch) => {
                self.epoch = epoch;
                // However long it took to get here, the first record has its time.
                self.begun = now;
                self.next(now)
            }
        }
    }

    fn next(&mut self, now: Stamp) -> Turn<Answer> {
        while now.ms_since(self.begun) < LONG_MS {
            self.current = self.batch.next();
            let Some(queued) = &self.current else { break };
            let step = self.post.begin(queued, now);
            if let Some(turn) = self.take(step, now) {
                return turn;
            }
        }
        Turn::Done(self.receipts(now))
    }

    /// `None` when the current record is decided.
    fn take(&mut self, step: Step, now: Stamp) -> Option<Turn<Answer>> {
        match step {
            Step::Ask(request) => Some(Turn::Ask(request)),
            Step::Decided(outcome) => {
                if let Some(Queued { entry, .. }) = self.current.take() {
                    let (id, digest) = (entry.id.to_string(), entry.digest.to_string());
                    self.receipts.push(Receipt::new("", &id, &digest, &outcome, None));
                }
                None
            }
            // What was decided before stays so; the next batch begins with what stopped this one.
            Step::Stop(answer) if self.receipts.is_empty() => Some(Turn::Done(answer)),
            Step::Stop(_) => Some(Turn::Done(self.receipts(now))),
        }
    }

    fn receipts(&mut self, now: Stamp) -> Answer {
        let receipts = std::mem::take(&mut self.receipts);
        Answer::Receipts(Receipts { epoch: self.epoch.clone(), received: now, receipts })
    }
}

impl<P: Post> Dialogue for OneByOne<P> {
    type Answer = Answer;

    fn open(&mut self, now: Stamp) -> Turn<Answer> {
        self.begun = now;
        match self.post.before(now) {
            Some(before) => self.prepare(before, now),
            None => self.next(now),
        }
    }

    fn reply(&mut self, reply: Result<Response, NoResponse>, now: Stamp) -> Turn<Answer> {
        let Some(queued) = &self.current else {
            let before = self.post.read_before(reply, now);
            return self.prepare(before, now);
        };
        let step = self.post.read(queued, reply, now);
        self.take(step, now).unwrap_or_else(|| self.next(now))
    }
}
