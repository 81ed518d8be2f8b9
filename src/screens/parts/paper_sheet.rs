use leptos::prelude::*;
use waymark_core::event::{Plan, Stamp};

use super::plan_words;
use crate::i18n::{I18n, Plain, follow, intl, keys, text, use_i18n};
use crate::reactive::derive;
use crate::say;
use crate::state::Shown;
use crate::ui::{Fact, Facts, live, time};

/// Rows to write check-ins into.
const BLANK_ROWS: usize = 10;

const WAYPOINTS: [Plain; 8] = [
    keys::movements::paper_place,
    keys::plan::code,
    keys::movements::paper_km,
    keys::movements::paper_planned,
    keys::movements::paper_odometer,
    keys::movements::paper_actual,
    keys::movements::paper_heads,
    keys::movements::paper_remarks,
];
const CHECK_INS: [Plain; 6] = [
    keys::movements::paper_time,
    keys::movements::paper_where,
    keys::movements::paper_state,
    keys::movements::paper_heads,
    keys::movements::paper_by,
    keys::movements::paper_remarks,
];
const VEHICLES: [Plain; 3] = [keys::plan::call_sign, keys::plan::plate, keys::movements::paper_people];

/// The radio room's paper for one movement: what was planned, and room to write what happens. For print alone.
#[component]
pub fn PaperSheet(#[prop(into)] movement: Signal<Shown>) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || {
        movement.with(|movement| {
            let drill = movement.exercise.then(|| format!(" · {}", say!(i18n, movements.exercise)));
            format!("{}{}", movement.plan.plan.name, drill.unwrap_or_default())
        })
    };
    let version = move || {
        movement.with(|movement| {
            let by = &movement.plan.by;
            let time = time::moment(intl(i18n), by.at.0, i64::MAX);
            let zone = time::zone(intl(i18n), movement.plan.plan.depart.0);
            let by =
                say!(i18n, movements.paper_printed, name = plan_words::isolated(i18n, &by.name), time = time);
            format!("{by} · {}", say!(i18n, movements.paper_zone, zone = zone))
        })
    };
    let plan = move |rows: fn(I18n, &Plan) -> Vec<Vec<String>>| {
        derive(move || movement.with(|movement| rows(i18n, &movement.plan.plan)))
    };
    let facts = derive(move || movement.with(|movement| facts(i18n, &movement.plan.plan)));
    let blank = derive(|| vec![vec![String::new(); CHECK_INS.len()]; BLANK_ROWS]);
    view! {
        <article class="paper">
            <p>{crate::words!(i18n, movements.paper)}</p>
            <h1>{live(title)}</h1>
            <p>{live(version)}</p>
            <Facts facts />
            <h2>{crate::words!(i18n, plan.vehicles)}</h2>
            {table(i18n, &VEHICLES, plan(vehicles))}
            <h2>{crate::words!(i18n, movements.paper_waypoints)}</h2>
            {table(i18n, &WAYPOINTS, plan(waypoints))}
            <h2>{crate::words!(i18n, movements.paper_checkins)}</h2>
            {table(i18n, &CHECK_INS, blank)}
        </article>
    }
    .into_any()
}

fn table(i18n: I18n, heads: &'static [Plain], rows: Signal<Vec<Vec<String>>>) -> AnyView {
    let head = |key: &Plain| view! { <th scope="col">{follow(i18n, *key)}</th> };
    let row = |cells: Vec<String>| {
        let cells = cells.into_iter().map(|cell| view! { <td>{cell}</td> }).collect::<Vec<_>>();
        view! { <tr>{cells}</tr> }
    };
    view! {
        <table>
            <thead>
                <tr>{heads.iter().map(head).collect::<Vec<_>>()}</tr>
            </thead>
            <tbody>{live(move || rows.get().into_iter().map(row).collect::<Vec<_>>())}</tbody>
        </table>
    }
    .into_any()
}

