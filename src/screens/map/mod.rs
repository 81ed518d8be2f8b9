//! A sketch of what this phone knows, where it is known to be.

mod layers;
mod sketch;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::Reading;
use crate::state::AppState;
use crate::ui::{Choice, Empty, LateFold, PageTitle, SketchMap, SketchWords, Ticks, Tone, live, time};
use crate::{say, words};
use layers::Layers;
pub use sketch::Kinds;

#[component]
pub fn Map() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    spawn_local(async move {
        actions::open_layers(app).await;
        actions::open_chain(app).await;
    });
    let kinds = RwSignal::new(Kinds::ALL.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>());
    let drawn = memo(move || kinds.with(|kinds| sketch::sketch(app, i18n, kinds)));
    let options = derive(move || Kinds::ALL.iter().map(|kind| choice(i18n, kind)).collect::<Vec<_>>());
    let empty = memo(move || {
        app.chain.is_read()
            && drawn.with(|drawn| {
                drawn.marks.is_empty()
                    && drawn.lines.is_empty()
                    && drawn.dots.is_empty()
                    && drawn.areas.is_empty()
            })
    });
    let words = SketchWords {
        label: words!(i18n, map.title),
        closer: words!(i18n, map.zoom_in),
        further: words!(i18n, map.zoom_out),
        whole: words!(i18n, map.whole),
    };
    let scale = Callback::new(move |km: f64| say!(i18n, map.scale, km = time::number(intl(i18n), km)));
    let map = move || {
        if empty.get() {
            view! { <Empty title=words!(i18n, map.empty) text=words!(i18n, map.empty_text) /> }.into_any()
        } else {
            view! { <SketchMap sketch=drawn words scale /> }.into_any()
        }
    };
    let list = Callback::new(move |()| {
        let points = move || {
            drawn.with(|drawn| {
                let one = |mark: &crate::ui::Mark| {
                    let (href, label) = (mark.href.clone(), mark.label.clone());
                    view! {
                        <li>
                            <p dir="auto">
                                <a href=href>{label}</a>
                            </p>
                        </li>
                    }
                    .into_any()
                };
                drawn.marks.iter().map(one).collect::<Vec<_>>()
            })
        };
        view! { <ul class="joined">{live(points)}</ul> }.into_any()
    });
    let count = derive(move || {
        let number = drawn.with(|drawn| drawn.marks.len());
        say!(i18n, map.shown, number = time::number(intl(i18n), to_f64(number)))
    });
    view! {
        <div class="page">
            <PageTitle text=words!(i18n, map.title) />
            <p class="soft">{words!(i18n, map.text)}</p>
            <Ticks
                label=words!(i18n, map.title)
                options
                chosen=kinds
                on_change=Callback::new(move |all| kinds.set(all))
            />
            <Reading />
            {live(map)}
            <LateFold part="map-list" heading=words!(i18n, map.list) holds=count make=list />
            <Layers />
        </div>
    }
    .into_any()
}

#[allow(clippy::cast_precision_loss)] // a few thousand
fn to_f64(number: usize) -> f64 {
    number as f64
}

fn choice(i18n: I18n, kind: &str) -> Choice {
    let (label, tone) = match kind {
        Kinds::LEGS => (say!(i18n, map.legs), Tone::Accent),
        Kinds::THREATS => (say!(i18n, map.threats), Tone::None),
        Kinds::INCIDENTS => (say!(i18n, map.incidents), Tone::None),
        Kinds::COMMUNITY => (say!(i18n, map.community), Tone::None),
        Kinds::RISKS => (say!(i18n, map.risks), Tone::None),
        _ => (say!(i18n, map.history), Tone::Quiet),
    };
    Choice { value: kind.to_owned(), label, tone, ..Choice::default() }
}
