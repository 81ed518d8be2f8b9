use leptos::prelude::*;
use waymark_core::event::Stamp;

use super::lines::{Line, moment};
use super::state::{MomentSpot, PlanForm};
use crate::i18n::{intl, keys, use_i18n};
use crate::state::AppState;
use crate::ui::time::Clock;
use crate::ui::{Banner, SheetRow, Tone, live, lu, time};
use crate::{say, words};

/// What it is called, and what for.
#[component]
pub fn NameRow(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let name = Line::plan("name", keys::plan::name, |draft| &mut draft.name).hint(keys::plan::name_hint);
    let purpose = Line::plan("purpose", keys::plan::purpose, |draft| &mut draft.purpose);
    view! {
        <SheetRow heading=words!(i18n, plan.what)>
            {name.show(form)}
            {purpose.show(form)}
        </SheetRow>
    }
    .into_any()
}

const HALF_HOUR_MS: i64 = 1_800_000;
/// Nobody plans by the minute.
const STEP_MS: i64 = 300_000;
/// The hour for whoever has no departure to go by.
const EARLY: u32 = 6;

/// Where and when they leave. `like` is when the movement that was copied left.
#[component]
pub fn DepartureRow(form: PlanForm, like: RwSignal<Option<Stamp>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let from = Line::plan("from", keys::plan::from, |draft| &mut draft.from.name);
    let code = Line::plan("from_code", keys::plan::code, |draft| &mut draft.from.code_name);
    let depart = Line::plan("depart", keys::plan::depart, |draft| &mut draft.name);
    let zone = move || {
        let at = form.moment(MomentSpot::Depart).unwrap_or_else(|| app.now.get());
        say!(i18n, plan.zone, zone = time::zone(intl(i18n), at.0))
    };
    let soon = move || Stamp((app.now.get().0 + HALF_HOUR_MS + STEP_MS - 1).div_euclid(STEP_MS) * STEP_MS);
    let tomorrow = move || {
        let now = app.now.get().0;
        Stamp(time::tomorrow_at(now, like.get().map_or(Clock::At(EARLY), |like| Clock::Like(like.0))))
    };
    let clock = move || {
        let at = tomorrow().0;
        time::moment(intl(i18n), at, at)
    };
    let past = move || {
        let past =
            form.moment(MomentSpot::Depart).is_some_and(|at| app.now.get().ms_since(at) > HALF_HOUR_MS);
        let text = words!(i18n, plan.past);
        past.then(|| view! { <Banner tone=Tone::Warn icon=lu::LuHistory text /> })
    };
    let set = move |at: Stamp| form.set_moment(MomentSpot::Depart, Some(at));
    view! {
        <SheetRow heading=words!(i18n, plan.departure)>
            <div class="two">{from.show(form)} {code.show(form)}</div>
            {moment(form, depart, MomentSpot::Depart)}
            <div class="name-chips">
                <button type="button" class="name-chip" on:click=move |_| set(untrack(soon))>
                    {words!(i18n, plan.soon)}
                </button>
                <button type="button" class="name-chip" on:click=move |_| set(untrack(tomorrow))>
                    {words!(i18n, plan.tomorrow, time = clock())}
                </button>
            </div>
            <p class="field-hint">{live(zone)}</p>
            <div role="status">{live(past)}</div>
        </SheetRow>
    }
    .into_any()
}

/// The id of the field that is left to set once a movement has been copied.
pub const DEPART: &str = "f-depart";
