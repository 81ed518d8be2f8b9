use leptos::prelude::*;

use crate::i18n::{I18n, intl, use_i18n};
use crate::routes;
use crate::screens::parts::plan_words;
use crate::state::{AppState, Shown};
use crate::ui::{Chip, Icon, Tone, live, lu, time};
use crate::{say, words};

/// One movement in a list. Tests and assistive tools read `data-movement`.
#[component]
pub fn Row(movement: Shown) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let plan = &movement.plan.plan;
    let open = movement.closed.is_none();
    let icon = if plan.vehicles.is_empty() { lu::LuFootprints } else { lu::LuTruck };
    let name = plan.name.clone();
    let href = routes::movement(movement.id);
    let drill = movement.exercise.then(|| {
        view! { <Chip text=words!(i18n, movements.exercise) icon=lu::LuFlag tone=Tone::Quiet /> }
    });
    let way = {
        let movement = movement.clone();
        move || {
            let plan = &movement.plan.plan;
            format!("{} · {}", plan_words::way(i18n, plan), plan_words::load(i18n, plan))
        }
    };
    let when = move || when(i18n, &movement, app.server_now().0);
    view! {
        <li class="row" data-movement=if open { "open" } else { "closed" }>
            <span class="row-mark" data-tone=open.then_some("accent")>
                <Icon icon />
            </span>
            <div>
                <a class="row-link row-title" href=href>
                    {name}
                </a>
                <p class="row-sub">{way}</p>
                <p class="row-sub num">{live(when)}</p>
            </div>
            <div class="row-end">{drill}</div>
        </li>
    }
    .into_any()
}

/// When it was closed, heard of, or leaves.
fn when(i18n: I18n, movement: &Shown, now: i64) -> String {
    let moment = |at: i64| time::moment(intl(i18n), at, now);
    let ago = |at: i64| time::ago(intl(i18n), at, now);
    if let Some(closed) = &movement.closed {
        return say!(i18n, movements.closed, time = moment(closed.by.at.0));
    }
    if let Some(contact) = movement.last_contact() {
        let at = contact.by.at.0;
        return say!(i18n, movements.heard, time = moment(at), ago = ago(at));
    }
    let depart = movement.plan.plan.depart.0;
    if depart > now {
        say!(i18n, movements.leaves, time = moment(depart), ago = ago(depart))
    } else {
        say!(i18n, movements.should_have_left, time = moment(depart))
    }
}
