use std::fmt::Write as _;

use leptos::html;
use leptos::prelude::*;
use waymark_core::view::chain::{Drawing, Item};

use crate::i18n::{I18n, use_i18n};
use crate::reactive::{effect, memo};
use crate::routes;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Fold, bring_in, live};
use crate::{say, words};

/// The items around it as a drawing, stage by stage, and the same in words. Core lays it out; a row and a column have
/// fixed sizes here, and the whole is mirrored where people read from the right.
#[component]
pub fn Graph(item: Memo<Item>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let drawing = memo(move || {
        let id = item.with(|item| item.id);
        app.chain.with(|chain| chain.drawing(id))
    });
    let picture = move || {
        let id = item.with(|item| item.id);
        drawing.with(|drawing| (drawing.nodes.len() > 1).then(|| picture(app, i18n, drawing, id)))
    };
    let list = move || {
        drawing.with(|drawing| {
            let name =
                |at: usize| drawing.nodes.get(at).map(|node| named(app, i18n, node.id)).unwrap_or_default();
            let line = |line: &waymark_core::view::chain::Line| {
                let relation = forms::code(i18n, "relation", line.relation.code());
                let words = say!(
                    i18n,
                    chain.graph_text,
                    from = name(line.from),
                    to = name(line.to),
                    relation = relation
                );
                view! { <li>{words}</li> }.into_any()
            };
            drawing.lines.iter().map(line).collect::<Vec<_>>()
        })
    };
    let some = memo(move || drawing.with(|drawing| drawing.nodes.len() > 1));
    let frame = NodeRef::<html::Div>::new();
    effect(move || {
        drawing.track();
        if let Some(frame) = frame.get() {
            bring_in(frame.into(), ".node[aria-current]");
        }
    });
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, chain.graph)}</h2>
                    <div
                        class="graph"
                        tabindex="0"
                        role="group"
                        aria-label=words!(i18n, chain.graph)
                        node_ref=frame
                    >
                        {live(picture)}
                    </div>
                    <Fold heading=words!(i18n, chain.graph_list) holds=Signal::stored(String::new())>
                        <ul class="points">{live(list)}</ul>
                    </Fold>
                </section>
            }
        })
    })
}

fn named(app: AppState, i18n: I18n, id: waymark_core::event::EventId) -> String {
    app.chain
        .with(|chain| {
            chain.get(id).map(|item| {
                format!(
                    "{} “{}”",
                    forms::short(i18n, item.form),
                    forms::clipped(&forms::headline(i18n, item), 40)
                )
            })
        })
        .unwrap_or_default()
}

/// In sixteenths of the size of text, so that the boxes grow with what stands in them.
const COLUMN: usize = 200;
const BOX: usize = 160;
const HALF: usize = 44;
const HEAD: usize = 40;

fn picture(app: AppState, i18n: I18n, drawing: &Drawing, own: waymark_core::event::EventId) -> AnyView {
    let rtl = i18n.get_locale().direction() == "rtl";
    let width = drawing.stages.len() * COLUMN;
    let height = HEAD + drawing.rows * 2 * HALF;
    let x = |column: usize| {
        let from_start = column * COLUMN + (COLUMN - BOX) / 2;
        if rtl { width - from_start - BOX } else { from_start }
    };
    let y = |half_row: usize| HEAD + half_row * HALF + HALF;
    let mut lines = String::new();
    for line in &drawing.lines {
        let (Some(from), Some(to)) = (drawing.nodes.get(line.from), drawing.nodes.get(line.to)) else {
            continue;
        };
        let (mut x1, mut x2) = (x(from.column) + BOX, x(to.column));
        if rtl {
            (x1, x2) = (x(from.column), x(to.column) + BOX);
        }
        let (y1, y2) = (y(from.half_row), y(to.half_row));
        let class = line.relation.code();
        if from.column == to.column {
            let (side, out) = (x(from.column) + BOX, x(from.column) + BOX + 18);
            let _ =
                write!(lines, "<path class='{class}' d='M{side} {y1}C{out} {y1} {out} {y2} {side} {y2}'/>");
        } else {
            let half = usize::midpoint(x1, x2);
            let _ = write!(
                lines,
                "<path class='{class}' marker-end='url(#tip)' d='M{x1} {y1}C{half} {y1} {half} {y2} {x2} {y2}'/>"
            );
        }
    }
    let sized = |length: usize| format!("calc({length}rem / 16)");
    let head = |(column, stage): (usize, &usize)| {
        let label = forms::code(i18n, "stage", &stage.to_string());
        view! {
            <span class="stage" style:left=sized(x(column)) style:width=sized(BOX)>
                {label}
            </span>
        }
        .into_any()
    };
    let heads: Vec<_> = drawing.stages.iter().enumerate().map(head).collect();
    let node = |node: &waymark_core::view::chain::Node| {
        let (form, headline) = app.chain.with(|chain| {
            chain.get(node.id).map(|item| (forms::short(i18n, item.form), forms::headline(i18n, item)))
        })?;
        let top = y(node.half_row) - HALF + 6;
        let here = (node.id == own).then_some("page");
        Some(
            view! {
                <a
                    class="node"
                    href=routes::record(node.id)
                    aria-current=here
                    style:left=sized(x(node.column))
                    style:top=sized(top)
                    style:width=sized(BOX)
                    style:height=sized(2 * HALF - 12)
                >
                    <small>{form}</small>
                    <span dir="auto">{forms::clipped(&headline, 46)}</span>
                </a>
            }
            .into_any(),
        )
    };
    let nodes: Vec<_> = drawing.nodes.iter().filter_map(node).collect();
    let size = format!("0 0 {width} {height}");
    let below = format!(
        "<marker id='tip' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto-start-reverse'><path d='M0 0L8 4L0 8z'/></marker>{lines}"
    );
    view! {
        <div class="graph-sheet" style:width=sized(width) style:height=sized(height)>
            <svg viewBox=size aria-hidden="true">
                <g class="graph-lines" inner_html=below></g>
            </svg>
            {heads}
            {nodes}
        </div>
    }
    .into_any()
}
