mod picture;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::web_sys::HtmlElement;

use crate::reactive::{derive, memo};
use crate::ui::{Text, ToolButton, focus, live, lu};
use picture::picture;

/// Something to draw, in kilometres east and north of the sketch's origin.
#[derive(Clone, PartialEq, Default)]
pub struct Sketch {
    /// With a class each, drawn below all else.
    pub lines: Vec<(&'static str, Vec<(f64, f64)>)>,
    pub areas: Vec<(&'static str, Vec<(f64, f64)>)>,
    /// Points that lead nowhere.
    pub dots: Vec<(&'static str, (f64, f64))>,
    pub marks: Vec<Mark>,
}

/// A thing with a page of its own.
#[derive(Clone, PartialEq)]
pub struct Mark {
    pub at: (f64, f64),
    /// Drawn as an area with this radius in kilometres, and not as a point.
    pub around: Option<f64>,
    pub class: &'static str,
    pub label: String,
    /// Drawn beside it where there is room.
    pub name: Option<String>,
    pub href: String,
}

/// What is seen of it: the middle, and how many kilometres across.
#[derive(Clone, Copy, PartialEq)]
struct Sight {
    x: f64,
    y: f64,
    across: f64,
}

impl Sight {
    /// The cell that its middle lies in, as wide and as high as what is seen.
    fn cell(self) -> Self {
        let (wide, high) = (self.across, self.across * HEIGHT / WIDTH);
        Self { x: (self.x / wide).round() * wide, y: (self.y / high).round() * high, across: wide }
    }

    /// How far a drawing of another place is to be moved for this one, in hundredths of its width and height.
    fn from(self, cell: Self) -> (f64, f64) {
        let (wide, high) = (self.across, self.across * HEIGHT / WIDTH);
        (100.0 * (cell.x - self.x) / wide, 100.0 * (self.y - cell.y) / high)
    }
}

/// The words of its buttons.
#[derive(Clone, Copy)]
pub struct SketchWords {
    pub label: Text,
    pub closer: Text,
    pub further: Text,
    pub whole: Text,
}

/// In the units of the drawing.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 700.0;
const CLOSEST_KM: f64 = 2.0;
const FURTHEST_KM: f64 = 40_000.0;
const STEP: f64 = 1.5;

/// A drawing that can be moved and brought closer, by finger, mouse, wheel and keyboard.
#[component]
pub fn SketchMap(
    #[prop(into)] sketch: Signal<Sketch>,
    words: SketchWords,
    /// "100 km", of a length in kilometres.
    scale: Callback<f64, String>,
) -> impl IntoView {
    let whole = memo(move || sketch.with(whole));
    let sight = RwSignal::new(None::<Sight>);
    let now = memo(move || sight.get().unwrap_or_else(|| whole.get()));
    let zoom = move |by: f64| zoom(now, sight, by);
    let shift = move |x: f64, y: f64| {
        let mut own = now.get_untracked();
        let unit = own.across / WIDTH;
        own.x += x * unit;
        own.y += y * unit;
        sight.set(Some(own));
    };
    let key = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" => shift(-80.0, 0.0),
            "ArrowRight" => shift(80.0, 0.0),
            "ArrowUp" => shift(0.0, 80.0),
            "ArrowDown" => shift(0.0, -80.0),
            "+" | "=" => zoom(1.0 / STEP),
            "-" => zoom(STEP),
            "0" => sight.set(None),
            _ => return,
        }
        event.prevent_default();
    };
    let node = NodeRef::<html::Div>::new();
    let held = StoredValue::new(None::<(f64, f64)>);
    let down = move |event: ev::PointerEvent| {
        held.set_value(Some((f64::from(event.client_x()), f64::from(event.client_y()))));
    };
    let drag = move |event: ev::PointerEvent| {
        let (Some((x, y)), Some(node)) = (held.get_value(), node.get_untracked()) else { return };
        if event.buttons() == 0 {
            return held.set_value(None);
        }
        let to = (f64::from(event.client_x()), f64::from(event.client_y()));
        // A tap is no drag.
        if (to.0 - x).hypot(to.1 - y) < 4.0 {
            return;
        }
        let unit = WIDTH / f64::from(node.client_width()).max(1.0);
        shift((x - to.0) * unit, (to.1 - y) * unit);
        held.set_value(Some(to));
    };
    let wheel = move |event: ev::WheelEvent| {
        event.prevent_default();
        zoom(if event.delta_y() > 0.0 { STEP } else { 1.0 / STEP });
    };
    // It is drawn once for each cell of the ground, with what lies around that; within the cell the sheet is only moved.
    let cell = memo(move || now.get().cell());
    let picture = move || {
        let cell = cell.get();
        sketch.with(|sketch| picture(sketch, cell))
    };
    let moved = move || {
        let (x, y) = now.get().from(cell.get());
        format!("{x}% {y}%")
    };
    // What the keyboard comes to is brought into sight.
    let come_to = move |event: ev::FocusEvent| {
        let mark = event_target::<HtmlElement>(&event);
        let Some(node) = node.get_untracked().filter(|_| mark.class_list().contains("mark")) else { return };
        let (wide, high) = (f64::from(node.client_width()), f64::from(node.client_height()));
        let (x, y) = now.get_untracked().from(cell.get_untracked());
        let at = (
            f64::from(mark.offset_left()) + x / 100.0 * wide,
            f64::from(mark.offset_top()) + y / 100.0 * high,
        );
        if !(0.0..=wide).contains(&at.0) || !(0.0..=high).contains(&at.1) {
            let unit = WIDTH / wide.max(1.0);
            let id = mark.id();
            shift((at.0 - wide / 2.0) * unit, (high / 2.0 - at.1) * unit);
            // Drawn for another cell, the element may have become another mark's.
            focus(id);
        }
    };
    let bar = derive(move || scale.run(round(now.get().across / 5.0)));
    let bar_width = move || format!("{}%", 100.0 * round(now.get().across / 5.0) / now.get().across);
    view! {
        <div class="sketch-frame">
            <div
                class="sketch"
                role="group"
                aria-label=words.label
                tabindex="0"
                node_ref=node
                on:keydown=key
                on:pointerdown=down
                on:pointermove=drag
                on:pointerup=move |_| held.set_value(None)
                on:wheel=wheel
                on:focusin=come_to
            >
                <div class="sketch-sheet" style:translate=moved>
                    {live(picture)}
                </div>
                <p class="sketch-scale" style:--bar=bar_width>{bar}</p>
            </div>
            {tools(words, now, sight)}
        </div>
    }
    .into_any()
}

fn zoom(now: Memo<Sight>, sight: RwSignal<Option<Sight>>, by: f64) {
    let mut own = now.get_untracked();
    own.across = (own.across * by).clamp(CLOSEST_KM, FURTHEST_KM);
    sight.set(Some(own));
}

/// Closer, further, and everything.
fn tools(words: SketchWords, now: Memo<Sight>, sight: RwSignal<Option<Sight>>) -> AnyView {
    let zoom = move |by: f64| zoom(now, sight, by);
    view! {
        <div class="tools">
            <ToolButton
                id="closer"
                label=words.closer
                icon=lu::LuPlus
                on_press=Callback::new(move |()| zoom(1.0 / STEP))
                idle=derive(move || now.get().across <= CLOSEST_KM)
            />
            <ToolButton
                id="further"
                label=words.further
                icon=lu::LuMinus
                on_press=Callback::new(move |()| zoom(STEP))
                idle=derive(move || now.get().across >= FURTHEST_KM)
            />
            <ToolButton
                id="whole"
                label=words.whole
                icon=lu::LuMaximize
                on_press=Callback::new(move |()| sight.set(None))
                idle=derive(move || sight.get().is_none())
            />
        </div>
    }
    .into_any()
}

/// One, two or five times a power of ten, no longer than asked.
fn round(km: f64) -> f64 {
    let mut step = 1.0;
    while step * 10.0 <= km {
        step *= 10.0;
    }
    [5.0, 2.0].into_iter().map(|by| by * step).find(|length| *length <= km).unwrap_or(step)
}

/// Everything that has a page or is a way; dots and layers alone do not decide what is seen first.
fn whole(sketch: &Sketch) -> Sight {
    let marks = sketch.marks.iter().map(|mark| mark.at);
    let ways =
        sketch.lines.iter().filter(|(class, _)| *class == "leg").flat_map(|(_, points)| points.clone());
    let mut all: Vec<(f64, f64)> = marks.chain(ways).collect();
    if all.is_empty() {
        all.extend(sketch.dots.iter().map(|(_, at)| *at));
        all.extend(sketch.lines.iter().chain(&sketch.areas).flat_map(|(_, points)| points.clone()));
    }
    let least = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).fold(f64::INFINITY, f64::min);
    let most = |of: fn(&(f64, f64)) -> f64| all.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let (west, east, south, north) = (least(|at| at.0), most(|at| at.0), least(|at| at.1), most(|at| at.1));
    if all.is_empty() {
        return Sight { x: 0.0, y: 0.0, across: 100.0 };
    }
    let across = (east - west).max((north - south) * WIDTH / HEIGHT) * 1.4;
    Sight {
        x: f64::midpoint(west, east),
        y: f64::midpoint(south, north),
        across: across.clamp(20.0, FURTHEST_KM),
    }
}
