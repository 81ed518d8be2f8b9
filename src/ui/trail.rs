use leptos::prelude::*;

use super::{Text, live};

/// One stop on the way of something, passed or ahead.
#[derive(Clone, PartialEq, Default)]
pub struct Station {
    pub label: String,
    /// Who or when, if it was passed.
    pub detail: String,
    pub done: bool,
    /// The way ended here.
    pub bad: bool,
}

/// Stations on a line; passed ones are filled and joined. `not_yet` is said of those ahead.
#[component]
pub fn Trail(
    #[prop(into)] label: Text,
    #[prop(into)] not_yet: Text,
    #[prop(into)] stations: Signal<Vec<Station>>,
    /// Down the page, with room for details.
    #[prop(optional)]
    down: bool,
) -> impl IntoView {
    let stops = move || {
        let stations = stations.get();
        let joined: Vec<bool> = stations.iter().skip(1).map(|next| next.done).chain([false]).collect();
        stations
            .into_iter()
            .zip(joined)
            .map(|(station, joined)| stop(station, joined, not_yet))
            .collect::<Vec<_>>()
    };
    view! {
        <ol class="trail" aria-label=label data-shape=down.then_some("down")>
            {live(stops)}
        </ol>
    }
    .into_any()
}

fn stop(station: Station, joined: bool, not_yet: Text) -> AnyView {
    let detail = if station.done || station.bad {
        (!station.detail.is_empty()).then(|| view! { <small>{station.detail}</small> }.into_any())
    } else {
        Some(view! { <small class="ahead">{not_yet}</small> }.into_any())
    };
    view! {
        <li
            data-done=station.done.then_some("")
            data-joined=joined.then_some("")
            data-bad=station.bad.then_some("")
        >
            {station.label}
            {detail}
        </li>
    }
    .into_any()
}

/// The same trail in the size of a word; the words stand beside it.
#[component]
pub fn Pips(#[prop(into)] passed: Signal<usize>) -> impl IntoView {
    let pip = move |at: usize| {
        view! { <i data-done=move || (at < passed.get()).then_some("")></i> }
    };
    view! { <span class="pips" aria-hidden="true">{(0..4).map(pip).collect::<Vec<_>>()}</span> }.into_any()
}
