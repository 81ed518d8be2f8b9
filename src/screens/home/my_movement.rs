use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::rules::escalation::Stage;
use waymark_core::rules::overdue::{Expected, Verdict, verdict};

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::{AtBase, StripMap};
use crate::state::{AppState, Shown};
use crate::ui::{Chip, Tone, live, lu, time};
use crate::{routes, say, words};

/// The movement they travel in: when they are to be heard next, and where they were last known.
#[component]
pub fn MyMovement() -> impl IntoView {
    let app = AppState::get();
    let mine = app.my_movement();
    let id = memo(move || mine.with(|mine| mine.as_ref().map(|mine| mine.id)));
    live(move || {
        id.get()?;
        let first = mine.get_untracked()?;
        let movement = memo(move || mine.get().unwrap_or_else(|| first.clone()));
        Some(view! {
            <Panel movement />
            <Others id=id.get_untracked() />
        })
    })
}

/// Whoever is in an exercise as well finds the way to it; what is tapped here is about the first.
#[component]
fn Others(id: Option<EventId>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let others = memo(move || {
        let all = app.person().map(|person| app.movements.all_current(&person.user, app.server_now()));
        let mut others = all.unwrap_or_default();
        others.retain(|movement| Some(movement.id) != id);
        others
    });
    live(move || {
        let link = |movement: Shown| {
            let text = say!(i18n, home.also, name = movement.plan.plan.name);
            view! { <a class="more-link" href=routes::movement(movement.id)>{text}</a> }.into_any()
        };
        others.get().into_iter().map(link).collect::<Vec<_>>()
    })
}

#[component]
fn Panel(movement: Memo<Shown>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let verdict = memo(move || movement.with(|movement| verdict(movement, app.server_now())));
    let stage = memo(move || verdict.with(|verdict| verdict.stage));
    let line = move || verdict.with(|verdict| due_line(i18n, verdict, app.server_now().0));
    let chip = move || {
        let (text, tone) = match stage.get() {
            Stage::Quiet => return None,
            Stage::Due | Stage::Grace => (say!(i18n, home.due_now), Tone::Warn),
            _ => (say!(i18n, home.overdue), Tone::Danger),
        };
        Some(view! { <Chip text=Signal::stored(text) icon=lu::LuClockAlert tone /> })
    };
    let name = move || movement.with(|movement| movement.plan.plan.name.clone());
    let drill = move || {
        let text = words!(i18n, records.exercise);
        movement
            .with(|movement| movement.exercise)
            .then(|| view! { <Chip text icon=lu::LuGraduationCap tone=Tone::Accent /> })
    };
    view! {
        <section class="panel stack stack-tight" data-overdue-stage=move || stage.get().code() aria-labelledby="my-movement">
            <div class="bar">
                <h2 id="my-movement">
                    <a href=move || movement.with(|movement| routes::movement(movement.id))>{live(name)}</a>
                </h2>
                {live(drill)}
                {live(chip)}
            </div>
            <p>{live(line)}</p>
            <AtBase movement brief=true />
            <StripMap movement=derive(move || movement.get()) drawn=true />
        </section>
    }
    .into_any()
}

fn due_line(i18n: I18n, verdict: &Verdict, now: i64) -> String {
    let Some(Expected { due, stage, .. }) = verdict.first() else { return String::new() };
    let at = time::moment(intl(i18n), due.at.0, now);
    let line = match stage {
        Stage::Quiet => {
            say!(i18n, home.next_check_in, time = at, when = time::ago(intl(i18n), due.at.0, now))
        }
        Stage::Due | Stage::Grace => say!(i18n, home.check_in_due, time = at),
        _ => say!(i18n, home.check_in_overdue, time = at),
    };
    let by = verdict.acknowledged().map(|by| say!(i18n, home.looked_for, name = by.name.clone()));
    let silent = (!due.silent.is_empty() && *stage > Stage::Quiet)
        .then(|| say!(i18n, home.not_heard, names = due.silent.join(", ")));
    [silent, Some(line), by].into_iter().flatten().collect::<Vec<_>>().join(" ")
}
