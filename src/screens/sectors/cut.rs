use leptos::prelude::*;
use waymark_core::event::Stamp;
use waymark_core::view::sectors::Cut;

use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::say;
use crate::state::AppState;
use crate::ui::{Choice, Choices, Field, Input, Shape, live};
use crate::words;

const DAY_MS: i64 = 86_400_000;

/// Which area and which time is looked at.
#[derive(Clone, Copy)]
pub struct Chosen {
    area: RwSignal<String>,
    days: RwSignal<String>,
    /// The standards pack that was in force; empty for all.
    pack: RwSignal<String>,
}

impl Chosen {
    pub fn new() -> Self {
        Self { area: RwSignal::default(), days: RwSignal::new("90".to_owned()), pack: RwSignal::default() }
    }

    /// Up to this hour; tracks.
    pub fn cut(self, now: Stamp) -> Cut {
        let days = self.days.with(|days| match days.as_str() {
            "30" => 30,
            "365" => 365,
            _ => 90,
        });
        let to = Stamp((now.0 / HOUR_MS + 1) * HOUR_MS);
        let area = self.area.get().trim().to_owned();
        Cut { area, pack: self.pack.get(), from: to.plus_ms(-days * DAY_MS), to }
    }
}

const HOUR_MS: i64 = 3_600_000;

#[component]
pub fn CutRow(chosen: Chosen) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let areas = memo(move || {
        let mut areas = app.person().map(|person| person.areas).unwrap_or_default();
        app.chain.with(|chain| {
            for item in chain.items().filter(|item| !item.is_external()) {
                areas.extend(item.now.text("area").map(str::to_owned));
            }
        });
        waymark_core::order::sort(&mut areas);
        areas.dedup();
        areas
    });
    let options = move || {
        let option = |name: String| view! { <option value=name></option> }.into_any();
        areas.get().into_iter().map(option).collect::<Vec<_>>()
    };
    let packs = memo(move || {
        app.chain.with(|chain| chain.packs().into_iter().map(str::to_owned).collect::<Vec<_>>())
    });
    let several = memo(move || packs.with(|packs| packs.len() > 1));
    let pack_options = derive(move || {
        let choice = |value: String, label: String| Choice { value, label, ..Choice::default() };
        let all = choice(String::new(), say!(i18n, sectors.pack_all));
        let own = packs.get().into_iter().map(|pack| choice(pack.clone(), pack));
        std::iter::once(all).chain(own).collect::<Vec<_>>()
    });
    let by_pack = move || {
        several.get().then(|| {
            view! {
                <Choices
                    name="pack"
                    label=words!(i18n, sectors.pack)
                    options=pack_options
                    value=chosen.pack
                    on_choose=Callback::new(move |pack| chosen.pack.set(pack))
                    shape=Shape::Tiles
                />
            }
        })
    };
    view! {
        <div class="cut">
            <Field
                name="area"
                label=words!(i18n, sectors.area)
                placeholder=words!(i18n, sectors.area_all)
                value=chosen.area
                input=Input::Proposed
            />
            <datalist id="l-area">{live(options)}</datalist>
            <Choices
                name="period"
                label=words!(i18n, sectors.period)
                options=derive(move || periods(i18n))
                value=chosen.days
                on_choose=Callback::new(move |days| chosen.days.set(days))
                shape=Shape::Tiles
            />
            {live(by_pack)}
        </div>
    }
    .into_any()
}

fn periods(i18n: I18n) -> Vec<Choice> {
    let choice = |value: &str, label| Choice { value: value.to_owned(), label, ..Choice::default() };
    vec![
        choice("30", say!(i18n, sectors.period_30)),
        choice("90", say!(i18n, sectors.period_90)),
        choice("365", say!(i18n, sectors.period_365)),
    ]
}
