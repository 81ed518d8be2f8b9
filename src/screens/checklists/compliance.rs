use leptos::prelude::*;
use waymark_core::order;
use waymark_core::view::chain::Item;
use waymark_core::view::compliance::{self, AreaStands, by_area, checked, lacks};
use waymark_core::view::readiness::Standing;

use super::readiness::row;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::gaps_words;
use crate::screens::parts::item::{ItemRow, item_key};
use crate::state::AppState;
use crate::ui::{LinkButton, live, lu, rows, time};
use crate::{say, words};

/// So many houses, cars and people are listed; what has run out first.
const MOST: usize = 60;

/// What is asked of premises, vehicles and people: by area for those who watch, and what is missing for everybody.
#[component]
pub fn Compliance() -> impl IntoView {
    let app = AppState::get();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    view! {
        {live(move || watches.get().then(|| view! { <Areas /> }))}
        <Lacks />
        {live(move || watches.get().then(|| view! { <Checked /> }))}
    }
}

#[component]
fn Areas() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let all = memo(move || {
        hour.track();
        let now = untrack(|| app.server_now());
        let mut areas = app.person().map(|person| person.areas).unwrap_or_default();
        app.chain.with(|chain| {
            for item in chain.of_form("level") {
                areas.extend(item.now.text("area").map(str::to_owned));
            }
            order::sort(&mut areas);
            areas.dedup();
            app.guidance.with(|library| by_area(chain, &library.checklists, &library.plans, &areas, now))
        })
    });
    let lines = move || all.get().iter().map(|own| line(i18n, own)).collect::<Vec<_>>();
    let some = memo(move || all.with(|all| !all.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="areas">
                    <h2>{words!(i18n, checklists.by_area)}</h2>
                    <div class="table-wrap">
                        <table class="figures-table stands-table">
                            <thead>
                                <tr>
                                    <th scope="col">{words!(i18n, sectors.area)}</th>
                                    <th scope="col">{words!(i18n, checklists.overdue)}</th>
                                    <th scope="col">{words!(i18n, checklists.missing_points)}</th>
                                    <th scope="col">{words!(i18n, checklists.soon)}</th>
                                    <th scope="col">{words!(i18n, checklists.holds_good)}</th>
                                </tr>
                            </thead>
                            <tbody>{live(lines)}</tbody>
                        </table>
                    </div>
                    <p class="small soft">{words!(i18n, checklists.by_area_text)}</p>
                </section>
            }
        })
    })
}

fn line(i18n: I18n, own: &AreaStands) -> AnyView {
    let name = if own.area.is_empty() { say!(i18n, checklists.no_area) } else { own.area.clone() };
    let loud = |count: u32| (count > 0).then_some("");
    view! {
        <tr data-area=own.area.clone()>
            <th scope="row" dir="auto">{name}</th>
            <td class="num" data-loud=loud(own.overdue)>{own.overdue}</td>
            <td class="num" data-loud=loud(own.missing)>{own.missing}</td>
            <td class="num">{own.soon}</td>
            <td class="num">{own.good}</td>
        </tr>
    }
    .into_any()
}

/// What somebody noticed to be missing.
#[component]
fn Lacks() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || app.chain.with(|chain| lacks(chain).into_iter().cloned().collect::<Vec<_>>()));
    let row = move |item: Item| {
        let of = item.now.text("name").unwrap_or_default().to_owned();
        view! { <ItemRow item more=of /> }
    };
    let none = move || {
        all.with(Vec::is_empty).then(|| view! { <p class="soft">{words!(i18n, checklists.lacks_none)}</p> })
    };
    view! {
        <section class="stack stack-tight" data-part="lacks">
            <div class="bar">
                <h2>{words!(i18n, checklists.lacks)}</h2>
                <LinkButton label=words!(i18n, checklists.lack_report) href=routes::report("lack") icon=lu::LuPlus />
            </div>
            {live(none)}
            <ul class="rows">{rows(move || all.get(), item_key, row)}</ul>
        </section>
    }
    .into_any()
}

/// Each house, car and person as it was gone through last, and for how long that holds.
#[component]
fn Checked() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let all = memo(move || {
        hour.track();
        let now = untrack(|| app.server_now());
        let language = i18n.get_locale().as_str();
        app.guidance.with(|library| {
            app.chain.with(|chain| {
                let own = |one: &compliance::Checked<'_>| {
                    let text = one.list.text(language);
                    let title = text.map(|(_, text)| text.title.clone()).unwrap_or_default();
                    (one.standing, one.item.clone(), title, one.gaps)
                };
                checked(chain, &library.checklists, now).iter().take(MOST).map(own).collect::<Vec<_>>()
            })
        })
    });
    let lines = move || {
        let now = untrack(|| app.server_now());
        let line = |(standing, item, title, gaps): &(Standing, Item, String, usize)| {
            let time = time::moment(intl(i18n), item.happened().0, now.0);
            let gaps = gaps_words(i18n, *gaps);
            let words = say!(i18n, checklists.gone_through, title = title.clone(), time = time, gaps = gaps);
            row(i18n, *standing, item, item.now.text("name").unwrap_or_default().to_owned(), Some(words))
        };
        all.with(|all| all.iter().map(line).collect::<Vec<_>>())
    };
    let some = memo(move || all.with(|all| !all.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="checked">
                    <h2>{words!(i18n, checklists.checked)}</h2>
                    <ul class="rows">{live(lines)}</ul>
                </section>
            }
        })
    })
}
