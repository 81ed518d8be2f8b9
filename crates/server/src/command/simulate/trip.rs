//! What a convoy does on its way, and when.

use waymark_core::event::CheckinKind;

use crate::route::{Route, Stretch};

/// Simulated minutes between two check-ins.
pub const INTERVAL: f64 = 60.0;
const DEPARTS: f64 = 5.0;
const HALT: f64 = 20.0;
/// From arriving until the movement is closed.
const CLOSES: f64 = 5.0;
/// What convoys make of laterite roads.
const KM_H: f64 = 50.0;

/// Something a phone does at a simulated minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    pub minute: f64,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Plan,
    Checkin { kind: CheckinKind, at: Whereabouts },
    Close,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Whereabouts {
    /// Kilometres on the way, as satellites see them.
    Gps(f64),
    /// Kilometres on the way, as the odometer shows them.
    Odometer(f64),
    Town(String),
}

/// One way, driven once.
#[derive(Debug, Clone)]
pub struct Trip {
    pub stretch: Stretch,
    pub km_h: f64,
    /// Kilometre at which they halt for a while.
    halts: f64,
}

impl Trip {
    /// A way of about that many hours from town number `start` on, as far as the road goes. Where a single leg is longer
    /// they drive faster.
    pub fn new(road: &Route, start: usize, hours: u16) -> Option<Self> {
        let driving = f64::from(hours) - (DEPARTS + HALT + CLOSES + 5.0) / 60.0;
        let from = start % (road.towns() - 1);
        let ways = (from + 1..road.towns()).filter_map(|to| road.stretch(from, to));
        let mut fitting = ways.enumerate().take_while(|(legs, way)| *legs == 0 || way.km() <= driving * KM_H);
        let (_, mut stretch) = fitting.next()?;
        if let Some((_, longest)) = fitting.last() {
            stretch = longest;
        }
        let km_h = KM_H.max(stretch.km() / driving);
        Some(Self { halts: stretch.km() * 0.4, stretch, km_h })
    }

    pub fn departs() -> f64 {
        DEPARTS
    }

    /// The minute at which they reach a kilometre.
    fn minute(&self, km: f64) -> f64 {
        let halted = if km > self.halts { HALT } else { 0.0 };
        DEPARTS + km / self.km_h * 60.0 + halted
    }

    /// The kilometre at which they are.
    fn km(&self, minute: f64) -> f64 {
        let driven = (minute - DEPARTS).max(0.0);
        let until_halt = self.halts / self.km_h * 60.0;
        let driven = if driven > until_halt { (driven - HALT).max(until_halt) } else { driven };
        (driven * self.km_h / 60.0).min(self.stretch.km())
    }

    fn arrives(&self) -> f64 {
        self.minute(self.stretch.km())
    }

    /// What the leader's phone does, in order.
    pub fn leader(&self) -> Vec<Act> {
        let checkin = |minute, kind, at| Act { minute, what: What::Checkin { kind, at } };
        let total = self.stretch.km();
        let mut acts = vec![
            Act { minute: 0.0, what: What::Plan },
            checkin(self.minute(total / 4.0), CheckinKind::Checkpoint, Whereabouts::Gps(total / 4.0)),
            checkin(self.minute(self.halts), CheckinKind::Halted, Whereabouts::Odometer(self.halts)),
            Act { minute: self.arrives() + CLOSES, what: What::Close },
        ];
        for (town, km) in self.stretch.towns() {
            let kind = match km {
                km if km <= 0.0 => CheckinKind::Departed,
                km if km >= total => CheckinKind::Arrived,
                _ => CheckinKind::Waypoint,
            };
            acts.push(checkin(self.minute(km), kind, Whereabouts::Town(town.name.clone())));
        }
        for (turn, minute) in self.intervals(DEPARTS + INTERVAL).enumerate() {
            let km = self.km(minute);
            let at = if turn % 2 == 0 { Whereabouts::Gps(km) } else { Whereabouts::Odometer(km) };
            acts.push(checkin(minute, CheckinKind::Scheduled, at));
        }
        acts.sort_by(|one, other| one.minute.total_cmp(&other.minute));
        acts
    }

