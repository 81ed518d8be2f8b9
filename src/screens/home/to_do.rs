use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::view::chain::{Item, Status};

use crate::i18n::{intl, use_i18n};
use crate::reactive::{effect, memo};
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{live, rows, time};
use crate::{actions, say, words};

/// Actions that whoever is signed in is to do, the nearest day first.
#[component]
pub fn ToDo() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // What the screen opens with comes first.
    effect(move || {
        if app.movements.are_read() {
            spawn_local(actions::open_chain(app));
        }
    });
    let mine = memo(move || {
        let Some(person) = app.person() else { return vec![] };
        let is_mine = |item: &&Item| {
            item.form.name == "action"
                && item.status() == Status::Open
                && item.owner().and_then(|owner| owner.user).as_ref() == Some(&person.user)
        };
        app.chain.with(|chain| {
            let mut mine: Vec<Item> = chain.items().filter(is_mine).cloned().collect();
            waymark_core::order::sort_by_key(&mut mine, |item| (item.deadline(), item.id));
            mine
        })
    });
    let row = move |item: Item| {
        let due = item.deadline().map(|at| time::moment(intl(i18n), at.0, app.now.get_untracked().0));
        let more = due.map(|time| say!(i18n, sectors.due, time = time)).unwrap_or_default();
        view! { <ItemRow item more /> }
    };
    let some = memo(move || mine.with(|mine| !mine.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="to-do">
                    <h2>{words!(i18n, home.to_do)}</h2>
                    <ul class="rows">{rows(move || mine.get(), item_key, row)}</ul>
                </section>
            }
        })
    })
}
