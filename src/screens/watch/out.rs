use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::rules::overdue::verdict;
use waymark_core::view::board::{Order, Rank, order};

use crate::i18n::use_i18n;
use crate::reactive::{derive, memo};
use crate::screens::parts::convoy::words::{Face, face, route};
use crate::state::{AppState, Shown};
use crate::ui::{Chip, Empty, Icon, LinkButton, Tone, live, lu, rows};
use crate::{routes, say, words};

/// Who is out, those first who need a human.
#[component]
pub fn Out(#[prop(into)] current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Judged and sorted once for each change and each tick of the clock; rows that stay where they are do not notice.
    let sorted = memo(move || {
        let now = app.server_now();
        app.movements.open.with(|open| {
            let mut orders: Vec<Order> =
                open.values().map(|movement| order(movement, &verdict(movement, now))).collect();
            waymark_core::order::sort(&mut orders);
            orders.into_iter().map(|order| order.id).collect::<Vec<_>>()
        })
    });
    let none = memo(move || sorted.with(Vec::is_empty));
    let row = move |id: EventId| {
        let movement = memo(move || app.movements.get(id));
        let current = derive(move || current.get() == Some(id));
        let first = movement.get_untracked();
        first.map(|first| {
            let movement = memo(move || movement.get().unwrap_or_else(|| first.clone()));
            view! { <OutRow id movement current /> }
        })
    };
    live(move || {
        if none.get() {
            view! {
                <Empty title=words!(i18n, board.nobody) text=words!(i18n, board.nobody_text)>
                    <LinkButton label=words!(i18n, board.plan) href=routes::NEW_MOVEMENT icon=lu::LuRoute />
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <ul class="rows out">
                    {rows(move || sorted.get(), |id| *id, row)}
                </ul>
            }
            .into_any()
        }
    })
}

/// What of a movement shows in its row.
#[derive(Clone, PartialEq)]
struct RowFace {
    stage: &'static str,
    name: String,
    face: Face,
    /// "Last known safe 47 min ago" where the chip says something else.
    heard: Option<String>,
    exercise: bool,
}

#[component]
fn OutRow(id: EventId, movement: Memo<Shown>, current: Signal<bool>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let row = memo(move || {
        let now = app.server_now();
        movement.with(|movement| {
            let verdict = verdict(movement, now);
            let face = face(i18n, movement, &verdict, now);
            let loud = matches!(face.rank, Rank::Emergency | Rank::Exhausted | Rank::Overdue);
            let heard = (loud || face.rank == Rank::Due)
                .then(|| crate::screens::parts::convoy::words::heard(i18n, movement, true, now));
            RowFace {
                stage: verdict.stage.code(),
                name: movement.plan.plan.name.clone(),
                heard,
                face,
                exercise: movement.exercise,
            }
        })
    });
    let way = memo(move || movement.with(|movement| route(i18n, movement)));
    let chips = move || {
        let RowFace { face, exercise, .. } = row.get();
        let on_it = face.on_it.map(|text| {
            view! { <Chip text=Signal::stored(text) icon=lu::LuUserCheck tone=Tone::Accent /> }
        });
        let drill = exercise.then(|| {
            view! { <Chip text=words!(i18n, records.exercise) icon=lu::LuFlaskConical tone=Tone::Warn /> }
        });
        view! {
            <Chip text=Signal::stored(face.text) icon=face.icon tone=face.tone />
            {on_it}
            {drill}
        }
    };
    let mark = move || {
        row.with(|row| {
            view! {
                <span class="row-mark" data-tone=row.face.tone.name()>
                    <Icon icon=row.face.icon />
                </span>
            }
        })
    };
    let loud = memo(move || row.with(|row| row.face.tone == Tone::Danger));
    let under = move || {
        row.with(|row| {
            let parts = [row.heard.as_deref(), Some(row.face.step.as_str())];
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        })
    };
    view! {
        <li
            class="row"
            class:row-alarm=loud
            data-movement=id.to_string()
            data-overdue-stage=move || row.with(|row| row.stage)
            data-current=move || current.get().then_some("")
        >
            {live(mark)}
            <div class="out-words">
                <a class="row-link row-title" href=format!("{}/{id}", routes::WATCH)>
                    {live(move || row.with(|row| row.name.clone()))}
                </a>
                <p class="convoy-chips">{live(chips)}</p>
                <p class="row-sub">{way}</p>
                <p class="row-sub">{live(under)}</p>
            </div>
        </li>
    }
    .into_any()
}

/// Says when all that is shown is an exercise.
#[component]
pub fn DrillBanner() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let drill = memo(move || {
        let movements = app
            .movements
            .open
            .with(|open| (!open.is_empty(), open.values().all(|movement| movement.exercise)));
        let records = app.records.waiting.with(|all| (!all.is_empty(), all.iter().all(|view| view.exercise)));
        (movements.0 || records.0) && movements.1 && records.1
    });
    let text = derive(move || say!(i18n, board.drill));
    live(move || {
        drill.get().then(|| {
            view! { <crate::ui::Banner tone=Tone::Warn icon=lu::LuFlaskConical text /> }
        })
    })
}
