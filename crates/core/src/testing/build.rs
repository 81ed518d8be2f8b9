//! Builders of events with unremarkable contents.

use crate::event::form::form_named;
use crate::event::{
    AreaLevel, Arrival, Body, CheckinConfirmed, CheckinDraft, CheckinKind, CheckinMade, EmergencyDraft,
    Ending, Event, EventId, Filled, Leg, MovementClosed, MovementPlanned, PeopleState, Person, Place, Plan,
    Record, RecordSeen, Source, Stamp, Unsaved, Vehicle, WatchRules,
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

/// A plan from Abéché by way of Farchana to Adré: two vehicles, three people, leaving at [`MORNING`].
pub fn plan() -> Plan {
    let text = |text: &str| text.to_owned();
    let leg = |to: &str, km: f64, minutes: u32| Leg {
        to: Place { name: text(to), code_name: None, at: None },
        road: None,
        km: Some(km),
        minutes: Some(minutes),
        medical: None,
        overnight_until: None,
    };
    let person = |name: &str| Person { name: text(name), user: Some(name.into()) };
    let vehicle = |call_sign: &str, people: &[&str]| Vehicle {
        call_sign: text(call_sign),
        plate: None,
        people: people.iter().copied().map(person).collect(),
    };
    Plan {
        name: text("Convoy Mike 2"),
        purpose: None,
        clearance: None,
        notification: None,
        area_level: AreaLevel::Moderate,
        leader: Some(person("idriss")),
        vehicles: vec![vehicle("Mike 2", &["idriss", "hawa"]), vehicle("Mike 3", &["moussa"])],
        on_foot: vec![],
        headcount: 3,
        depart: MORNING,
        from: Place {
            name: text("Abéché"), code_name: Some(text("Baker")), at: Some((13.829_16, 20.8324))
        },
        legs: vec![leg("Farchana", 90.0, 120), leg("Adré", 60.0, 80)],
        turnaround: None,
        no_go: vec![],
        means: vec![],
        contacts: vec![],
        actions_on: vec![],
        watch: WatchRules::of_level(&AreaLevel::Moderate),
    }
}

pub fn planned(plan: Plan) -> Body {
    Body::MovementPlanned(Box::new(MovementPlanned { plan }))
}

/// A check-in in a movement; change its fields as needed.
///
/// # Panics
/// Never: the draft is valid.
#[allow(clippy::expect_used)]
pub fn heard(movement: EventId, checkin: CheckinKind, people: PeopleState) -> CheckinMade {
    let who = "the base at Adré".to_owned();
    let draft = CheckinDraft { checkin, who, ..CheckinDraft::one_tap(people, Some(movement)) };
    draft.parse(None, MORNING).expect("a valid draft")
}

pub fn closed(movement: EventId) -> Body {
    let (ending, accounted) = (Ending::Completed, Some(3));
    Body::MovementClosed(MovementClosed { movement, ending, accounted, contact: None, note: None })
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

/// A body that is a form, of this data.
///
/// # Panics
/// If the data does not fit.
#[allow(clippy::expect_used)]
pub fn filled(form: &str, data: &serde_json::Value) -> Body {
    let form = form_named(form).expect("a form of this name");
    Body::Filled(Box::new(Filled::read(form, data).expect("data that fits")))
}