    /// What the phone of another vehicle does: it speaks for itself, `after` minutes later than the first.
    pub fn follower(&self, after: f64) -> Vec<Act> {
        let first = DEPARTS + after;
        let scheduled = self.intervals(first).map(|minute| (minute, CheckinKind::Scheduled));
        let arrived = (self.arrives() + 1.0, CheckinKind::Arrived);
        let act = |(minute, kind)| {
            let at = Whereabouts::Odometer(self.km(minute));
            Act { minute, what: What::Checkin { kind, at } }
        };
        scheduled.chain([arrived]).map(act).collect()
    }

    fn intervals(&self, first: f64) -> impl Iterator<Item = f64> {
        let arrives = self.arrives();
        std::iter::successors(Some(first), |minute| Some(minute + INTERVAL))
            .take_while(move |minute| *minute < arrives)
    }

    /// The same acts of somebody who is not heard for that many minutes and then reports a delay. Who should have
    /// arrived meanwhile does so afterwards.
    pub fn with_silence(&self, acts: Vec<Act>, minutes: f64) -> Vec<Act> {
        let from = DEPARTS + (self.arrives() - DEPARTS) * 0.3;
        let until = from + minutes;
        let mut told = Vec::new();
        for mut act in acts {
            let ends = match &act.what {
                What::Checkin { kind, .. } => *kind == CheckinKind::Arrived,
                What::Close => true,
                What::Plan => false,
            };
            if act.minute < from || act.minute > until + CLOSES {
                told.push(act);
            } else if ends {
                act.minute += until + CLOSES - from;
                told.push(act);
            }
        }
        let at = Whereabouts::Odometer(self.km(until));
        told.push(Act { minute: until, what: What::Checkin { kind: CheckinKind::Delayed, at } });
        told.sort_by(|one, other| one.minute.total_cmp(&other.minute));
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(acts: &[Act]) -> Vec<&str> {
        let word = |act: &Act| match &act.what {
            What::Plan => "plan".to_owned(),
            What::Close => "close".to_owned(),
            What::Checkin { kind, .. } => kind.code().to_owned(),
        };
        acts.iter().map(word).map(|word| &*word.leak()).collect()
    }

    #[test]
    fn a_leader_reports_all_that_happens_and_a_silent_one_comes_back() {
        let road = Route::chad_east().unwrap();
        let trip = Trip::new(&road, 0, 8).unwrap();
        assert_eq!(trip.stretch.towns().count(), 3, "N'Djamena to Bokoro");
        let acts = trip.leader();
        let said = kinds(&acts);
        assert_eq!(said[..3], ["plan", "departed", "scheduled"]);
        for kind in ["waypoint", "checkpoint", "halted"] {
            assert!(said.contains(&kind), "{kind}: {said:?}");
        }
        assert_eq!(said[said.len() - 2..], ["arrived", "close"]);
        assert!(acts.last().unwrap().minute <= 8.0 * 60.0);
        let silent = trip.with_silence(acts.clone(), 85.0);
        let gaps = silent.windows(2).map(|pair| pair[1].minute - pair[0].minute);
        assert!(gaps.fold(0.0, f64::max) >= 85.0);
        assert_eq!(kinds(&silent).last(), Some(&"close"));
    }

    #[test]
    fn every_start_and_length_makes_a_trip_that_ends_in_time() {
        let road = Route::chad_east().unwrap();
        for start in 0..20 {
            for hours in 1..=24 {
                let trip = Trip::new(&road, start, hours).unwrap();
                let end = trip.leader().last().unwrap().minute;
                assert!(end <= f64::from(hours) * 60.0, "{start} {hours}: {end}");
                assert!(trip.follower(7.0).windows(2).all(|pair| pair[0].minute < pair[1].minute));
                let silent = trip.with_silence(trip.leader(), 300.0);
                assert_eq!(silent.last().unwrap().what, What::Close);
            }
        }
    }
}
