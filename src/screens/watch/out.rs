use std::collections::HashMap;

use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::board::{Order, Rank, order};

use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::screens::parts::convoy::words::{Face, face, route};
use crate::state::{AppState, Judged};
use crate::ui::{Chip, Empty, Icon, LinkButton, Tone, live, lu, rows};
use crate::{routes, say, words};

/// Who is out, those first who need a human.
#[component]
pub fn Out(#[prop(into)] current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Rows that stay where they are do not notice.
    let sorted = memo(move || {
        app.movements.judged.with(|all| {
            let order = |judged: &Judged| order(&judged.movement, &judged.verdict);
            let mut orders: Vec<Order> = all.values().map(order).collect();
            waymark_core::order::sort(&mut orders);
            orders.into_iter().map(|order| order.id).collect::<Vec<_>>()
        })
    });
    let none = memo(move || app.movements.are_read() && sorted.with(Vec::is_empty));
    let shown = drawn_in_turns(sorted);
    // Spans are told in minutes: rows need not follow each tick of the clock.
    let minute = memo(move || app.server_now().0 / 60_000);
    let row = move |id: EventId| {
        let judged = memo(move || app.movements.judged.with(|all| all.get(&id).cloned()));
        let current = derive(move || current.get() == Some(id));
        let first = judged.get_untracked();
        first.map(|first| {
            let judged = memo(move || judged.get().unwrap_or_else(|| first.clone()));
            view! { <OutRow id judged current minute /> }
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
                    {rows(move || shown.get(), |id| *id, row)}
                </ul>
                <Reading />
            }
            .into_any()
        }
    })
}

/// So many rows are drawn before the browser gets a turn: a board of hundreds is to answer a tap meanwhile.
const AT_ONCE: usize = 40;

fn drawn_in_turns(sorted: Memo<Vec<EventId>>) -> Memo<Vec<EventId>> {
    let room = RwSignal::new(AT_ONCE);
    effect(move || {
        if sorted.with(Vec::len) > room.get() {
            request_animation_frame(move || {
                room.try_update(|room| *room += AT_ONCE);
            });
        }
    });
    memo(move || sorted.with(|ids| ids.iter().take(room.get()).copied().collect()))
}

/// Says that not all are here yet, and how many are.
#[component]
fn Reading() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    live(move || {
        (!app.movements.are_read()).then(|| {
            let count = app.movements.open.with(HashMap::len);
            view! { <p class="soft" role="status">{say!(i18n, board.reading, number = count.to_string())}</p> }
        })
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
fn OutRow(id: EventId, judged: Memo<Judged>, current: Signal<bool>, minute: Memo<i64>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let row = memo(move || {
        minute.track();
        let now = untrack(|| app.server_now());
        judged.with(|Judged { movement, verdict, .. }| {
            let face = face(i18n, movement, verdict, now);
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
    let way = memo(move || judged.with(|judged| route(i18n, &judged.movement)));
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
        let records = app.records.waiting.with(|waiting| {
            let all = waiting.first.len() == waiting.count && waiting.first.iter().all(|view| view.exercise);
            (waiting.count > 0, all)
        });
        app.movements.are_read() && (movements.0 || records.0) && movements.1 && records.1
    });
    let text = derive(move || say!(i18n, board.drill));
    live(move || {
        drill.get().then(|| {
            view! { <crate::ui::Banner tone=Tone::Warn icon=lu::LuFlaskConical text /> }
        })
    })
}
