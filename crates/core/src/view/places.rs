//! Where places are, as plans and reports say.

use std::collections::BTreeMap;

use crate::event::Plan;
use crate::geo::distance;
use crate::order;
use crate::spelling::folded;

use super::Chain;

/// A place whose coordinates are known.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownPlace {
    pub name: String,
    /// WGS 84 degrees: latitude, longitude.
    pub at: (f64, f64),
    /// Its name for comparing.
    key: String,
}

/// Further apart, one name stands for two places, and so for none.
const SAME_KM: f64 = 5.0;

/// One name and where it is said to be: `None` where that is contradicted.
struct Said {
    name: String,
    at: Option<(f64, f64)>,
}

/// Each name once, by name. Where a plan has been there before, that counts; reports count where they agree; coarse
/// places, history from elsewhere and exercises do not.
pub fn known_places(plans: &mut dyn Iterator<Item = &Plan>, chain: &Chain) -> Vec<KnownPlace> {
    let mut planned = BTreeMap::new();
    for place in plans.flat_map(Plan::places) {
        note(&mut planned, &place.name, place.at);
    }
    let mut items: Vec<_> = chain.items().filter(|item| !item.is_external() && !item.exercise).collect();
    order::sort_by_key(&mut items, |item| std::cmp::Reverse(item.id));
    let mut reported = BTreeMap::new();
    for spot in items.iter().filter_map(|item| item.spot()).filter(|spot| !spot.coarse) {
        note(&mut reported, &spot.name, spot.at);
    }
    reported.append(&mut planned);
    let mut places = vec![];
    for (key, Said { name, at }) in reported {
        places.extend(at.map(|at| KnownPlace { name, at, key }));
    }
    places
}

fn note(places: &mut BTreeMap<String, Said>, name: &str, at: Option<(f64, f64)>) {
    let (key, Some(at)) = (folded(name), at) else { return };
    if key.is_empty() {
        return;
    }
    let said = places.entry(key).or_insert_with(|| Said { name: name.trim().to_owned(), at: Some(at) });
    if said.at.is_some_and(|known| distance(known, at) > SAME_KM) {
        said.at = None;
    }
}

/// Where a place of this name is, however it is spelt; of [`known_places`].
pub fn place_named(places: &[KnownPlace], name: &str) -> Option<(f64, f64)> {
    let key = folded(name);
    let at = places.binary_search_by(|place| place.key.cmp(&key)).ok()?;
    places.get(at).map(|place| place.at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::build;
    use crate::view::chain::Said;
    use crate::view::movement::Report;

    #[test]
    fn a_name_stands_for_a_place_as_long_as_nobody_contradicts() {
        let mut chain = Chain::default();
        let mut write = |n: u64, name: &str, at: (f64, f64), coarse: bool| {
            let place = json!({"name": name, "at": [at.0, at.1], "coarse": coarse});
            let body = build::filled("threat", &json!({"words": "x", "place": place}));
            let event = build::unsaved("amina", n, body).into_event(n);
            chain.take(Said::of(Report::of(&build::arrived(event, n, "Amina")).unwrap()).unwrap());
        };
        write(1, "Bridge", (13.0, 20.0), false);
        write(2, "bridge ", (13.01, 20.0), false);
        write(3, "Market", (13.0, 20.0), false);
        write(4, "Market", (14.0, 20.0), false);
        write(5, "Well", (13.0, 20.0), true);
        write(6, "Adré", (10.0, 10.0), false);
        let mut plan = build::plan();
        plan.legs[1].to.at = Some((13.466_48, 22.198_75));
        let places = known_places(&mut [&plan].into_iter(), &chain);
        assert_eq!(place_named(&places, "BRIDGE"), Some((13.01, 20.0)), "the latest");
        assert_eq!((place_named(&places, "Market"), place_named(&places, "Well")), (None, None));
        assert_eq!(place_named(&places, "Adre"), Some((13.466_48, 22.198_75)), "a plan before a report");
    }
}
