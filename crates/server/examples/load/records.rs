//! What phones write: a trip of a plan, check-ins and its end, over and over, or check-ins outside of trips.

use waymark_core::event::{Body, CheckinKind, Event, EventId, Kind, PeopleState, Person, Stamp, Unsaved};
use waymark_core::sync::{Entry, Queued, Session};
use waymark_core::testing::build;
use waymark_server::secret;

/// Records of a trip: a plan, check-ins, the closing.
const TRIP: usize = 25;
/// Between two records of a trip.
const STEP_MS: i64 = 600_000;

/// Writes for one device.
#[derive(Debug)]
pub struct Author {
    session: Session,
    devseq: u64,
}

impl Author {
    pub fn new(session: Session) -> Self {
        Self { session, devseq: 0 }
    }

    /// A check-in outside of trips.
    pub fn checkin(&mut self, now: Stamp) -> Event {
        let note = format!("check-in {} at the bridge", self.devseq);
        self.write(id(now), now, build::checkin_body(PeopleState::Safe, &note))
    }

    /// So many records, the last of them at `now`, those before it of whole trips as far as they go.
    pub fn trips(&mut self, count: usize, now: Stamp) -> Vec<Event> {
        let mut all = vec![];
        let at = |n: usize| now.plus_ms(-STEP_MS * i64::try_from(count - 1 - n).unwrap());
        for first in (0..count).step_by(TRIP) {
            if first + TRIP > count {
                all.extend((first..count).map(|n| self.checkin(at(n))));
                break;
            }
            let movement = id(at(first));
            all.push(self.write(movement, at(first), self.plan(at(first))));
            for n in first + 1..first + TRIP - 1 {
                let made = build::heard(movement, CheckinKind::Waypoint, PeopleState::Safe);
                all.push(self.write(id(at(n)), at(n), Body::CheckinMade(made)));
            }
            let end = at(first + TRIP - 1);
            all.push(self.write(id(end), end, build::closed(movement)));
        }
        all
    }

    /// Confirms one of ten of these that are check-ins.
    pub fn confirm(&mut self, events: &[Event], now: Stamp) -> Vec<Event> {
        let checkins = events.iter().filter(|event| event.kind == Kind::CheckinMade).step_by(10);
        checkins.map(|event| self.write(id(now), now, build::confirmation_of(event))).collect()
    }

    fn plan(&self, depart: Stamp) -> Body {
        let mut plan = build::plan();
        plan.depart = depart;
        let leader = Person { name: self.session.name.clone(), user: Some(self.session.user.clone()) };
        for vehicle in &mut plan.vehicles {
            vehicle.people.truncate(1);
        }
        plan.vehicles[0].people[0] = leader.clone();
        plan.leader = Some(leader);
        plan.headcount = 2;
        build::planned(plan)
    }

    fn write(&mut self, id: EventId, time: Stamp, body: Body) -> Event {
        self.devseq += 1;
        let unsaved = Unsaved {
            id,
            source: self.session.source(),
            time,
            recorded: time,
            author: self.session.user.clone(),
            pack: "builtin@0".into(),
            exercise: false,
            clockoffset: Some(0),
            body,
        };
        unsaved.into_event(self.devseq)
    }
}

/// As it lies in a phone's queue.
pub fn queued(event: &Event) -> Queued {
    let json = event.to_json().to_string();
    Queued { entry: Entry::of(event, false, json.len()), json }
}

fn id(at: Stamp) -> EventId {
    EventId::new(u64::try_from(at.0).unwrap(), secret::random().unwrap())
}
