use leptos::prelude::*;
use waymark_core::event::{LegDraft, Stamp};

use super::lines::{Line, moment};
use super::row_tools::{RowTools, Rows};
use super::state::{MomentSpot, PlanForm, Spot};
use crate::i18n::{I18n, intl, keys, text, use_i18n};
use crate::reactive::{derive, memo};
use crate::ui::{Button, Fold, Input, SheetRow, focus, lu, rows, time};
use crate::{say, words};

/// The way: one card for each place, down a line.
#[component]
pub fn RouteRow(form: PlanForm) -> impl IntoView {
    let i18n = use_i18n();
    let add = Callback::new(move |()| {
        let id = form.new_row();
        form.draft.update(|draft| draft.legs.push(LegDraft::default()));
        form.legs.update(|rows| rows.push(id));
        focus(format!("f-to-{id}"));
    });
    view! {
        <SheetRow heading=words!(i18n, plan.route)>
            <ol class="stops">
                {rows(move || form.legs.get(), |id| *id, move |id| view! { <Leg form id /> })}
            </ol>
            <div>
                <Button label=words!(i18n, plan.add_place) icon=lu::LuPlus on_press=add />
            </div>
        </SheetRow>
    }
    .into_any()
}

#[component]
fn Leg(form: PlanForm, id: u32) -> impl IntoView {
    let i18n = use_i18n();
    let line = move |field, label, part: fn(&mut LegDraft) -> &mut String| {
        Line::of(field, Spot::Leg(id, part), crate::i18n::follow(i18n, label)).row(id)
    };
    let to = line("to", keys::plan::to, |leg| &mut leg.to.name);
    let km = line("km", keys::plan::km, |leg| &mut leg.km).input(Input::Number);
    let takes = line("time", keys::plan::time, |leg| &mut leg.time).input(Input::Duration);
    let code = line("to_code", keys::plan::code, |leg| &mut leg.to.code_name);
    let road = line("road", keys::plan::road, |leg| &mut leg.road);
    let medical = line("medical", keys::plan::medical, |leg| &mut leg.medical);
    let night = line("overnight_until", keys::plan::overnight, |leg| &mut leg.to.name);
    let arrives = memo(move || reached(i18n, form, id));
    view! {
        <li class="stop">
            {to.show(form)}
            <div class="two">{km.show(form)} {takes.show(form)}</div>
            <Fold heading=words!(i18n, plan.stop_more) holds=derive(move || more(i18n, form, id))>
                {code.show(form)}
                {road.show(form)}
                {medical.show(form)}
                {moment(form, night, MomentSpot::Overnight(id))}
            </Fold>
            <div class="bar">
                <p class="reached num">{arrives}</p>
                <RowTools form rows=Rows::Legs id name=derive(move || name(i18n, form, id)) />
            </div>
        </li>
    }
    .into_any()
}

/// When they arrive and how far it is, as far as it can be told by now.
fn reached(i18n: I18n, form: PlanForm, id: u32) -> String {
    let Some(at) = form.leg_at(id) else { return String::new() };
    let (stretch, depart) =
        form.draft.with(|draft| (draft.stretches().get(at).copied().unwrap_or_default(), draft.depart));
    let near = depart.unwrap_or_default().0;
    let arrival = stretch.arrival.map(|at| time::moment(intl(i18n), at.0, near));
    let arrival = arrival.map(|time| say!(i18n, plan.arrives, time = time));
    let km = stretch.km.map(|km| say!(i18n, plan.so_far, km = time::number(intl(i18n), km)));
    arrival.into_iter().chain(km).collect::<Vec<_>>().join(" · ")
}

/// What is folded away.
fn more(i18n: I18n, form: PlanForm, id: u32) -> String {
    let Some(at) = form.leg_at(id) else { return String::new() };
    let held = |leg: &LegDraft| {
        let night = leg.overnight_until.map(|at: Stamp| {
            format!("{} {}", text(i18n, keys::plan::night), time::moment(intl(i18n), at.0, i64::MAX))
        });
        let texts = [&leg.to.code_name, &leg.road, &leg.medical].map(|text| text.trim().to_owned());
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        texts.chain(night).collect::<Vec<_>>().join(" · ")
    };
    form.draft.with(|draft| draft.legs.get(at).map(held).unwrap_or_default())
}

fn name(i18n: I18n, form: PlanForm, id: u32) -> String {
    let name = form.text(Spot::Leg(id, |leg| &mut leg.to.name));
    let number = || form.leg_at(id).unwrap_or_default() + 1;
    if name.trim().is_empty() { say!(i18n, plan.stop_number, number = number()) } else { name }
}
