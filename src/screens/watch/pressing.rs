use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::event::{EventId, Kind};
use waymark_core::view::chain::{Item, Press};

use crate::i18n::use_i18n;
use crate::reactive::{derive, effect, memo};
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{LinkButton, live, lu, rows};
use crate::{actions, say, words};

/// So many are listed; the rest stand among the threats, or in the sectors.
const SHOWN: usize = 8;

/// Reports that somebody is to look at now, each with why.
#[component]
pub fn Pressing() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Who is out comes first.
    effect(move || {
        if app.movements.are_read() {
            spawn_local(actions::open_chain(app));
        }
    });
    let minute = memo(move || app.server_now().0 / 60_000);
    let pressing = memo(move || {
        minute.track();
        let now = untrack(|| app.server_now());
        app.chain.with(|chain| {
            let all = chain.pressing(now);
            let listed: Vec<(Press, Item)> =
                all.iter().take(SHOWN).map(|(press, item)| (*press, (*item).clone())).collect();
            (all.len(), listed)
        })
    });
    let count = memo(move || pressing.with(|(count, _)| *count));
    let some = memo(move || count.get() > 0);
    let more = move || {
        let more = count.get().saturating_sub(SHOWN);
        let label = derive(move || say!(i18n, chain.press_more, number = more.to_string()));
        (more > 0)
            .then(|| view! { <LinkButton label href=routes::THREATS icon=lu::LuMessageSquareWarning /> })
    };
    let row = move |(press, item): (Press, Item)| {
        let more = match press {
            Press::Help => say!(i18n, chain.press_help),
            Press::Deadline => String::new(),
            Press::Unjudged if item.form.kind == Kind::ThreatReported => say!(i18n, chain.not_judged),
            Press::Unjudged => say!(i18n, chain.not_answered),
        };
        let under = if item.form.kind == Kind::ThreatReported { routes::THREATS } else { routes::RECORDS };
        view! { <ItemRow item under more /> }
    };
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="pressing">
                    <h2>{words!(i18n, chain.pressing)}</h2>
                    <ul class="rows">{rows(move || pressing.with(|(_, all)| all.clone()), key, row)}</ul>
                    {live(more)}
                </section>
            }
        })
    })
}

fn key((press, item): &(Press, Item)) -> (Press, (EventId, usize, bool)) {
    (*press, item_key(item))
}
