use super::{By, Contact, Movement};
use crate::event::{CheckinKind, Place, Plan, Position, PositionSource, Stamp, minutes};
use crate::geo::{distance, project};

/// A movement as a line: what is passed, where they were last known, and what lies ahead.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// In order, the departure first.
    pub stops: Vec<Stop>,
    /// Where they were last known; `None` before the first check-in.
    pub here: Option<Here>,
    /// Where they may be by now, as a share of the whole way: drawn as an estimate and never past the next stop.
    pub guess: Option<f64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    pub place: Place,
    /// Share of the whole way, 0 to 1; by distance where all distances are known, else in even steps.
    pub along: f64,
    pub km: Option<f64>,
    pub planned: Option<Stamp>,
    /// When they were heard there, if they were.
    pub actual: Option<Stamp>,
    /// When they may be there, by the plan and how late they are.
    pub expected: Option<Stamp>,
    pub overnight: bool,
    pub medical: Option<String>,
    /// They are known to be there or beyond.
    pub passed: bool,
}

/// The last known place of a convoy.
#[derive(Debug, Clone, PartialEq)]
pub struct Here {
    /// Share of the whole way, if the place can be put on the line.
    pub along: Option<f64>,
    pub km: Option<f64>,
    pub position: Position,
    pub source: Source,
    pub by: By,
    /// Kilometres between a GPS position and the line, where that is more than the line can be wrong.
    pub off_line_km: Option<f64>,
}

/// What puts the convoy on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Reported(PositionSource),
    /// The kind of check-in says it: departed or arrived.
    Kind,
}

/// An odometer may show that much more than the way is long.
const BEYOND: f64 = 1.25;

impl Movement {
    /// The movement as a line, as it stands at `now`.
    pub fn line(&self, now: Stamp) -> Line {
        let plan = &self.plan.plan;
        let scale = Scale::of(plan);
        let mut here = None;
        let mut actual: Vec<Option<Stamp>> = vec![None; scale.along.len()];
        for contact in &self.contacts {
            let found = scale.find(plan, contact);
            if let Some(stop) = found.stop {
                actual[stop].get_or_insert(contact.by.at);
            }
            if found.along.is_some() || contact.made.position != Position::None {
                here = Some(found.here(contact));
            }
        }
        let reached = here.as_ref().and_then(|here| here.along);
        let stops = stops(plan, &scale, &actual, reached);
        let guess = self.guess(&stops, here.as_ref(), now);
        Line { stops, here, guess }
    }

    /// The stop that comes next, by what is known.
    pub fn next_stop(&self) -> Option<Place> {
        let line = self.line(Stamp(i64::MIN));
        line.stops.iter().find(|stop| !stop.passed).map(|stop| stop.place.clone())
    }

    /// Going on at the planned pace since the last known place, up to the next stop.
    fn guess(&self, stops: &[Stop], here: Option<&Here>, now: Stamp) -> Option<f64> {
        let here = here?;
        let last = self.last_contact()?;
        if self.closed.is_some() || !moves(&last.made.checkin) {
            return None;
        }
        let (along, next) = (here.along?, stops.iter().position(|stop| !stop.passed)?);
        let (from, to) = (stops.get(next.checked_sub(1)?)?, stops.get(next)?);
        let planned = self.plan.plan.legs.get(next - 1)?.minutes?;
        let share = (to.along - from.along) / ms(minutes(planned.max(1)));
        let guess = along + share * ms(now.ms_since(here.by.at).max(0));
        (guess > along).then(|| guess.min(to.along))
    }
}

fn moves(kind: &CheckinKind) -> bool {
    matches!(
        kind,
        CheckinKind::Departed
            | CheckinKind::Waypoint
            | CheckinKind::Scheduled
            | CheckinKind::Delayed
            | CheckinKind::Diverted
            | CheckinKind::Checkpoint
            | CheckinKind::Other(_)
    )
}

fn stops(plan: &Plan, scale: &Scale, actual: &[Option<Stamp>], reached: Option<f64>) -> Vec<Stop> {
    let planned = plan.timetable();
    let km = plan.distances();
    let passed_to = actual.iter().rposition(Option::is_some);
    let late = actual
        .iter()
        .zip(&planned)
        .rev()
        .find_map(|(actual, planned)| Some((*actual)?.ms_since((*planned)?)));
    let leg = |at: usize| at.checked_sub(1).and_then(|leg| plan.legs.get(leg));
    let stop = |(at, place): (usize, &Place)| {
        let along = scale.along[at];
        let passed = passed_to.is_some_and(|last| at <= last)
            || reached.is_some_and(|reached| along <= reached + NEAR);
        Stop {
            place: place.clone(),
            along,
            km: km[at],
            planned: planned[at],
            actual: actual[at],
            expected: planned[at]
                .filter(|_| !passed)
                .map(|planned| planned.plus_ms(late.unwrap_or(0).max(0))),
            overnight: leg(at).is_some_and(|leg| leg.overnight_until.is_some()),
            medical: leg(at).and_then(|leg| leg.medical.clone()),
            passed,
        }
    };
    plan.places().enumerate().map(stop).collect()
}

