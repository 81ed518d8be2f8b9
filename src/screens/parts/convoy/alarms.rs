use leptos::prelude::*;
use waymark_core::event::{EmergencyReason, EventId, Tried};
use waymark_core::view::movement::{Alarm, By};

use super::{Convoy, Work};
use crate::actions::AlarmRef;
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::{AlarmTries, AnswerButton, ResolveForm, Try, may_answer, use_record};
use crate::ui::{Button, Icon, live, lu, rows};
use crate::{say, words};

/// Emergencies of the movement that are not over.
#[component]
pub fn Alarms(convoy: Convoy) -> impl IntoView {
    let Convoy { movement, .. } = convoy;
    let open = memo(move || {
        movement.with(|movement| movement.open_alarms().map(|alarm| alarm.id).collect::<Vec<_>>())
    });
    let row = move |id| view! { <AlarmRow convoy id /> };
    rows(move || open.get(), |id| *id, row)
}

/// The built-in card on what to do about it, or the organisation's in its place.
const DURESS: &str = "duress";

#[component]
fn AlarmRow(convoy: Convoy, id: EventId) -> impl IntoView {
    let Convoy { movement, i18n, .. } = convoy;
    let app = convoy.app();
    let (trying, ending) = (Work::AlarmTry(id), Work::AlarmOver(id));
    let on_open = Callback::new(move |()| convoy.open.set(Some(trying)));
    let under = if untrack(|| convoy.watches()) { routes::WATCH } else { routes::RECORDS };
    let alarm =
        memo(move || movement.with(|movement| movement.alarms.iter().find(|alarm| alarm.id == id).cloned()));
    let of = AlarmRef {
        record: id,
        movement: Some(movement.with_untracked(|movement| movement.id)),
        exercise: alarm.with_untracked(|alarm| alarm.as_ref().is_some_and(|alarm| alarm.exercise)),
    };
    let record = use_record(Signal::stored(Some(id)));
    let words_of = move |alarm: &Alarm| {
        let what = if alarm.duress { say!(i18n, board.threat) } else { say!(i18n, record.emergency) };
        let what = if alarm.exercise { format!("{} · {what}", say!(i18n, records.exercise)) } else { what };
        let raised = say!(i18n, board.raised, name = alarm.by.name, ago = convoy.ago(alarm.by.at.0));
        let on_it = alarm.acknowledged.as_ref().map(|by| say!(i18n, station.on_it_by, name = by.name));
        (what, raised, on_it.unwrap_or_else(|| say!(i18n, board.nobody_on_it)))
    };
    let said = move || {
        alarm.with(|alarm| alarm.as_ref().map(words_of)).map(|(what, raised, on_it)| {
            view! {
                <h2>
                    <Icon icon=lu::LuSiren />
                    {what}
                </h2>
                <p>{raised} " · " {on_it}</p>
            }
        })
    };
    let answer =
        move || record.get().filter(|view| may_answer(app, view)).map(|view| view! { <AnswerButton view /> });
    let taken =
        memo(move || alarm.with(|alarm| alarm.as_ref().is_some_and(|alarm| alarm.acknowledged.is_some())));
    let threat = move || alarm.with(|alarm| alarm.as_ref().is_some_and(|alarm| alarm.duress));
    let careful = move || {
        threat().then(|| {
            view! {
                <p>{words!(i18n, board.threat_text)}</p>
                <a class="more-link" href=routes::card(DURESS)>{words!(i18n, board.threat_card)}</a>
            }
        })
    };
    let foot = move || {
        if !taken.get() || !convoy.watches() {
            return None;
        }
        if convoy.open.get() == Some(ending) {
            let on_close = convoy.close();
            return Some(view! { <ResolveForm of reason=EmergencyReason::Unstated on_close /> }.into_any());
        }
        let open = Callback::new(move |()| convoy.open.set(Some(ending)));
        Some(view! { <Button id=ending.button() label=words!(i18n, alarm.over) on_press=open /> }.into_any())
    };
    let since = derive(move || {
        alarm.with(|alarm| alarm.as_ref().map_or_else(|| convoy.now.get(), Alarm::calls_from))
    });
    let tries = derive(move || {
        let tried = |(by, tried): &(By, Tried)| Try { by: by.name.clone(), at: by.at, tried: tried.clone() };
        alarm.with(|alarm| {
            alarm.as_ref().map(|alarm| alarm.tried.iter().map(tried).collect()).unwrap_or_default()
        })
    });
    view! {
        <section class="panel panel-alarm">
            {live(said)} {live(careful)} {answer} {live(foot)}
            <AlarmTries
                of
                since
                tries
                open=derive(move || convoy.open.get() == Some(trying))
                on_open
                on_close=convoy.close()
                button=trying.button()
            />
            <a class="more-link" href=format!("{under}/{id}")>
                {words!(i18n, board.open_record)}
            </a>
        </section>
    }
    .into_any()
}
