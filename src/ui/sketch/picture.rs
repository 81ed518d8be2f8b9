//! The drawing itself: lines and areas as SVG, marks as links that lie on it.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::{HEIGHT, Mark, Sight, Sketch, WIDTH};

/// Whether a point may come into sight while the sheet is moved within its cell.
fn is_drawn(x: f64, y: f64) -> bool {
    let half = |length: f64| -0.5 * length..=1.5 * length;
    half(WIDTH).contains(&x) && half(HEIGHT).contains(&y)
}

/// Marks that would lie on each other.
struct Fan {
    at: (f64, f64),
    count: usize,
}

/// Where the marks of a fan lie, in rem to the right and down from its middle: the first in it, others around.
const FAN: [(f64, f64); 9] = [
    (0.0, 0.0),
    (2.0, 0.0),
    (1.4, 1.4),
    (0.0, 2.0),
    (-1.4, 1.4),
    (-2.0, 0.0),
    (-1.4, -1.4),
    (0.0, -2.0),
    (1.4, -1.4),
];
/// In the units of the drawing: a third of a mark's width on a phone.
const SAME: f64 = 18.0;

/// The fan of one more mark here, and its place in it; `None` where there is none left.
fn next_of_fan(fans: &mut Vec<Fan>, (x, y): (f64, f64)) -> Option<(usize, (f64, f64))> {
    let near = |fan: &Fan| (fan.at.0 - x).abs() < SAME && (fan.at.1 - y).abs() < SAME;
    let at = fans.iter().position(near).unwrap_or(fans.len());
    if at == fans.len() {
        fans.push(Fan { at: (x, y), count: 0 });
    }
    let fan = fans.get_mut(at)?;
    fan.count += 1;
    FAN.get(fan.count - 1).map(|by| (at, *by))
}

/// In the units of the drawing: how far apart names stand on a phone.
const NAME: (f64, f64) = (260.0, 60.0);

fn percent((x, y): (f64, f64)) -> (String, String) {
    (format!("{}%", x * 100.0 / WIDTH), format!("{}%", y * 100.0 / HEIGHT))
}

/// What is drawn of a sketch for this cell of the ground.
pub(super) fn picture(sketch: &Sketch, sight: Sight) -> AnyView {
    let unit = WIDTH / sight.across;
    let place = |(x, y): (f64, f64)| {
        (((x - sight.x) * unit + WIDTH / 2.0).round(), ((sight.y - y) * unit + HEIGHT / 2.0).round())
    };
    let mut below = String::new();
    for (closed, shapes) in [(true, &sketch.areas), (false, &sketch.lines)] {
        for (class, points) in shapes {
            let _ = write!(below, "<path class='{class}' d='");
            for (at, point) in points.iter().enumerate() {
                let (x, y) = place(*point);
                let _ = write!(below, "{}{x} {y}", if at == 0 { 'M' } else { 'L' });
            }
            below.push_str(if closed { "Z'/>" } else { "'/>" });
        }
    }
    for (class, at) in &sketch.dots {
        let (x, y) = place(*at);
        if is_drawn(x, y) {
            let _ = write!(below, "<circle class='{class}' cx='{x}' cy='{y}' r='4'/>");
        }
    }
    let mut fans: Vec<Fan> = vec![];
    let mut placed = vec![];
    for (nth, mark) in sketch.marks.iter().enumerate() {
        let (x, y) = place(mark.at);
        if let Some(km) = mark.around {
            let radius = (km * unit).max(14.0).round();
            let _ = write!(below, "<circle class='around' cx='{x}' cy='{y}' r='{radius}'/>");
        }
        if is_drawn(x, y)
            && let Some((fan, by)) = next_of_fan(&mut fans, (x, y))
        {
            placed.push(Placed { nth, mark, at: (x, y), fan, by });
        }
    }
    let names = names(&placed);
    let marks: Vec<_> = placed.iter().map(|placed| draw(placed, &fans)).collect();
    let more = fans.iter().filter(|fan| fan.count > FAN.len()).map(more).collect::<Vec<_>>();
    view! {
        <svg viewBox="0 0 1000 700" aria-hidden="true">
            <g inner_html=below></g>
        </svg>
        {names}
        {marks}
        {more}
    }
    .into_any()
}

/// A mark where it lies in the drawing, and by how many rem it is moved from there.
struct Placed<'a> {
    nth: usize,
    mark: &'a Mark,
    at: (f64, f64),
    fan: usize,
    by: (f64, f64),
}

fn draw(placed: &Placed<'_>, fans: &[Fan]) -> AnyView {
    let Placed { nth, mark, at, fan, by: (right, down) } = placed;
    let (left, top) = percent(*at);
    let one_of_several = fans.get(*fan).is_some_and(|fan| fan.count > 1);
    view! {
        <a
            id=format!("mark-{nth}")
            class=format!("mark {}", mark.class)
            href=mark.href.clone()
            aria-label=mark.label.clone()
            title=mark.label.clone()
            data-fanned=one_of_several.then_some("")
            data-coarse=mark.around.map(|_| "")
            style:left=left
            style:top=top
            style:--right=format!("{right}rem")
            style:--down=format!("{down}rem")
        ></a>
    }
    .into_any()
}

/// The names of marks that have one, where there is room; each once.
fn names(placed: &[Placed<'_>]) -> Vec<AnyView> {
    let mut taken: Vec<((f64, f64), &str)> = vec![];
    for Placed { mark, at, .. } in placed {
        let Some(name) = &mark.name else { continue };
        let clear = |(other, _): &((f64, f64), &str)| {
            (other.0 - at.0).abs() > NAME.0 || (other.1 - at.1).abs() > NAME.1
        };
        let below = |other: &Placed<'_>| {
            (other.at.0 - at.0).abs() < NAME.0 / 2.0 && (8.0..NAME.1 + 20.0).contains(&(other.at.1 - at.1))
        };
        let fanned = |other: &Placed<'_>| other.at == *at && other.by != (0.0, 0.0);
        let hidden = placed.iter().any(|other| below(other) || fanned(other));
        if !hidden && taken.iter().all(clear) {
            taken.push((*at, name));
        }
    }
    let name = |(at, name): ((f64, f64), &str)| {
        let (left, top) = percent(at);
        view! {
            <span class="mark-name" dir="auto" aria-hidden="true" style:left=left style:top=top>
                {name.to_owned()}
            </span>
        }
        .into_any()
    };
    taken.into_iter().map(name).collect()
}

/// How many more lie there than a fan holds.
fn more(fan: &Fan) -> AnyView {
    let (left, top) = percent(fan.at);
    let more = format!("+{}", fan.count - FAN.len());
    view! { <span class="mark-more" style:left=left style:top=top>{more}</span> }.into_any()
}
