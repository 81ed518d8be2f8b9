//! A real road for the demo and for simulated convoys: towns of eastern Chad, from `GeoNames` (CC BY 4.0;
//! `data/README.md`).

use serde::Deserialize;
use waymark_core::event::{Leg, Place, Position, Stamp};

const CHAD_EAST: &str = include_str!("../data/chad-east.json");

/// The file has no distances. Roads are longer than great circles: by about a fifth where there are no mountains.
const ROAD_FACTOR: f64 = 1.2;
const EARTH_KM: f64 = 6_371.0;

/// Towns in the order in which the road passes them.
#[derive(Debug, Clone, Deserialize)]
pub struct Route {
    waypoints: Vec<Waypoint>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Waypoint {
    pub name: String,
    /// WGS 84 degrees.
    lat: f64,
    /// WGS 84 degrees.
    lon: f64,
}

/// A part of the road: at least two towns.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    towns: Vec<Waypoint>,
    /// Kilometres of each town from the first, by road.
    marks: Vec<f64>,
}

impl Waypoint {
    pub fn place(&self) -> Place {
        Place { name: self.name.clone(), code_name: None, at: Some((self.lat, self.lon)) }
    }

    /// Kilometres by road, rounded to whole ones.
    fn road_km(&self, to: &Self) -> f64 {
        (great_circle_km((self.lat, self.lon), (to.lat, to.lon)) * ROAD_FACTOR).round()
    }
}

impl Route {
    /// The built-in road, N'Djamena to Adré.
    ///
    /// # Errors
    /// The file is not what it should be; a test sees to it that it is.
    pub fn chad_east() -> Result<Self, serde_json::Error> {
        serde_json::from_str(CHAD_EAST)
    }

    /// How many towns it has.
    pub fn towns(&self) -> usize {
        self.waypoints.len()
    }

    /// From one town to another further on; `None` when that is no way.
    pub fn between(&self, from: &str, to: &str) -> Option<Stretch> {
        let at = |name: &str| self.waypoints.iter().position(|town| town.name == name);
        self.stretch(at(from)?, at(to)?)
    }

    /// From the town with one number, counted from 0, to that with another.
    pub fn stretch(&self, from: usize, to: usize) -> Option<Stretch> {
        let towns = self.waypoints.get(from..=to).filter(|towns| towns.len() > 1)?.to_vec();
        let mut marks = vec![0.0];
        for pair in towns.windows(2) {
            marks.push(marks.last()? + pair[0].road_km(&pair[1]));
        }
        Some(Stretch { towns, marks })
    }
}

impl Stretch {
    /// Length in kilometres.
    pub fn km(&self) -> f64 {
        self.marks.last().copied().unwrap_or_default()
    }

    /// Its towns with their kilometres from the first.
    pub fn towns(&self) -> impl Iterator<Item = (&Waypoint, f64)> {
        self.towns.iter().zip(self.marks.iter().copied())
    }

    /// Where it begins.
    pub fn from(&self) -> Place {
        self.towns[0].place()
    }

    /// Its legs at `km_h`, each taking a whole number of minutes, at least one.
    pub fn legs(&self, km_h: f64) -> Vec<Leg> {
        let leg = |(town, marks): (&Waypoint, &[f64])| {
            let km = marks[1] - marks[0];
            Leg {
                to: town.place(),
                road: None,
                km: Some(km),
                minutes: Some(whole_minutes(km / km_h * 60.0)),
                medical: None,
                overnight_until: None,
            }
        };
        self.towns.iter().skip(1).zip(self.marks.windows(2)).map(leg).collect()
    }

    /// A satellite fix at `km` from its begin, on the straight line between the towns and `off` degrees beside it.
    pub fn fix(&self, km: f64, off: (f64, f64), accuracy: f64, fixed: Stamp) -> Position {
        let next = self.marks.iter().position(|mark| *mark >= km).unwrap_or(self.marks.len() - 1).max(1);
        let (from, to) = (&self.towns[next - 1], &self.towns[next]);
        let (start, end) = (self.marks[next - 1], self.marks[next]);
        let share = ((km - start) / (end - start)).clamp(0.0, 1.0);
        let between = |one: f64, other: f64, off: f64| {
            // Five decimals are a metre.
            ((one + (other - one) * share + off) * 1e5).round() / 1e5
        };
        let (lat, lon) = (between(from.lat, to.lat, off.0), between(from.lon, to.lon, off.1));
        Position::Gps { lat, lon, accuracy, fixed }
    }
}

/// Minutes, rounded up and at least one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the range, as clamped
pub fn whole_minutes(minutes: f64) -> u32 {
    minutes.ceil().clamp(1.0, 1e6) as u32
}

fn great_circle_km(one: (f64, f64), other: (f64, f64)) -> f64 {
    let (from, to) = (one.0.to_radians(), other.0.to_radians());
    let (north, east) = ((to - from) / 2.0, (other.1 - one.1).to_radians() / 2.0);
    let haversine = north.sin().powi(2) + from.cos() * to.cos() * east.sin().powi(2);
    2.0 * EARTH_KM * haversine.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_road_has_its_towns_and_lengths() {
        let route = Route::chad_east().unwrap();
        assert_eq!(route.towns(), 9);
        let stretch = route.between("Oum Hadjer", "Adré").unwrap();
        let towns: Vec<_> = stretch.towns().map(|(town, km)| (town.name.as_str(), km)).collect();
        assert_eq!(towns, [("Oum Hadjer", 0.0), ("Abéché", 164.0), ("Adré", 348.0)]);
        assert_eq!(stretch.legs(40.0)[0].minutes, Some(246));
        assert!(route.between("Adré", "Abéché").is_none() && route.between("Adré", "Adré").is_none());
    }

    #[test]
    fn a_fix_lies_on_the_way() {
        let stretch = Route::chad_east().unwrap().between("Oum Hadjer", "Adré").unwrap();
        let at = |km| match stretch.fix(km, (0.0, 0.0), 10.0, Stamp(0)) {
            Position::Gps { lat, lon, .. } => (lat, lon),
            other => panic!("{other:?}"),
        };
        assert_eq!(at(0.0), (13.2954, 19.6966));
        assert_eq!(at(164.0), (13.82916, 20.8324));
        assert_eq!(at(82.0), (13.56228, 20.2645));
        assert_eq!(at(9_999.0), (13.46648, 22.19875));
    }
}
