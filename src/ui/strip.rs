use std::fmt::Write as _;

use leptos::prelude::*;

use super::{Icon, IconData, Text, live};

/// A way with stations: what is passed, where something was last, where it may be by now.
#[derive(Clone, PartialEq, Default)]
pub struct Strip {
    pub stops: Vec<Stop>,
    /// Share of the whole way, 0 to 1.
    pub here: Option<f64>,
    /// Drawn dashed from `here` on.
    pub guess: Option<f64>,
}

#[derive(Clone, PartialEq, Default)]
pub struct Stop {
    pub label: String,
    /// Share of the whole way, 0 to 1.
    pub share: f64,
    pub passed: bool,
    /// Passed or ahead, in words.
    pub said: String,
    /// The one time that matters.
    pub time: String,
    /// What there is to say where there is room.
    pub detail: String,
    pub marks: Vec<(IconData, String)>,
}

/// So many names have room side by side on the narrowest screen.
const NAMED: usize = 4;

/// Across the page: the first, the last passed, the next and the last station by name, ticks for the others. Drawn as a
/// transit line, evenly between the names.
#[component]
pub fn StripLine(#[prop(into)] strip: Signal<Strip>, #[prop(into)] label: Text) -> impl IntoView {
    let drawing = move || strip.with(|strip| Layout::of(strip).draw(strip));
    let names = move || {
        strip.with(|strip| {
            let named = Layout::of(strip).named;
            let name = |(at, stop): (usize, &Stop)| {
                let class = if named.contains(&at) { None } else { Some("unseen") };
                view! {
                    <li class=class data-passed=stop.passed.then_some("")>
                        <strong>{stop.label.clone()}</strong>
                        <small>{stop.time.clone()}</small>
                        <span class="unseen">{stop.said.clone()}</span>
                    </li>
                }
                .into_any()
            };
            strip.stops.iter().enumerate().map(name).collect::<Vec<_>>()
        })
    };
    view! {
        <div class="strip">
            <div class="strip-room">
                <svg class="strip-drawing" aria-hidden="true" inner_html=drawing></svg>
            </div>
            <ol aria-label=label>{live(names)}</ol>
        </div>
    }
    .into_any()
}

/// Down the page, every station with all there is to say of it.
#[component]
pub fn StripDown(#[prop(into)] strip: Signal<Strip>, #[prop(into)] label: Text) -> impl IntoView {
    let stops =
        move || strip.with(|strip| (0..strip.stops.len()).map(|at| stop_down(strip, at)).collect::<Vec<_>>());
    view! { <ol class="strip-down" aria-label=label>{stops}</ol> }.into_any()
}

fn stop_down(strip: &Strip, at: usize) -> Option<AnyView> {
    let stop = strip.stops.get(at)?;
    let marks = stop.marks.iter().cloned().map(|(icon, words)| {
        view! {
            <span class="strip-mark">
                <Icon icon />
                <span>{words}</span>
            </span>
        }
        .into_any()
    });
    let view = view! {
        <li data-passed=stop.passed.then_some("")>
            <svg class="strip-rail" aria-hidden="true" inner_html=rail(strip, at)></svg>
            <div>
                <strong>{stop.label.clone()}</strong>
                <span class="unseen">{stop.said.clone()}</span>
                <small>{stop.detail.clone()}</small>
                {marks.collect::<Vec<_>>()}
            </div>
            <span class="strip-time">{stop.time.clone()}</span>
        </li>
    };
    Some(view.into_any())
}

/// The way from one station to the next, with what of it is passed.
fn rail(strip: &Strip, at: usize) -> String {
    let mut out = String::new();
    let Some(stop) = strip.stops.get(at) else { return out };
    if let Some(next) = strip.stops.get(at + 1) {
        let share = |along: Option<f64>| {
            let along = along.filter(|along| *along >= stop.share)?;
            let length = next.share - stop.share;
            let part = if length > 0.0 { (along - stop.share) / length } else { 1.0 };
            Some(part.min(1.0) * 100.0)
        };
        out.push_str("<line class='way' y2='100%'/>");
        let done = if next.passed { Some(100.0) } else { share(strip.here) };
        if let Some(done) = done.filter(|_| stop.passed) {
            let _ = write!(out, "<line class='done' y2='{done}%'/>");
            if let Some(guess) = share(strip.guess).filter(|guess| *guess > done) {
                let _ = write!(out, "<line class='guess' y1='{done}%' y2='{guess}%'/>");
            }
            let last = strip.here.is_some_and(|here| here < next.share);
            if last && stop.passed && !next.passed {
                let _ = write!(out, "<svg y='{done}%'><path class='here' d='M-6 0l-9 -7v14z'/></svg>");
            }
        }
    } else if stop.passed {
        out.push_str("<path class='here' d='M-9 0l-9 -7v14z'/>");
    }
    let _ = write!(out, "<circle class='{}' r='7'/>", if stop.passed { "passed" } else { "ahead" });
    out
}

