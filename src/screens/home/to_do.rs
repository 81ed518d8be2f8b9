use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::guidance::Card;
use waymark_core::view::chain::{Item, Status};
use waymark_core::view::readings::Readings;

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, effect, memo};
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{Fold, live, rows, time};
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
        view! { <ItemRow item more /> }.into_any()
    };
    let some = memo(move || mine.with(|mine| !mine.is_empty()));
    view! {
        <ToRead />
        {live(move || some.get().then(|| tasks(i18n, mine, row)))}
    }
}

/// Cards whose reading is asked for and that whoever is signed in has not read as they are now.
#[component]
fn ToRead() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    effect(move || {
        if app.chain.is_read() {
            spawn_local(actions::open_guidance_later(app));
        }
    });
    let left = memo(move || {
        let Some(person) = app.person().filter(|_| app.chain.is_read()) else { return vec![] };
        let language = i18n.get_locale().as_str();
        app.guidance.with(|library| {
            app.chain.with(|chain| {
                let title = |card: &Card| {
                    let (_, text) = card.text(language)?;
                    Some((card.id.clone(), text.title.clone()))
                };
                let left = Readings::of(chain).left(&library.cards, &person.user, person.role);
                left.into_iter().filter_map(title).collect::<Vec<_>>()
            })
        })
    });
    let lines = move || {
        let line = |(id, title): &(String, String)| {
            view! { <li><a href=routes::card(id)>{title.clone()}</a></li> }.into_any()
        };
        left.with(|left| left.iter().map(line).collect::<Vec<_>>())
    };
    let count = memo(move || left.with(Vec::len));
    live(move || {
        (count.get() > 0).then(|| {
            view! {
                <div data-part="to-read">
                    <Fold
                        heading=words!(i18n, home.to_read)
                        holds=derive(move || say!(i18n, guidance.cards, count = count.get()))
                    >
                        <ul class="points">{live(lines)}</ul>
                    </Fold>
                </div>
            }
        })
    })
}

fn tasks(
    i18n: I18n,
    mine: Memo<Vec<Item>>,
    row: impl Fn(Item) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    view! {
        <section class="stack stack-tight" data-part="to-do">
            <h2>{words!(i18n, home.to_do)}</h2>
            <ul class="rows">{rows(move || mine.get(), item_key, row)}</ul>
        </section>
    }
    .into_any()
}
