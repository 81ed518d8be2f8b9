use super::*;

const NOW: Stamp = Stamp(1_000_000);

fn blob(name: &[u8], bytes: u64, held: u64) -> Blob {
    Blob { sha256: Digest::of_bytes(name), media_type: "image/jpeg".to_owned(), bytes, held }
}

/// The machine with its store: photos in order, and what was noted of them.
struct Phone {
    state: BlobState,
    photos: Vec<Blob>,
    sent: Vec<Digest>,
    refused: Vec<Digest>,
    /// The request that is on its way.
    flying: Option<(FlightId, Piece)>,
    wait: Option<Stamp>,
    now: Stamp,
}

impl Phone {
    fn new(photos: Vec<Blob>) -> Self {
        let state = BlobState::default();
        let mut phone =
            Self { state, photos, sent: vec![], refused: vec![], flying: None, wait: None, now: NOW };
        phone.input(BlobInput::Free { now: NOW });
        phone
    }

    fn input(&mut self, input: BlobInput) {
        let (state, commands) = blob_step(std::mem::take(&mut self.state), input);
        self.state = state;
        for command in commands {
            match command {
                BlobCommand::Load { passing_over } => {
                    let blob = self.photos.iter().find(|blob| !passing_over.contains(&blob.sha256)).cloned();
                    self.input(BlobInput::Loaded { blob });
                }
                BlobCommand::Send { flight, piece } => self.flying = Some((flight, piece)),
                BlobCommand::Note { sha256, note } => {
                    self.note(sha256, &note);
                    self.input(BlobInput::Noted);
                }
                BlobCommand::WakeAt(at) => self.wait = Some(at),
                BlobCommand::Abort => self.answer(BlobAnswer::Aborted),
                BlobCommand::Release => {}
            }
        }
    }

    fn note(&mut self, sha256: Digest, note: &BlobNote) {
        match note {
            BlobNote::Held(held) => {
                let blob = self.photos.iter_mut().find(|blob| blob.sha256 == sha256);
                blob.unwrap().held = *held;
            }
            BlobNote::Sent(_) => {
                self.photos.retain(|blob| blob.sha256 != sha256);
                self.sent.push(sha256);
            }
            BlobNote::Refused(_) => {
                self.photos.retain(|blob| blob.sha256 != sha256);
                self.refused.push(sha256);
            }
        }
    }

    fn answer(&mut self, answer: BlobAnswer) {
        let (flight, _) = self.flying.take().unwrap();
        let (now, took_ms, jitter) = (self.now, 100, u32::MAX);
        self.input(BlobInput::Answered { flight, answer, now, took_ms, jitter });
    }

    /// Answers as a server that holds so much of the only photo; gives what was asked of it.
    fn served(&mut self, held: &mut u64) -> Span {
        let (_, piece) = self.flying.clone().unwrap();
        match piece.span {
            Span::Whole => *held = piece.total,
            Span::Part(from, to) if from == *held => *held = to,
            Span::Part(..) | Span::Ask => {}
        }
        let whole = *held == piece.total;
        self.answer(if whole { receipt() } else { BlobAnswer::Held(*held) });
        piece.span
    }

    fn wait_over(&mut self) {
        self.now = self.wait.take().unwrap();
        self.input(BlobInput::Tick { now: self.now });
    }

    fn span(&self) -> Option<Span> {
        self.flying.as_ref().map(|(_, piece)| piece.span)
    }
}

fn receipt() -> BlobAnswer {
    BlobAnswer::Receipt(Epoch("e1".to_owned()))
}

fn words() -> Refusal {
    Refusal::new("not_an_image", "no".to_owned())
}

#[test]
fn a_photo_goes_piece_by_piece_and_leaves_on_its_receipt() {
    let mut phone = Phone::new(vec![blob(b"a", 600_000, 0), blob(b"b", 10, 0)]);
    let mut held = 0;
    let spans: Vec<Span> = (0..3).map(|_| phone.served(&mut held)).collect();
    let parts = [Span::Part(0, 262_144), Span::Part(262_144, 524_288), Span::Part(524_288, 600_000)];
    assert_eq!(spans, parts);
    assert_eq!(phone.sent, [Digest::of_bytes(b"a")]);
    assert_eq!(phone.span(), Some(Span::Part(0, 10)), "then the next");
    phone.answer(receipt());
    assert!(phone.photos.is_empty() && phone.flying.is_none());
}

