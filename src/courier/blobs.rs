//! Sending photos: piece by piece, while there is no text to send.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::{Set as _, WithUntracked as _};
use leptos::task::spawn_local;
use waymark_core::backend::blobs;
use waymark_core::event::Digest;
use waymark_core::sync::{
    BlobAnswer, BlobCommand, BlobInput, BlobNote, BlobState, FlightId, LocalStore as _, Mode, Piece,
    PullInput, Refusal, Span, blob_step,
};
use web_sys::AbortController;

use super::{Courier, timer};
use crate::browser::channel::Word;
use crate::browser::{clock, http, locks};
use crate::state::SendingPhoto;

/// One tab sends photos at a time; text has a lock of its own.
const LOCK: &str = "waymark-photos";
/// How long to stay off the line when another tab has something urgent to send.
const GIVE_WAY_MS: u32 = 5_000;

#[derive(Default)]
pub(super) struct Photos {
    state: RefCell<BlobState>,
    lock: RefCell<Option<locks::Lock>>,
    flight: RefCell<Option<AbortController>>,
    timer: RefCell<Option<Timeout>>,
}

impl Courier {
    /// Photos go while there is a network and no text to send. While the outbox looks, it is not yet known.
    pub(super) fn follow_outbox(self: &Rc<Self>) {
        let free = {
            let home = self.home();
            let outbox = home.state.borrow();
            let rests = match outbox.mode() {
                Mode::Loading => return,
                Mode::Idle => true,
                // Some records were set aside; the others are away.
                Mode::Waiting(_) => outbox.trouble().is_none(),
                Mode::Sending | Mode::Settling | Mode::Paused => false,
            };
            rests && outbox.is_online() && self.session.borrow().is_some() && home.destination.is_ours()
        };
        self.blob_input(if free { BlobInput::Free { now: clock::now() } } else { BlobInput::Taken });
    }

    /// There may be a photo to send; `insists` as in [`BlobInput::Wake`].
    pub fn wake_photos(self: &Rc<Self>, insists: bool) {
        self.blob_input(BlobInput::Wake { insists, now: clock::now() });
    }

    /// Another tab has something urgent.
    pub(super) fn give_way(self: &Rc<Self>) {
        self.blob_input(BlobInput::Taken);
        let this = Rc::downgrade(self);
        spawn_local(async move {
            clock::sleep(GIVE_WAY_MS).await;
            if let Some(this) = this.upgrade() {
                this.follow_outbox();
            }
        });
    }

    fn blob_input(self: &Rc<Self>, input: BlobInput) {
        let state = self.photos.state.take();
        let (state, commands) = blob_step(state, input);
        self.photos.state.replace(state);
        for command in commands {
            self.perform_blob(command);
        }
        self.show_photo();
    }

    fn perform_blob(self: &Rc<Self>, command: BlobCommand) {
        let this = Rc::clone(self);
        match command {
            BlobCommand::Load { passing_over } => spawn_local(async move {
                let lock = locks::acquire(LOCK).await;
                this.photos.lock.replace(Some(lock));
                if let Ok(meta) = this.store.meta().await {
                    this.follow(meta.session);
                }
                match this.store.next_photo(&passing_over).await {
                    Ok(blob) => this.blob_input(BlobInput::Loaded { blob }),
                    Err(_) => this.photo_failed(),
                }
            }),
            BlobCommand::Send { flight, piece } => {
                let controller = AbortController::new().ok();
                self.photos.flight.replace(controller.clone());
                spawn_local(async move { this.send_piece(flight, piece, controller).await });
            }
            BlobCommand::Abort => {
                if let Some(controller) = self.photos.flight.borrow().as_ref() {
                    controller.abort();
                }
            }
            BlobCommand::Note { sha256, note } => {
                spawn_local(async move { this.note_photo(sha256, note).await });
            }
            BlobCommand::Release => {
                self.photos.lock.take();
            }
            BlobCommand::WakeAt(at) => {
                let this = self.later();
                let timer = timer(at.ms_since(clock::now()), move || {
                    this(&|courier| courier.blob_input(BlobInput::Tick { now: clock::now() }));
                });
                self.photos.timer.replace(Some(timer));
            }
        }
    }

    async fn send_piece(self: &Rc<Self>, flight: FlightId, piece: Piece, abort: Option<AbortController>) {
        let begun = clock::now();
        let session = self.session.borrow().clone();
        let answer = match (session, self.store.photo(&piece.sha256).await) {
            (None, _) => BlobAnswer::SignIn,
            (_, Err(_)) => return self.photo_failed(),
            (_, Ok(None)) => BlobAnswer::Refused(Refusal::new("lost", String::new())),
            (Some(session), Ok(Some(bytes))) => {
                let request = blobs::put(&session, &piece, part(bytes, piece.span));
                let reply = http::fetch(&request, abort.as_ref()).await;
                blobs::read_put(reply, &piece, clock::now())
            }
        };
        if answer == BlobAnswer::SignIn {
            // The feed is told the same, and the screens with it.
            self.pull_input(PullInput::Wake { now: clock::now() });
        }
        let (now, jitter) = (clock::now(), clock::jitter());
        let took_ms = now.ms_since(begun);
        self.blob_input(BlobInput::Answered { flight, answer, now, took_ms, jitter });
    }

    async fn note_photo(self: &Rc<Self>, sha256: Digest, note: BlobNote) {
        if self.store.note_photo(&sha256, &note).await.is_err() {
            return self.photo_failed();
        }
        self.blob_input(BlobInput::Noted);
        if !matches!(note, BlobNote::Held(_)) {
            self.refresh_soon();
            self.tell_others(Word::Changed);
        }
    }

    fn photo_failed(self: &Rc<Self>) {
        self.blob_input(BlobInput::StoreFailed { now: clock::now(), jitter: clock::jitter() });
    }

    /// Lets the screens follow the one that is on its way.
    fn show_photo(&self) {
        let Some(app) = self.app.get() else { return };
        let state = self.photos.state.borrow();
        let sending = state.on_its_way().map(|blob| SendingPhoto {
            sha256: blob.sha256,
            percent: u32::try_from(blob.held * 100 / blob.bytes.max(1)).unwrap_or(100),
        });
        if app.photos.sending.with_untracked(|shown| *shown != sending) {
            app.photos.sending.set(sending);
        }
    }
}

fn part(mut bytes: Vec<u8>, span: Span) -> Vec<u8> {
    match span {
        Span::Whole => bytes,
        Span::Ask => vec![],
        Span::Part(from, to) => {
            bytes.truncate(usize::try_from(to).unwrap_or(usize::MAX));
            bytes.drain(..usize::try_from(from).unwrap_or_default().min(bytes.len()));
            bytes
        }
    }
}
