use std::fmt::Write as _;

use leptos::prelude::*;

/// Bars from zero, one for each part of the time; the table behind it has the figures.
pub fn bars(values: &[u32], label: String) -> AnyView {
    let most = values.iter().copied().max().unwrap_or(0).max(1);
    let mut out = String::new();
    for (at, value) in values.iter().enumerate() {
        let height = value * 40 / most;
        let (x, y) = (at * 12 + 1, 42 - height);
        let _ = write!(out, "<rect x='{x}' y='{y}' width='10' height='{height}'/>");
    }
    let width = values.len() * 12;
    let _ = write!(out, "<path d='M0 42.5H{width}'/>");
    view! {
        <svg class="bars" preserveAspectRatio="xMinYMax meet" viewBox=format!("0 0 {width} 44") role="img" aria-label=label>
            <g inner_html=out></g>
        </svg>
    }
    .into_any()
}
