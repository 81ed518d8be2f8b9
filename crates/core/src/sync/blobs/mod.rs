//! The machine of photos: which piece goes next, and what an answer means. The store holds the photos; the machine holds
//! only how things stand. It sends while the outbox has nothing to send, and stops at once when it has.

mod messages;
#[cfg(test)]
mod tests;

pub use messages::{Blob, BlobAnswer, BlobCommand, BlobInput, BlobNote, Piece, Span, Standing};

use super::{Backoff, Epoch, FlightId, Refusal};
use crate::event::{Digest, Stamp};

/// Bytes of a piece: a minute over a link of about 40 kbit/s.
const LARGEST: u64 = 262_144;
const SMALLEST: u64 = 16_384;
/// Answers within this time, in milliseconds, say that the link bears more.
const FAST_MS: i64 = 10_000;

/// How things stand; the default is right after every start of the app.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BlobState {
    mode: Mode,
    /// Whether it may send now.
    free: bool,
    /// A wake came while busy.
    again: bool,
    piece: Size,
    backoff: Backoff,
    waiting_since: Stamp,
    /// The backend asked to be left alone until then.
    not_before: Option<Stamp>,
    flight: FlightId,
    blob: Option<Blob>,
    span: Option<Span>,
    /// The photo of which the backend has told how much it holds, just before.
    sure: Option<Digest>,
    /// The one that broke off on the way: the backend may hold more than is known.
    unsure: Option<Digest>,
    /// The backend holds more of it than there is.
    anew: Option<Digest>,
    /// Those that were begun again because the backend had dropped them.
    dropped: Vec<Digest>,
    /// Those on which the backend chokes: the others go first.
    passed_over: Vec<Digest>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    #[default]
    Resting,
    Loading,
    Sending,
    Noting,
    Waiting(Stamp),
    /// The backend does not know this phone.
    Paused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Size(u64);

impl Default for Size {
    fn default() -> Self {
        Self(LARGEST)
    }
}

impl Size {
    fn shrink(&mut self) {
        self.0 = (self.0 / 2).max(SMALLEST);
    }

    fn grow(&mut self, took_ms: i64) {
        if took_ms < FAST_MS {
            self.0 = (self.0 * 2).min(LARGEST);
        }
    }
}

/// One step: how things stand, and what happened, give how things stand now and what to do.
pub fn blob_step(mut state: BlobState, input: BlobInput) -> (BlobState, Vec<BlobCommand>) {
    let commands = match input {
        BlobInput::Free { now } => state.freed(now),
        BlobInput::Taken => state.taken(),
        BlobInput::Wake { insists, now } => state.woken(insists, now),
        BlobInput::Tick { now } => state.tick(now),
        BlobInput::Loaded { blob } => state.loaded(blob),
        BlobInput::Answered { flight, answer, now, took_ms, jitter } => {
            if flight == state.flight && state.mode == Mode::Sending {
                state.answered(answer, now, took_ms, jitter)
            } else {
                vec![]
            }
        }
        BlobInput::Noted => state.next(),
        BlobInput::StoreFailed { now, jitter } => state.wait(0, now, jitter),
    };
    (state, commands)
}

impl BlobState {
    /// The photo that is on its way.
    pub fn on_its_way(&self) -> Option<&Blob> {
        self.blob.as_ref().filter(|_| matches!(self.mode, Mode::Sending | Mode::Noting))
    }

    pub fn is_paused(&self) -> bool {
        self.mode == Mode::Paused
    }

    fn freed(&mut self, now: Stamp) -> Vec<BlobCommand> {
        // What made it free was an answer of the backend.
        if std::mem::replace(&mut self.free, true) { vec![] } else { self.try_again(now) }
    }

    fn taken(&mut self) -> Vec<BlobCommand> {
        self.free = false;
        if self.mode == Mode::Sending { vec![BlobCommand::Abort] } else { vec![] }
    }

    fn woken(&mut self, insists: bool, now: Stamp) -> Vec<BlobCommand> {
        match self.mode {
            Mode::Loading | Mode::Sending | Mode::Noting => {
                self.again = true;
                vec![]
            }
            // A new photo keeps to the wait, which ends by itself.
            Mode::Waiting(_) | Mode::Paused if !insists => vec![],
            _ => self.try_again(now),
        }
    }

    fn try_again(&mut self, now: Stamp) -> Vec<BlobCommand> {
        let busy = matches!(self.mode, Mode::Loading | Mode::Sending | Mode::Noting);
        let asked_for_time = self.not_before.is_some_and(|until| now < until && now >= self.waiting_since);
        if busy || asked_for_time || !self.free {
            return vec![];
        }
        self.backoff.reset();
        self.passed_over.clear();
        self.load()
    }

    fn tick(&mut self, now: Stamp) -> Vec<BlobCommand> {
        match self.mode {
            // A clock that was put back says nothing about the wait.
            Mode::Waiting(until) if now >= until || now < self.waiting_since => {
                self.not_before = None;
                if self.free { self.load() } else { self.rest() }
            }
            Mode::Waiting(until) => vec![BlobCommand::WakeAt(until)],
            _ => vec![],
        }
    }

    fn load(&mut self) -> Vec<BlobCommand> {
        self.mode = Mode::Loading;
        self.again = false;
        vec![BlobCommand::Load { passing_over: self.passed_over.clone() }]
    }

    fn rest(&mut self) -> Vec<BlobCommand> {
        self.mode = Mode::Resting;
        self.blob = None;
        vec![]
    }

    /// Gives the lock back, and goes on if it may.
    fn next(&mut self) -> Vec<BlobCommand> {
        let mut commands = vec![BlobCommand::Release];
        commands.extend(if self.free { self.load() } else { self.rest() });
        commands
    }

