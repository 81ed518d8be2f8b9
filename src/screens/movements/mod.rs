//! Who is out, and who was.

mod row;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::i18n::use_i18n;
use crate::reactive::{effect, memo};
use crate::state::{AppState, Shown};
use crate::ui::{Empty, Icon, PageTitle, Tone, live, lu};
use crate::{actions, routes, words};
use row::Row;

#[component]
pub fn Movements() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let open = memo(move || {
        let mut open: Vec<Shown> = app.movements.open.with(|open| open.values().cloned().collect());
        // Those on the way first, then by when they leave.
        waymark_core::order::sort_by_key(&mut open, |movement| {
            (!movement.is_under_way(), movement.plan.plan.depart, movement.id)
        });
        open
    });
    let closed = RwSignal::new(Vec::<Shown>::new());
    effect(move || {
        app.records.revision.track();
        spawn_local(async move {
            let mut earlier = actions::earlier_plans(app).await;
            earlier.retain(|movement| movement.closed.is_some());
            closed.try_set(earlier);
        });
    });
    let none = memo(move || app.movements.are_read() && open.with(Vec::is_empty));
    let now = move || {
        if none.get() {
            return view! { <Empty title=words!(i18n, movements.none) text=words!(i18n, movements.none_text) /> }
                .into_any();
        }
        rows(open.into())
    };
    let past = memo(move || closed.with(|closed| !closed.is_empty()));
    let before = move || {
        past.get().then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, movements.earlier)}</h2>
                    {rows(closed.into())}
                </section>
            }
        })
    };
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, movements.title) />
            <a class="btn" href=routes::NEW_MOVEMENT data-tone=Tone::Accent.name() data-size="big">
                <Icon icon=lu::LuPlus />
                <span>{words!(i18n, movements.plan)}</span>
            </a>
            <section class="stack stack-tight" aria-label=words!(i18n, movements.open)>
                {live(now)}
            </section>
            {live(before)}
        </div>
    }
    .into_any()
}

fn rows(movements: Signal<Vec<Shown>>) -> AnyView {
    // A reading is drawn again when another has taken its place.
    let key = |movement: &Shown| {
        (movement.id, movement.plan.id, movement.contacts.len(), movement.closed.is_some())
    };
    view! {
        <ul class="rows">
            {crate::ui::rows(move || movements.get(), key, |movement| view! { <Row movement /> })}
        </ul>
    }
    .into_any()
}
