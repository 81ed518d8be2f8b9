use leptos::prelude::*;
use waymark_core::event::{EventId, Vehicle};
use waymark_core::view::Movement;

use super::Convoy;
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::{AnswerButton, RecordRow, may_answer, use_record};
use crate::ui::{Icon, live, lu};
use crate::{say, words};

/// Vehicle by vehicle: who is in it, and when it was last heard.
#[component]
pub fn Roll(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, verdict, .. } = convoy;
    let none = memo(move || movement.with(|movement| movement.plan.plan.vehicles.is_empty()));
    let rows = move || {
        let silent: Vec<String> = verdict
            .with(|verdict| verdict.due().flat_map(|expected| expected.due.silent.iter().cloned()).collect());
        movement.with(|movement| {
            let row =
                |vehicle: &Vehicle| roll_row(convoy, movement, vehicle, silent.contains(&vehicle.call_sign));
            movement.plan.plan.vehicles.iter().map(row).collect::<Vec<_>>()
        })
    };
    live(move || {
        (!none.get()).then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, convoy.vehicles)}</h2>
                    <ul class="rows">{live(rows)}</ul>
                </section>
            }
        })
    })
}

fn roll_row(convoy: Convoy, movement: &Movement, vehicle: &Vehicle, silent: bool) -> AnyView {
    let i18n = convoy.i18n;
    let last = movement.contacts.iter().rev().find(|contact| contact.made.roll.covers(&vehicle.call_sign));
    let heard = match last {
        Some(contact) => {
            let (time, ago) = (convoy.moment(contact.by.at.0), convoy.ago(contact.by.at.0));
            say!(i18n, convoy.heard, time = time, ago = ago)
        }
        None => say!(i18n, board.never),
    };
    let heard = if silent { format!("{heard} · {}", say!(i18n, convoy.silent)) } else { heard };
    let people: Vec<_> = vehicle.people.iter().map(|person| person.name.as_str()).collect();
    let plate = vehicle.plate.as_ref().map(|plate| view! { <span class="code">{plate.clone()}</span> });
    view! {
        <li class="row">
            <span class="row-mark" data-tone=silent.then_some("warn")>
                <Icon icon=lu::LuTruck />
            </span>
            <div>
                <span class="row-title">{vehicle.call_sign.clone()} " " {plate}</span>
                <p class="row-sub">{people.join(", ")}</p>
                <p class="row-sub">{heard}</p>
            </div>
        </li>
    }
    .into_any()
}

const SHOWN: usize = 5;

/// The last check-ins, with where each has got to.
#[component]
pub fn CheckIns(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let newest = memo(move || {
        movement.with(|movement| {
            movement.contacts.iter().rev().take(SHOWN).map(|contact| contact.id).collect::<Vec<_>>()
        })
    });
    let under = if untrack(|| convoy.watches()) { routes::WATCH } else { routes::RECORDS };
    let list = move || {
        if newest.with(Vec::is_empty) {
            view! { <p class="soft">{words!(i18n, board.never)}</p> }.into_any()
        } else {
            let row = move |id| view! { <CheckIn id under /> };
            view! {
                <ul class="rows">
                    {crate::ui::rows(move || newest.get(), |id| *id, row)}
                </ul>
            }
            .into_any()
        }
    };
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, convoy.check_ins)}</h2>
            {live(list)}
        </section>
    }
    .into_any()
}

#[component]
fn CheckIn(id: EventId, under: &'static str) -> impl IntoView {
    let app = crate::state::AppState::get();
    let record = use_record(Signal::stored(Some(id)));
    live(move || {
        record.get().map(|view| {
            if may_answer(app, &view) {
                let record = view.clone();
                view! {
                    <RecordRow view named=true under>
                        <AnswerButton view=record />
                    </RecordRow>
                }
                .into_any()
            } else {
                view! { <RecordRow view named=true under /> }.into_any()
            }
        })
    })
}