    fn loaded(&mut self, blob: Option<Blob>) -> Vec<BlobCommand> {
        let Some(blob) = blob.filter(|_| self.free) else {
            // The wait is behind those that were passed over, and there are no others any more.
            let passed = !std::mem::take(&mut self.passed_over).is_empty();
            if self.free && (passed || self.again) {
                return self.next();
            }
            self.rest();
            return vec![BlobCommand::Release];
        };
        let span = self.span_of(&blob);
        let piece =
            Piece { sha256: blob.sha256, media_type: blob.media_type.clone(), total: blob.bytes, span };
        self.mode = Mode::Sending;
        self.flight.0 += 1;
        (self.blob, self.span) = (Some(blob), Some(span));
        vec![BlobCommand::Send { flight: self.flight, piece }]
    }

    fn span_of(&mut self, blob: &Blob) -> Span {
        let name = Some(blob.sha256);
        if self.anew == name {
            self.anew = None;
            return Span::Whole;
        }
        let told = self.sure == name || (blob.held == 0 && self.unsure != name);
        if !told || blob.held >= blob.bytes {
            return Span::Ask;
        }
        Span::Part(blob.held, blob.bytes.min(blob.held + self.piece.0))
    }

    fn answered(&mut self, answer: BlobAnswer, now: Stamp, took_ms: i64, jitter: u32) -> Vec<BlobCommand> {
        let (Some(blob), Some(span)) = (self.blob.clone(), self.span) else { return self.next() };
        let sha256 = blob.sha256;
        self.sure = None;
        match answer {
            BlobAnswer::Receipt(epoch) => self.receipted(sha256, epoch, took_ms),
            BlobAnswer::Held(held) => self.held(&blob, span, held, (now, took_ms, jitter)),
            BlobAnswer::Dropped(refusal) if self.dropped.contains(&sha256) => self.refuse(sha256, refusal),
            BlobAnswer::Dropped(_) => {
                self.dropped.push(sha256);
                self.sure = Some(sha256);
                self.note(sha256, BlobNote::Held(0))
            }
            BlobAnswer::Refused(refusal) => self.refuse(sha256, refusal),
            // Somebody signed in while this request was on its way with the old credential.
            BlobAnswer::SignIn if self.again => self.next(),
            BlobAnswer::SignIn => {
                self.mode = Mode::Paused;
                self.blob = None;
                vec![BlobCommand::Release]
            }
            BlobAnswer::Busy(at_least) => self.wait(at_least.unwrap_or(0), now, jitter),
            BlobAnswer::Aborted => {
                self.unsure = Some(sha256);
                self.next()
            }
            BlobAnswer::NotTheBackend => self.wait(0, now, jitter),
            BlobAnswer::Unreachable | BlobAnswer::TimedOut => self.broken_off(sha256, now, jitter),
            // Perhaps it is this one: let the others pass.
            BlobAnswer::TooLarge | BlobAnswer::Backend(_) => {
                self.passed_over.push(sha256);
                self.broken_off(sha256, now, jitter)
            }
        }
    }

    fn receipted(&mut self, sha256: Digest, epoch: Epoch, took_ms: i64) -> Vec<BlobCommand> {
        self.went_well(took_ms);
        self.dropped.retain(|dropped| *dropped != sha256);
        self.note(sha256, BlobNote::Sent(epoch))
    }

    fn held(
        &mut self,
        blob: &Blob,
        span: Span,
        held: u64,
        (now, took_ms, jitter): (Stamp, i64, u32),
    ) -> Vec<BlobCommand> {
        if held > blob.bytes {
            self.anew = Some(blob.sha256);
            return self.wait(0, now, jitter);
        }
        let gained = held > blob.held;
        // It has forgotten some, which is said once; what gains nothing over and over must wait.
        if !gained && (span != Span::Ask || held == blob.bytes) {
            self.unsure = Some(blob.sha256);
            return self.wait(0, now, jitter);
        }
        if gained {
            self.went_well(took_ms);
        }
        self.sure = Some(blob.sha256);
        self.note(blob.sha256, BlobNote::Held(held))
    }

    fn went_well(&mut self, took_ms: i64) {
        self.backoff.reset();
        self.not_before = None;
        self.unsure = None;
        self.piece.grow(took_ms);
    }

    fn refuse(&mut self, sha256: Digest, refusal: Refusal) -> Vec<BlobCommand> {
        self.dropped.retain(|dropped| *dropped != sha256);
        self.note(sha256, BlobNote::Refused(refusal))
    }

    fn note(&mut self, sha256: Digest, note: BlobNote) -> Vec<BlobCommand> {
        self.mode = Mode::Noting;
        vec![BlobCommand::Note { sha256, note }]
    }

    /// Bytes may have arrived all the same: the next request asks.
    fn broken_off(&mut self, sha256: Digest, now: Stamp, jitter: u32) -> Vec<BlobCommand> {
        self.unsure = Some(sha256);
        self.piece.shrink();
        self.wait(0, now, jitter)
    }

    fn wait(&mut self, at_least_ms: i64, now: Stamp, jitter: u32) -> Vec<BlobCommand> {
        let until = now.plus_ms(self.backoff.fail(jitter).max(at_least_ms));
        self.blob = None;
        self.not_before = (at_least_ms > 0).then_some(until);
        if std::mem::take(&mut self.again) && at_least_ms == 0 && self.free {
            return self.next();
        }
        self.mode = Mode::Waiting(until);
        self.waiting_since = now;
        vec![BlobCommand::Release, BlobCommand::WakeAt(until)]
    }
}