/// A thousandth of the way is as good as there.
const NEAR: f64 = 0.001;
/// A straight line between two towns is off the road by about as much; beyond, it is worth saying.
const OFF_LINE_KM: f64 = 15.0;
/// This near to a place on the list, one is there.
const AT_PLACE_KM: f64 = 2.0;

/// Where each place stands on the line.
struct Scale {
    along: Vec<f64>,
    /// Length of the whole way, where it is known.
    km: Option<f64>,
    /// Kilometres of each place from the departure, where they are known.
    marks: Vec<Option<f64>>,
}

/// Where a check-in puts the convoy.
#[derive(Default)]
struct Found {
    along: Option<f64>,
    km: Option<f64>,
    stop: Option<usize>,
    by_kind: bool,
    off_line_km: Option<f64>,
}

impl Found {
    fn here(self, contact: &Contact) -> Here {
        let source =
            if self.by_kind { Source::Kind } else { Source::Reported(contact.made.position.source()) };
        Here {
            along: self.along,
            km: self.km,
            position: contact.made.position.clone(),
            source,
            by: contact.by.clone(),
            off_line_km: self.off_line_km,
        }
    }
}

impl Scale {
    fn of(plan: &Plan) -> Self {
        let marks = plan.distances();
        let total = marks.last().copied().flatten().filter(|km| *km > 0.0);
        let last = count(marks.len().saturating_sub(1)).max(1.0);
        let along = marks.iter().enumerate().map(|(at, km)| match (km, total) {
            (Some(km), Some(total)) => km / total,
            _ => count(at) / last,
        });
        Self { along: along.collect(), km: total, marks }
    }

    fn find(&self, plan: &Plan, contact: &Contact) -> Found {
        let reported = match &contact.made.position {
            Position::Odometer { km } => self.at_km(*km),
            Position::Waypoint { name } | Position::CodeName { name } | Position::Landmark { name } => {
                self.at_name(plan, name)
            }
            Position::Gps { lat, lon, .. } => self.at_point(plan, (*lat, *lon)),
            Position::None | Position::Unknown => Found::default(),
        };
        let end = match contact.made.checkin {
            CheckinKind::Departed => 0,
            CheckinKind::Arrived | CheckinKind::Closed => self.along.len() - 1,
            _ => return reported,
        };
        if reported.along.is_some() {
            return Found { stop: Some(end), ..reported };
        }
        self.at_stop(end, true)
    }

    fn at_stop(&self, at: usize, by_kind: bool) -> Found {
        let (along, km) = (self.along.get(at).copied(), self.marks.get(at).copied().flatten());
        Found { along, km, stop: Some(at), by_kind, off_line_km: None }
    }

    /// By the distances of the plan, or leg by leg as far as they are known.
    fn at_km(&self, km: f64) -> Found {
        let along = match self.km {
            // A figure too many is no arrival; a detour and a gauge that is off are.
            Some(total) if km > total * BEYOND => None,
            Some(total) => Some((km / total).clamp(0.0, 1.0)),
            None => self.between(km),
        };
        let near = |mark: &Option<f64>| mark.is_some_and(|mark| (mark - km).abs() < 0.5);
        Found { along, km: Some(km), stop: self.marks.iter().position(near), ..Found::default() }
    }

    fn between(&self, km: f64) -> Option<f64> {
        let next = self.marks.iter().position(|mark| mark.is_some_and(|mark| mark >= km))?;
        let before = next.saturating_sub(1);
        let (from, to) = (self.marks[before]?, self.marks[next]?);
        let share = if to > from { (km - from) / (to - from) } else { 1.0 };
        Some(self.along[before] + (self.along[next] - self.along[before]) * share.clamp(0.0, 1.0))
    }

    fn at_name(&self, plan: &Plan, name: &str) -> Found {
        let same = |text: &str| text.trim().to_lowercase() == name.trim().to_lowercase();
        let found =
            plan.places().position(|place| same(&place.name) || place.code_name.as_deref().is_some_and(same));
        found.map(|at| self.at_stop(at, false)).unwrap_or_default()
    }

    /// The nearest point of the line through the places whose coordinates are known.
    fn at_point(&self, plan: &Plan, point: (f64, f64)) -> Found {
        let known: Vec<_> =
            plan.places().enumerate().filter_map(|(at, place)| Some((at, place.at?))).collect();
        if let Some((at, _)) = known.iter().find(|(_, place)| distance(*place, point) < AT_PLACE_KM) {
            return self.at_stop(*at, false);
        }
        let mut best: Option<(f64, f64)> = None;
        for pair in known.windows(2) {
            let [(one, from), (two, to)] = pair else { continue };
            let (share, off) = project(*from, *to, point);
            let along = self.along[*one] + (self.along[*two] - self.along[*one]) * share;
            if best.is_none_or(|(_, nearest)| off < nearest) {
                best = Some((along, off));
            }
        }
        let Some((along, off)) = best else { return Found::default() };
        let km = self.km.map(|total| along * total);
        Found { along: Some(along), km, off_line_km: (off > OFF_LINE_KM).then_some(off), ..Found::default() }
    }
}

#[allow(clippy::cast_precision_loss)] // a few hundred
fn count(number: usize) -> f64 {
    number as f64
}

#[allow(clippy::cast_precision_loss)] // milliseconds fit into 53 bits
fn ms(value: i64) -> f64 {
    value as f64
}
