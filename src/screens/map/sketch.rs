use leptos::prelude::*;
use waymark_core::event::Kind;
use waymark_core::event::form::COARSE_KM;
use waymark_core::geo::plane;
use waymark_core::view::chain::Item;

use crate::i18n::I18n;
use crate::routes;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Mark, Sketch};

/// What can be shown or left out.
pub struct Kinds;

impl Kinds {
    pub const LEGS: &'static str = "legs";
    pub const THREATS: &'static str = "threats";
    pub const INCIDENTS: &'static str = "incidents";
    pub const COMMUNITY: &'static str = "community";
    pub const RISKS: &'static str = "risks";
    pub const HISTORY: &'static str = "history";
    pub const ALL: &'static [&'static str] =
        &[Self::LEGS, Self::THREATS, Self::INCIDENTS, Self::COMMUNITY, Self::RISKS, Self::HISTORY];
}

/// So much of what an item says is its name on the map, in characters.
const LABEL: usize = 80;

/// As much of a place's name as is drawn.
const TOWN: usize = 18;

/// Everything of these kinds that has a position; tracks.
pub fn sketch(app: AppState, i18n: I18n, kinds: &[String]) -> Sketch {
    let shows = |kind: &str| kinds.iter().any(|own| own == kind);
    let origin = origin(app);
    let place = |at: (f64, f64)| plane(origin, at);
    let mut sketch = Sketch::default();
    app.layers.with(|layers| {
        for (_, layer) in layers {
            let lines = layer.lines.iter().map(|line| ("own", line.iter().map(|at| place(*at)).collect()));
            let areas = layer.areas.iter().map(|ring| ("own", ring.iter().map(|at| place(*at)).collect()));
            sketch.lines.extend(lines);
            sketch.areas.extend(areas);
            sketch.dots.extend(layer.points.iter().map(|at| ("own", place(*at))));
        }
    });
    if shows(Kinds::LEGS) {
        legs(app, &place, &mut sketch);
    }
    app.chain.with(|chain| {
        // Exercises are no part of the picture, nor is what is known no closer than its region.
        let vague = |item: &&Item| matches!(item.now.text("place_level"), Some("country" | "region"));
        for item in chain.items().filter(|item| !item.exercise && !vague(item)) {
            let Some((kind, class)) = kind_of(item).filter(|(kind, _)| shows(kind)) else { continue };
            let Some(spot) = item.spot() else { continue };
            let Some(at) = spot.at.map(place) else { continue };
            if kind == Kinds::HISTORY {
                sketch.dots.push((class, at));
                continue;
            }
            let words = forms::clipped(&forms::headline(i18n, item), LABEL);
            let label = format!("{}: {words} · {}", forms::short(i18n, item.form), spot.name);
            let around = spot.coarse.then_some(COARSE_KM);
            let href = routes::record(item.id);
            sketch.marks.push(Mark { at, around, class, label, name: None, href });
        }
    });
    // In one order, so that the same is drawn as the same.
    waymark_core::order::sort_by_key(&mut sketch.marks, |mark| mark.href.clone());
    sketch
}

fn legs(app: AppState, place: &dyn Fn((f64, f64)) -> (f64, f64), sketch: &mut Sketch) {
    app.movements.open.with(|open| {
        for movement in open.values().filter(|movement| !movement.exercise) {
            let plan = &movement.plan.plan;
            let points: Vec<_> = plan.places().filter_map(|at| at.at).map(place).collect();
            for (at, town) in plan.places().filter_map(|town| Some((town.at?, town))) {
                let label = format!("{}: {}", plan.name, town.name);
                let href = routes::movement(movement.id);
                let (at, name) = (place(at), Some(forms::clipped(&town.name, TOWN)));
                sketch.marks.push(Mark { at, around: None, class: "mark-leg", label, name, href });
            }
            if points.len() > 1 {
                sketch.lines.push(("leg", points));
            }
        }
    });
}

fn kind_of(item: &Item) -> Option<(&'static str, &'static str)> {
    Some(match item.form.kind {
        Kind::IncidentReported if item.is_external() => (Kinds::HISTORY, "dot-history"),
        Kind::IncidentReported => (Kinds::INCIDENTS, "mark-incident"),
        Kind::ThreatReported if item.is_open() => (Kinds::THREATS, "mark-threat"),
        Kind::ThreatReported => (Kinds::THREATS, "mark-threat-over"),
        Kind::CommunityHeard | Kind::CommunityConsulted => (Kinds::COMMUNITY, "mark-community"),
        Kind::RiskAssessed | Kind::AreaRated => (Kinds::RISKS, "mark-risk"),
        _ => return None,
    })
}

/// Where the sketch is flat: the middle of what is our own, or of history.
fn origin(app: AppState) -> (f64, f64) {
    let of_movement = app.movements.open.with(|open| {
        open.values().find_map(|movement| movement.plan.plan.places().find_map(|place| place.at))
    });
    let of_item = |external: bool| {
        app.chain.with(|chain| {
            let known = chain.items().filter(|item| item.is_external() == external);
            known.filter_map(|item| item.spot()?.at).min_by(|one, two| one.0.total_cmp(&two.0))
        })
    };
    of_movement.or_else(|| of_item(false)).or_else(|| of_item(true)).unwrap_or((0.0, 0.0))
}