/// What stands above the tables; what the plan does not say is left out.
fn facts(i18n: I18n, plan: &Plan) -> Vec<Fact> {
    let moment = |at: Stamp| time::moment(intl(i18n), at.0, i64::MAX);
    let figure = |count: u32| time::number(intl(i18n), f64::from(count));
    let every =
        say!(i18n, plan.every, interval = figure(plan.watch.interval), grace = figure(plan.watch.grace));
    let level = plan_words::level(i18n, &plan.area_level);
    let name = |key| text(i18n, key).to_owned();
    let mut facts = vec![
        Fact::new(name(keys::movements::paper_departure), moment(plan.depart)),
        Fact::new(name(keys::plan::route), plan_words::way(i18n, plan)),
        Fact::new(name(keys::plan::headcount), plan_words::load(i18n, plan)),
        Fact::new(name(keys::movements::paper_due), format!("{every} · {level}")),
    ];
    let mut add = |name: String, value: String| {
        if !value.is_empty() {
            facts.push(Fact::new(name, value));
        }
    };
    let own = |text: &Option<String>| text.clone().unwrap_or_default();
    let leader = plan.leader.as_ref().map(|leader| leader.name.clone());
    add(name(keys::plan::purpose), own(&plan.purpose));
    add(name(keys::plan::leader), own(&leader));
    add(name(keys::plan::clearance), own(&plan.clearance));
    add(name(keys::plan::notification), own(&plan.notification));
    for means in &plan.means {
        add(plan_words::pace(i18n, &means.pace), means.text.clone());
    }
    add(name(keys::plan::contacts), plan.contacts.join(" · "));
    add(name(keys::plan::turnaround), plan.turnaround.map(moment).unwrap_or_default());
    add(name(keys::plan::no_go), plan.no_go.join(" · "));
    for action in &plan.actions_on {
        add(plan_words::situation(i18n, &action.situation), action.text.clone());
    }
    facts
}

fn vehicles(i18n: I18n, plan: &Plan) -> Vec<Vec<String>> {
    let names = |people: &[waymark_core::event::Person]| {
        people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let vehicle = |vehicle: &waymark_core::event::Vehicle| {
        vec![vehicle.call_sign.clone(), vehicle.plate.clone().unwrap_or_default(), names(&vehicle.people)]
    };
    let walking = || vec![text(i18n, keys::plan::on_foot).to_owned(), String::new(), names(&plan.on_foot)];
    let on_foot = (!plan.on_foot.is_empty()).then(walking);
    plan.vehicles.iter().map(vehicle).chain(on_foot).collect()
}

fn waypoints(i18n: I18n, plan: &Plan) -> Vec<Vec<String>> {
    let times = plan.timetable();
    let km = plan.distances();
    let place = |(at, place): (usize, &waymark_core::event::Place)| {
        let km = km.get(at).copied().flatten().map(|km| time::number(intl(i18n), km));
        let time = times.get(at).copied().flatten();
        let time = time.map(|time| time::moment(intl(i18n), time.0, plan.depart.0));
        let leg = at.checked_sub(1).and_then(|leg| plan.legs.get(leg));
        let night = leg.and_then(|leg| leg.overnight_until).map(|until| {
            let until = time::moment(intl(i18n), until.0, plan.depart.0);
            say!(i18n, movements.paper_night, time = until)
        });
        let road = leg.and_then(|leg| leg.road.clone());
        let medical = leg.and_then(|leg| leg.medical.clone());
        let medical = medical.map(|place| format!("+ {place}"));
        let remarks = [road, medical, night].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let blank = String::new;
        let code = place.code_name.clone().unwrap_or_default();
        let (km, time) = (km.unwrap_or_default(), time.unwrap_or_default());
        vec![place.name.clone(), code, km, time, blank(), blank(), blank(), remarks]
    };
    plan.places().enumerate().map(place).collect()
}