#[test]
fn what_broke_off_goes_on_where_the_server_says_and_in_smaller_pieces() {
    let mut phone = Phone::new(vec![blob(b"a", 600_000, 0)]);
    phone.answer(BlobAnswer::Unreachable);
    assert_eq!(phone.span(), None, "it waits");
    phone.wait_over();
    assert_eq!(phone.span(), Some(Span::Ask));
    phone.answer(BlobAnswer::Held(70_000));
    assert_eq!(
        phone.span(),
        Some(Span::Part(70_000, 70_000 + 262_144)),
        "the answer was fast: it grows again"
    );
    phone.answer(BlobAnswer::TimedOut);
    phone.wait_over();
    phone.answer(BlobAnswer::TimedOut);
    phone.wait_over();
    phone.answer(BlobAnswer::Held(70_000));
    assert_eq!(phone.span(), Some(Span::Part(70_000, 70_000 + 65_536)));
}

#[test]
fn after_a_start_it_asks_first_how_much_arrived() {
    let mut phone = Phone::new(vec![blob(b"a", 600_000, 262_144)]);
    let mut held = 300_000;
    assert_eq!(phone.served(&mut held), Span::Ask);
    assert_eq!(phone.served(&mut held), Span::Part(300_000, 562_144));
    let mut lost = Phone::new(vec![blob(b"a", 600_000, 262_144)]);
    let mut held = 0;
    assert_eq!(lost.served(&mut held), Span::Ask);
    assert_eq!(lost.span(), Some(Span::Part(0, 262_144)), "the server has forgotten it");
}

#[test]
fn a_server_that_never_gets_further_is_asked_ever_more_rarely() {
    let mut phone = Phone::new(vec![blob(b"a", 600_000, 0)]);
    let mut waits = vec![];
    for _ in 0..6 {
        while phone.flying.is_some() {
            phone.answer(BlobAnswer::Held(0));
        }
        waits.push(phone.wait.unwrap().ms_since(phone.now));
        phone.wait_over();
    }
    assert_eq!(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 64_000]);
}

#[test]
fn what_the_server_dropped_is_sent_again_once() {
    let mut phone = Phone::new(vec![blob(b"a", 300_000, 0)]);
    phone.answer(BlobAnswer::Held(262_144));
    phone.answer(BlobAnswer::Dropped(words()));
    assert_eq!(phone.span(), Some(Span::Part(0, 262_144)));
    phone.answer(BlobAnswer::Held(262_144));
    phone.answer(BlobAnswer::Dropped(words()));
    assert_eq!(phone.refused, [Digest::of_bytes(b"a")]);
    let mut more = Phone::new(vec![blob(b"a", 300_000, 262_144)]);
    more.answer(BlobAnswer::Held(900_000));
    more.wait_over();
    assert_eq!(more.span(), Some(Span::Whole), "it holds more than there is");
}

#[test]
fn text_takes_the_line_at_once_and_gives_it_back() {
    let mut phone = Phone::new(vec![blob(b"a", 600_000, 0)]);
    phone.input(BlobInput::Taken);
    assert_eq!(phone.span(), None);
    phone.input(BlobInput::Wake { insists: true, now: NOW });
    assert_eq!(phone.span(), None, "not while text waits");
    phone.input(BlobInput::Free { now: NOW });
    assert_eq!(phone.span(), Some(Span::Ask), "what was on its way may have arrived");
    phone.answer(BlobAnswer::Held(9));
    assert_eq!(phone.span(), Some(Span::Part(9, 262_153)));
}

#[test]
fn a_photo_the_backend_chokes_on_does_not_hold_up_the_others() {
    let mut phone = Phone::new(vec![blob(b"a", 10, 0), blob(b"b", 10, 0)]);
    phone.answer(BlobAnswer::Backend(500));
    let over = phone.wait.take().unwrap();
    phone.input(BlobInput::Tick { now: NOW });
    assert_eq!(phone.flying.take(), None);
    phone.now = over;
    phone.input(BlobInput::Wake { insists: false, now: over });
    assert_eq!(phone.span(), None, "a new photo keeps to the wait");
    phone.input(BlobInput::Tick { now: over });
    let name = |phone: &Phone| phone.flying.as_ref().map(|(_, piece)| piece.sha256);
    assert_eq!(name(&phone), Some(Digest::of_bytes(b"b")));
    phone.answer(receipt());
    assert_eq!(name(&phone), Some(Digest::of_bytes(b"a")), "and has its own turn again");
}

#[test]
fn signed_out_it_pauses_until_somebody_signs_in() {
    let mut phone = Phone::new(vec![blob(b"a", 10, 0)]);
    phone.answer(BlobAnswer::SignIn);
    assert!(phone.state.is_paused() && phone.photos.len() == 1);
    phone.input(BlobInput::Wake { insists: false, now: NOW });
    assert_eq!(phone.flying, None);
    phone.input(BlobInput::Wake { insists: true, now: NOW });
    phone.answer(BlobAnswer::Busy(Some(60_000)));
    phone.input(BlobInput::Wake { insists: true, now: NOW.plus_ms(1) });
    assert_eq!(phone.flying, None, "asked for time");
    phone.wait_over();
    phone.answer(receipt());
    assert_eq!(phone.sent.len(), 1);
}
