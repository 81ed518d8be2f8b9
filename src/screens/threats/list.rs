use leptos::prelude::*;
use waymark_core::event::EventId;
use waymark_core::view::chain::Item;

use crate::i18n::{I18n, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{Empty, LateFold, LinkButton, live, lu, rows};
use crate::{say, words};

/// Closed ones are shown so many at a time.
const CLOSED: usize = 20;

/// Open threats: those with a deadline first, the nearest first, then those that nobody has judged, then the newest.
#[component]
pub fn List(current: Signal<Option<EventId>>) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    // Open ones, so many of the closed, and how many those are.
    let all = memo(move || {
        app.chain.with(|chain| {
            let (open, closed): (Vec<&Item>, Vec<&Item>) =
                chain.of_form("threat").into_iter().partition(|item| item.is_open());
            let count = closed.len();
            let few = closed.into_iter().take(CLOSED).cloned().collect::<Vec<Item>>();
            (open.into_iter().cloned().collect::<Vec<Item>>(), few, count)
        })
    });
    let open = move || {
        let now = app.now.get_untracked();
        let mut open = all.with(|(open, ..)| open.clone());
        waymark_core::order::sort_by_key(&mut open, |item| {
            // A deadline that has long passed is no longer what presses most.
            let deadline = item.deadline().filter(|at| now.ms_since(*at) < DAY_MS);
            (deadline.is_none(), deadline, !item.evaluations().is_empty(), std::cmp::Reverse(item.happened()))
        });
        open
    };
    let none =
        memo(move || app.chain.is_read() && all.with(|(open, _, closed)| open.is_empty() && *closed == 0));
    let closed_count = memo(move || all.with(|(.., count)| *count));
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
        let body = Callback::new(move |()| {
            let closed = move || all.with(|(_, few, _)| few.clone());
            view! { <ul class="rows">{rows(closed, item_key, row)}</ul> }.into_any()
        });
        let past = move || {
            (closed_count.get() > 0).then(|| {
                view! {
                    <LateFold
                        heading=words!(i18n, chain.over)
                        holds=derive(move || say!(i18n, chain.show_closed, count = closed_count.get()))
                        body
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
