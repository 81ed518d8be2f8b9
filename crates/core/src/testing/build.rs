//! Builders of events with unremarkable contents.

use crate::event::{
    Arrival, Body, CheckinConfirmed, CheckinDraft, EmergencyDraft, Event, EventId, PeopleState, Record,
    RecordSeen, Source, Stamp, Unsaved,
};

/// 2026-07-14T03:35:20Z: when the builders' days begin.
pub const MORNING: Stamp = Stamp(1_784_000_120_000);

pub fn source(device: &str) -> Source {
    Source { org: "acme".into(), device: device.into() }
}

/// An unsaved event of `device`; `n` makes its id and time differ from others'.
pub fn unsaved(device: &str, n: u64, body: Body) -> Unsaved {
    let time = MORNING.plus_ms(i64::try_from(n).unwrap_or(i64::MAX).saturating_mul(1_000));
    let mut random = [0; 10];
    random[..8].copy_from_slice(&(n ^ (device.bytes().map(u64::from).sum::<u64>() << 40)).to_be_bytes());
    Unsaved {
        id: EventId::new(u64::try_from(time.0).unwrap_or_default(), random),
        source: source(device),
        time,
        recorded: time,
        author: device.into(),
        pack: "builtin@0".into(),
        exercise: false,
        clockoffset: None,
        body,
    }
}

/// # Panics
/// Never: the draft is valid.
#[allow(clippy::expect_used)]
pub fn checkin_body(people: PeopleState, note: &str) -> Body {
    let draft = CheckinDraft { note: note.into(), ..CheckinDraft::one_tap(people, None) };
    Body::CheckinMade(draft.parse(None, MORNING).expect("a valid draft"))
}

/// # Panics
/// Never: the draft is valid.
#[allow(clippy::expect_used)]
pub fn emergency_body() -> Body {
    Body::EmergencyRaised(EmergencyDraft::default().parse(None, MORNING).expect("a valid draft"))
}

/// A saved safe check-in of device `d1`.
pub fn checkin(n: u64) -> Event {
    unsaved("d1", n, checkin_body(PeopleState::Safe, &format!("check-in {n}"))).into_event(n)
}

pub fn confirmation_of(event: &Event) -> Body {
    Body::CheckinConfirmed(CheckinConfirmed { record: event.id, digest: event.digest, movement: None })
}

pub fn seen_of(event: &Event) -> Body {
    Body::RecordSeen(RecordSeen { record: event.id, digest: event.digest })
}

/// `event` as it comes through a feed.
pub fn arrived(event: Event, seq: u64, author_name: &str) -> Record {
    let happened = event.time;
    let arrival =
        Arrival { seq, received: happened.plus_ms(60_000), happened, author_name: author_name.to_owned() };
    Record { event, arrival: Some(arrival) }
}