/// Where each station stands across the page, in percent.
struct Layout {
    named: Vec<usize>,
    /// Share of the way and percent of the page of each named one.
    anchors: Vec<(f64, f64)>,
}

impl Layout {
    #[allow(clippy::cast_precision_loss)] // a few
    fn of(strip: &Strip) -> Self {
        let named = named(&strip.stops);
        let count = named.len();
        let anchor = |(place, at): (usize, &usize)| {
            let percent = match place {
                0 => 0.0,
                _ if place + 1 == count => 100.0,
                _ => (place as f64 + 0.5) / count as f64 * 100.0,
            };
            (strip.stops.get(*at).map_or(0.0, |stop| stop.share), percent)
        };
        let anchors = named.iter().enumerate().map(anchor).collect();
        Self { named, anchors }
    }

    fn percent(&self, share: f64) -> f64 {
        for pair in self.anchors.windows(2) {
            let [(from, left), (to, right)] = pair else { continue };
            if share <= *to {
                let part = if to > from { ((share - from) / (to - from)).max(0.0) } else { 0.0 };
                return left + (right - left) * part;
            }
        }
        self.anchors.last().map_or(0.0, |(_, percent)| *percent)
    }

    fn draw(&self, strip: &Strip) -> String {
        let mut out = String::from("<line class='way' x2='100%'/>");
        let passed = strip.stops.iter().rev().find(|stop| stop.passed).map(|stop| stop.share);
        if let Some(reached) = strip.here.or(passed) {
            let done = self.percent(reached.max(passed.unwrap_or(0.0)));
            let _ = write!(out, "<line class='done' x2='{done}%'/>");
            if let Some(guess) = strip.guess {
                let guess = self.percent(guess);
                let _ = write!(out, "<line class='guess' x1='{done}%' x2='{guess}%'/>");
            }
        }
        for (at, stop) in strip.stops.iter().enumerate() {
            let (x, big) = (self.percent(stop.share), self.named.contains(&at));
            let class = if stop.passed { "passed" } else { "ahead" };
            let radius = if big { 7 } else { 3 };
            let _ = write!(out, "<circle class='{class}' cx='{x}%' r='{radius}'/>");
        }
        if let Some(here) = strip.here {
            let here = self.percent(here);
            let _ = write!(out, "<svg x='{here}%'><path class='here' d='M0 -11l-7 -9h14z'/></svg>");
        }
        out
    }
}

/// The first, the last, the last passed and the next; then their neighbours as long as there is room.
fn named(stops: &[Stop]) -> Vec<usize> {
    let mut named: Vec<usize> = vec![];
    let next = stops.iter().position(|stop| !stop.passed).unwrap_or(stops.len());
    let wanted = [Some(0), stops.len().checked_sub(1), next.checked_sub(1), Some(next)];
    let around = (1..stops.len()).flat_map(|step| [Some(next + step), next.checked_sub(step + 1)]);
    for at in wanted.into_iter().chain(around).flatten() {
        if at < stops.len() && !named.contains(&at) && named.len() < NAMED {
            named.push(at);
        }
    }
    waymark_core::order::sort(&mut named);
    named
}

#[cfg(test)]
mod tests {
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn way(passed: usize, count: usize) -> Vec<Stop> {
        #[allow(clippy::cast_precision_loss)]
        let stop = |at: usize| Stop {
            share: at as f64 / (count - 1) as f64,
            passed: at < passed,
            ..Stop::default()
        };
        (0..count).map(stop).collect()
    }

    #[wasm_bindgen_test]
    fn names_are_given_to_where_they_are() {
        assert_eq!(named(&way(5, 9)), [0, 4, 5, 8]);
        assert_eq!(named(&way(0, 9)), [0, 1, 2, 8], "not yet left");
        assert_eq!(named(&way(9, 9)), [0, 6, 7, 8], "arrived");
        assert_eq!(named(&way(1, 2)), [0, 1]);
        assert_eq!(named(&way(1, 1)), [0]);
    }

    #[wasm_bindgen_test]
    fn between_two_names_the_way_is_even() {
        let strip = Strip { stops: way(5, 9), here: Some(0.55), guess: None };
        let layout = Layout::of(&strip);
        let percent: Vec<f64> = layout.anchors.iter().map(|(share, _)| layout.percent(*share)).collect();
        assert_eq!(percent, [0.0, 37.5, 62.5, 100.0]);
        assert!((layout.percent(0.5625) - 50.0).abs() < 0.01);
    }
}
