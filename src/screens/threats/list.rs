use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::chain::Item;

use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::ListOf;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{Empty, LateFold, LinkButton, live, lu, rows};
use crate::{say, words};

/// Closed ones are shown so many at a time.
const CLOSED: usize = 20;

/// The threats that are shown, and those of them that are open.
pub fn exported(all: Memo<Vec<Item>>, i18n: I18n) -> Vec<ListOf> {
    let ids = move |closed: bool| {
        derive(move || {
            let wanted = |item: &&Item| closed || item.is_open();
            all.with(|all| all.iter().filter(wanted).map(|item| item.id).collect())
        })
    };
    vec![
        ListOf { name: "threats-open", label: words!(i18n, export.open), ids: ids(false) },
        ListOf { name: "threats", label: words!(i18n, export.all), ids: ids(true) },
    ]
}

/// Open threats: those with a deadline first, the nearest first, then those that nobody has judged, then the newest.
#[component]
pub fn List(all: Memo<Vec<Item>>, current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let open = move || {
        let now = app.now.get_untracked();
        let mut open: Vec<Item> = all.with(|all| all.iter().filter(|item| item.is_open()).cloned().collect());
        waymark_core::order::sort_by_key(&mut open, |item| {
            // A deadline that has long passed is no longer what presses most.
            let deadline = item.deadline().filter(|at| now.ms_since(*at) < DAY_MS);
            (deadline.is_none(), deadline, !item.evaluations().is_empty(), std::cmp::Reverse(item.happened()))
        });
        open
    };
    let none = memo(move || app.chain.is_read() && all.with(Vec::is_empty));
    let closed_count = memo(move || all.with(|all| all.iter().filter(|item| !item.is_open()).count()));
    let some_closed = memo(move || closed_count.get() > 0);
    let row = move |item: Item| {
        let id = item.id;
        let current = derive(move || current.get() == Some(id));
        let more = judged(i18n, &item);
        view! { <ItemRow item under=routes::THREATS current more /> }
    };
    live(move || {
        if none.get() {
            return view! {
                <Empty title=words!(i18n, chain.none) text=words!(i18n, chain.none_text)>
                    <LinkButton label=words!(i18n, nav.report) href=routes::report("threat") icon=lu::LuPlus />
                </Empty>
            }
            .into_any();
        }
        let make = Callback::new(move |()| {
            let closed = move || {
                all.with(|all| {
                    all.iter().filter(|item| !item.is_open()).take(CLOSED).cloned().collect::<Vec<_>>()
                })
            };
            view! { <ul class="rows">{rows(closed, item_key, row)}</ul> }.into_any()
        });
        let past = move || {
            some_closed.get().then(|| {
                view! {
                    <LateFold
                        part="closed"
                        heading=words!(i18n, chain.over)
                        holds=derive(move || say!(i18n, chain.show_closed, count = closed_count.get()))
                        make
                    />
                }
            })
        };
        view! {
            <ul class="rows" data-part="open">{rows(open, item_key, row)}</ul>
            {live(past)}
        }
        .into_any()
    })
}

const DAY_MS: i64 = 86_400_000;

fn judged(i18n: I18n, item: &Item) -> String {
    match item.evaluations().len() {
        0 if item.is_open() => say!(i18n, chain.not_judged),
        0 => String::new(),
        count => say!(i18n, chain.judged, count = count),
    }
}
