//! A convoy's plan and what its phones write.

use waymark_core::event::{
    AreaLevel, Body, CheckinKind, CheckinMade, Detail, Ending, EventId, Leg, MovementClosed, MovementPlanned,
    Passage, PeopleState, Person, Plan, Position, Roll, Stamp, Vehicle, WatchRules,
};
use waymark_core::sync::Session;

use super::pace::Pace;
use super::random::Random;
use super::trip::{INTERVAL, Trip, What, Whereabouts};

/// Simulated minutes to a real one beyond which a plan cannot say how fast check-ins come.
const FASTEST_WATCHED: f64 = 60.0;
/// How long a silence is then: what the usual rules make of it in simulated minutes.
const USUAL_SILENCE: f64 = 85.0;

/// Degrees by which a fix is off at most: about 300 m.
const OFF: f64 = 0.003;

/// What the phones of one convoy have in common.
#[derive(Debug, Clone)]
pub struct Convoy {
    pub movement: EventId,
    pub trip: Trip,
    pub pace: Pace,
    pub plan: Plan,
}

/// The call sign of a vehicle, both counted from 0.
pub fn call_sign(convoy: usize, vehicle: usize) -> String {
    format!("Sim {}-{}", convoy + 1, vehicle + 1)
}

impl Convoy {
    /// The convoy of these people, one vehicle each; the first leads, and passengers ride with the first. All its times
    /// are shortened by the pace.
    pub fn new(
        number: usize,
        movement: EventId,
        trip: Trip,
        (people, passengers): (&[&Session], &[Person]),
        pace: Pace,
    ) -> Self {
        let person =
            |session: &Session| Person { name: session.name.clone(), user: Some(session.user.clone()) };
        let vehicle = |(vehicle, session): (usize, &&Session)| Vehicle {
            call_sign: call_sign(number, vehicle),
            plate: None,
            people: [vec![person(session)], if vehicle == 0 { passengers.to_vec() } else { vec![] }].concat(),
        };
        let shorter =
            |leg: Leg| Leg { minutes: leg.minutes.map(|minutes| pace.shortened(f64::from(minutes))), ..leg };
        let plan = Plan {
            name: format!("Simulated convoy {}", number + 1),
            purpose: Some("A simulation: nobody is on the road.".into()),
            clearance: None,
            notification: None,
            area_level: AreaLevel::Moderate,
            leader: people.first().map(|session| person(session)),
            vehicles: people.iter().enumerate().map(vehicle).collect(),
            on_foot: vec![],
            headcount: u32::try_from(people.len() + passengers.len()).unwrap_or(u32::MAX),
            depart: pace.stamp(Trip::departs()),
            from: trip.stretch.from(),
            legs: trip.stretch.legs(trip.km_h).into_iter().map(shorter).collect(),
            turnaround: None,
            no_go: vec![],
            means: vec![],
            contacts: vec![],
            actions_on: vec![],
            watch: watch(pace),
        };
        Self { movement, trip, pace, plan }
    }

    /// For how many simulated minutes somebody is silent: until the third step of the ladder, where the plan can say it.
    pub fn silence(&self) -> f64 {
        let speed = self.pace.speed;
        let WatchRules { interval, grace, step, .. } = self.plan.watch;
        if speed > FASTEST_WATCHED { USUAL_SILENCE } else { f64::from(interval + grace + 3 * step) * speed }
    }

    /// The record of something that is done at `now`; `vehicle` is the call sign it is said for, `None` for all.
    pub fn body(&self, what: &What, vehicle: Option<&str>, now: Stamp, random: &mut Random) -> Body {
        match what {
            What::Plan => Body::MovementPlanned(Box::new(MovementPlanned { plan: self.plan.clone() })),
            What::Close => Body::MovementClosed(MovementClosed {
                movement: self.movement,
                ending: Ending::Completed,
                accounted: Some(self.plan.headcount),
                contact: None,
                note: None,
            }),
            What::Checkin { kind, at } => {
                let position = self.position(at, now, random);
                Body::CheckinMade(self.checkin(kind, position, vehicle))
            }
        }
    }

    fn checkin(&self, kind: &CheckinKind, position: Position, vehicle: Option<&str>) -> CheckinMade {
        let detail = match kind {
            CheckinKind::Checkpoint => Detail { passage: Some(Passage::Free), ..Detail::default() },
            CheckinKind::Halted => Detail { reason: Some("Prayer and tea".into()), ..Detail::default() },
            CheckinKind::Delayed => {
                Detail { reason: Some("No signal in the wadi".into()), ..Detail::default() }
            }
            _ => Detail::default(),
        };
        let next_in = (*kind == CheckinKind::Halted).then(|| self.pace.shortened(30.0));
        let vehicles = vehicle.map(str::to_owned).into_iter().collect();
        CheckinMade {
            checkin: kind.clone(),
            people: PeopleState::Safe,
            headcount: None,
            position,
            note: None,
            movement: Some(self.movement),
            roll: Roll { vehicles, ..Roll::default() },
            detail,
            next_in,
            relayed: None,
            duress: false,
        }
    }

    fn position(&self, at: &Whereabouts, now: Stamp, random: &mut Random) -> Position {
        match at {
            Whereabouts::Gps(km) => {
                let off = (random.between(-OFF, OFF), random.between(-OFF, OFF));
                self.trip.stretch.fix(*km, off, random.between(5.0, 60.0).round(), now)
            }
            // Odometers are read to the kilometre.
            Whereabouts::Odometer(km) => Position::Odometer { km: km.round() },
            Whereabouts::Town(name) => Position::Waypoint { name: name.clone() },
        }
    }
}

fn watch(pace: Pace) -> WatchRules {
    let WatchRules { grace, prompt, step, hold, .. } = WatchRules::of_level(&AreaLevel::Moderate);
    let shortened = |minutes: u32| pace.shortened(f64::from(minutes));
    WatchRules {
        interval: pace.shortened(INTERVAL),
        grace: shortened(grace),
        prompt: shortened(prompt),
        step: shortened(step),
        hold: shortened(hold),
    }
}
