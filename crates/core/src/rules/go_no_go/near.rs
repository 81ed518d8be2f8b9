use crate::event::Place;
use crate::event::form::COARSE_KM;
use crate::geo::{distance, project};
use crate::spelling::{folded, has_name};
use crate::view::chain::Item;
use crate::view::places::{KnownPlace, place_named};

/// An item with what says where it is, read once for all legs.
pub(super) struct Told<'a> {
    pub(super) item: &'a Item,
    /// Of its place and area, folded.
    names: Vec<String>,
    /// Where it is near things: not the middle of a country or a region.
    at: Option<(f64, f64)>,
    /// How far from there it may be, in kilometres.
    off: f64,
    pub(super) is_placed: bool,
}

impl<'a> Told<'a> {
    /// What has no position is where a known place of its name is.
    pub(super) fn of(item: &'a Item, places: &[KnownPlace]) -> Self {
        let spot = item.spot();
        let said = spot.as_ref().map(|spot| spot.name.as_str()).into_iter().chain(item.now.text("area"));
        let said: Vec<&str> = said.collect();
        let vague = matches!(item.now.text("place_level"), Some("country" | "region"));
        let off = if spot.as_ref().is_some_and(|spot| spot.coarse) { COARSE_KM } else { 0.0 };
        let known = || said.iter().find_map(|name| place_named(places, name));
        let at = spot.as_ref().and_then(|spot| spot.at).or_else(known);
        let names = said.into_iter().map(folded).collect();
        Self { item, names, at: at.filter(|_| !vague), off, is_placed: at.is_some() }
    }

    pub(super) fn is_named(&self) -> bool {
        self.names.iter().any(|name| !name.is_empty())
    }
}

/// The stretch between two places.
pub(super) struct Near<'a> {
    pub(super) from: &'a Place,
    pub(super) to: &'a Place,
    names: [String; 2],
    km: f64,
}

impl<'a> Near<'a> {
    pub(super) fn new(from: &'a Place, to: &'a Place, km: f64) -> Self {
        Self { from, to, names: [from, to].map(|place| folded(&place.name)), km }
    }

    pub(super) fn has_any(&self, all: &[&Told<'_>]) -> bool {
        all.iter().any(|told| self.has(told))
    }

    /// Whether it names one of the two places, or lies near the way between them.
    pub(super) fn has(&self, told: &Told<'_>) -> bool {
        if told.names.iter().any(|text| self.names.iter().any(|name| has_name(text, name))) {
            return true;
        }
        let Some(at) = told.at else { return false };
        let km = self.km + told.off;
        match (self.from.at, self.to.at) {
            (Some(from), Some(to)) => project(from, to, at).1 <= km,
            (Some(one), None) | (None, Some(one)) => distance(one, at) <= km,
            (None, None) => false,
        }
    }
}
