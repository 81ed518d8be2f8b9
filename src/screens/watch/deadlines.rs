use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::view::chain::Item;

use crate::i18n::use_i18n;
use crate::reactive::{effect, memo};
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{live, rows};
use crate::{actions, words};

/// What has passed for longer than this does not press any more.
const PAST_MS: i64 = 86_400_000;

/// Threats that set a moment, the nearest first, counted down.
#[component]
pub fn Deadlines() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Who is out comes first.
    effect(move || {
        if app.movements.are_read() {
            spawn_local(actions::open_chain(app));
        }
    });
    let minute = memo(move || app.server_now().0 / 60_000);
    let threats = memo(move || {
        minute.track();
        let now = untrack(|| app.server_now());
        app.chain.with(|chain| {
            let presses = |item: &&Item| {
                matches!(item.form.name, "threat" | "heard")
                    && !item.exercise
                    && item.is_open()
                    && item.now.moment("deadline").is_some_and(|at| now.ms_since(at) < PAST_MS)
            };
            let mut threats: Vec<Item> = chain.items().filter(presses).cloned().collect();
            waymark_core::order::sort_by_key(&mut threats, |item| (item.deadline(), item.id));
            threats
        })
    });
    let some = memo(move || threats.with(|threats| !threats.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="deadlines">
                    <h2>{words!(i18n, chain.deadlines)}</h2>
                    <ul class="rows">
                        {rows(
                            move || threats.get(),
                            item_key,
                            |item| view! { <ItemRow item under=routes::THREATS /> },
                        )}
                    </ul>
                </section>
            }
        })
    })
}
