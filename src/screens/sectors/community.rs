use leptos::prelude::*;
use waymark_core::event::form::form_named;
use waymark_core::view::chain::{Chain, Item};
use waymark_core::view::community::{
    INDICATORS, acceptance, by_area, messages, rumours, signals, stakeholders, unanswered,
};

use super::chart::bars;
use super::list_of;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::routes;
use crate::screens::parts::item::{ItemRow, item_list};
use crate::screens::parts::{ExportMenu, forms};
use crate::state::AppState;
use crate::ui::{LinkButton, Text, live, lu, time};
use crate::{say, words};

/// Who we talk with, what waits for an answer, rumours, messages and acceptance.
#[component]
pub fn Community() -> impl IntoView {
    let i18n = use_i18n();
    let href = format!("{}/community", routes::REPORT);
    let app = AppState::get();
    let list = move |name, label, items: fn(&Chain) -> Vec<&Item>| {
        let items = memo(move || app.chain.with(|chain| items(chain).into_iter().cloned().collect()));
        list_of(name, label, items)
    };
    let lists = vec![
        list("feedback", words!(i18n, sectors.feedback), unanswered),
        list("rumours", words!(i18n, sectors.rumours), rumours),
        list("talks", words!(i18n, sectors.stakeholders), |chain| chain.of_form("consulted")),
        list("acceptance", words!(i18n, sectors.acceptance), |chain| chain.of_form("acceptance")),
    ];
    view! {
        <div class="bar">
            <LinkButton label=words!(i18n, nav.report) href icon=lu::LuPlus />
            <LinkButton label=words!(i18n, nav.threats) href=routes::THREATS icon=lu::LuMessageSquareWarning />
        </div>
        <div class="register">
            <div class="stack">
                <Feedback />
                <Rumours />
            </div>
            <div class="stack">
                <Stakeholders />
                <Acceptance />
                <Messages />
            </div>
        </div>
        <ExportMenu name="community" lists />
    }
    .into_any()
}

/// What nobody has answered ages in the open.
#[component]
fn Feedback() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all =
        memo(move || app.chain.with(|chain| unanswered(chain).into_iter().cloned().collect::<Vec<Item>>()));
    let none = move || {
        let none = app.chain.is_read() && all.with(Vec::is_empty);
        none.then(|| view! { <p class="soft">{words!(i18n, sectors.no_feedback)}</p> })
    };
    let row = move |item: Item| {
        let waits = time::span(intl(i18n), app.now.get_untracked().ms_since(item.happened()));
        let kind =
            item.now.text("feedback").map(|code| forms::code(i18n, "feedback", code)).unwrap_or_default();
        let more = format!("{kind} · {}", say!(i18n, sectors.waits, span = waits));
        view! { <ItemRow item more /> }
    };
    view! {
        <section class="stack stack-tight" data-part="feedback">
            <h2>{words!(i18n, sectors.feedback)}</h2>
            {live(none)}
            {item_list(all, row)}
        </section>
    }
    .into_any()
}

#[component]
fn Rumours() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all =
        memo(move || app.chain.with(|chain| rumours(chain).into_iter().cloned().collect::<Vec<Item>>()));
    let row = move |item: Item| {
        let truth = item.now.text("truth").unwrap_or("not_checked");
        let outcome = item.now.text("outcome").unwrap_or_default().to_owned();
        let more = [forms::code(i18n, "truth", truth), outcome];
        let more = more.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        view! { <ItemRow item more /> }
    };
    let some = memo(move || all.with(|all| !all.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight">
                    <h2>{words!(i18n, sectors.rumours)}</h2>
                    {item_list(all, row)}
                </section>
            }
        })
    })
}

#[component]
fn Stakeholders() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let list = move || {
        let now = app.minute.get();
        app.chain.with(|chain| {
            let one = |known: waymark_core::view::community::Stakeholder<'_>| {
                let talks = say!(i18n, sectors.talks, count = known.talks.len());
                let last = known.talks.first().map(|item| {
                    let time = time::moment(intl(i18n), item.happened().0, now);
                    say!(i18n, sectors.last_talk, time = time)
                });
                let values: Vec<u32> = known.perception.iter().map(|(_, value)| u32::from(*value)).collect();
                let latest = known
                    .perception
                    .last()
                    .map(|(_, value)| forms::code(i18n, "perception", &value.to_string()));
                let influence = known.influence.map(|value| {
                    let words = forms::code(i18n, "influence", &value.to_string());
                    format!("{}: {words}", say!(i18n, sectors.influence))
                });
                let perception = latest.map(|words| format!("{}: {words}", say!(i18n, sectors.perception)));
                let chart = (values.len() > 1).then(|| bars(&values, say!(i18n, sectors.perception)));
                let href = known.talks.first().map(|item| routes::record(item.id)).unwrap_or_default();
                let under = [Some(talks), last, perception, influence];
                let under = under.into_iter().flatten().collect::<Vec<_>>().join(" · ");
                view! {
                    <li class="stakeholder">
                        <div>
                            <p>
                                <a dir="auto" href=href>{known.name}</a>
                            </p>
                            <p class="small soft">{under}</p>
                        </div>
                        {chart}
                    </li>
                }
                .into_any()
            };
            stakeholders(chain).into_iter().map(one).collect::<Vec<_>>()
        })
    };
    let none = memo(move || app.chain.with(|chain| chain.of_form("consulted").is_empty()));
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, sectors.stakeholders)}</h2>
            {live(move || none.get().then(|| view! { <p class="soft">{words!(i18n, sectors.no_stakeholders)}</p> }))}
            <ul class="joined">{live(list)}</ul>
        </section>
    }
    .into_any()
}

#[component]
fn Acceptance() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let areas = move || {
        app.chain.with(|chain| {
            let one = |(area, items): (String, Vec<&Item>)| acceptance_of(i18n, area, &items);
            by_area(chain).into_iter().map(one).collect::<Vec<_>>()
        })
    };
    let seen = move || app.chain.with(|chain| counted(i18n, "signal", signals(chain)));
    let none = memo(move || app.chain.with(|chain| chain.of_form("acceptance").is_empty()));
    view! {
        <section class="stack stack-tight">
            <h2>{words!(i18n, sectors.acceptance)}</h2>
            {live(move || none.get().then(|| view! { <p class="soft">{words!(i18n, sectors.no_acceptance)}</p> }))}
            {live(areas)}
        </section>
        {live(move || (!none.get()).then(|| part(words!(i18n, sectors.signals), seen())))}
    }
    .into_any()
}

/// The mean over time as bars, and the ten indicators as they were last judged.
fn acceptance_of(i18n: I18n, area: String, items: &[&Item]) -> AnyView {
    let judged: Vec<(u32, u32)> = items.iter().rev().filter_map(|item| acceptance(item)).collect();
    let tenths: Vec<u32> = judged.iter().map(|(tenths, _)| *tenths).collect();
    let said = judged.last().map(|(tenths, count)| {
        let mean = time::number(intl(i18n), f64::from(*tenths) / 10.0);
        say!(i18n, sectors.acceptance_mean, number = count.to_string(), mean = mean)
    });
    let chart = (tenths.len() > 1).then(|| bars(&tenths, say!(i18n, sectors.acceptance)));
    let form = form_named("acceptance");
    let indicators: Vec<_> = INDICATORS
        .iter()
        .filter_map(|name| {
            let value = items.iter().find_map(|item| item.now.scale(name))?;
            let field = form?.field(name)?;
            let label = forms::label(i18n, form?, field);
            let words = forms::code(i18n, "agree", &value.to_string());
            Some(
                view! {
                    <li>
                        <span>{label}</span>
                        <meter class="meter" min="0" max="5" value=value.to_string() aria-label=words.clone()></meter>
                        <small class="soft">{format!("{value} · {words}")}</small>
                    </li>
                }
                .into_any(),
            )
        })
        .collect();
    view! {
        <article class="card">
            <h3 dir="auto">{area}</h3>
            {said.map(|said| view! { <p>{said}</p> })}
            {chart}
            <ul class="indicators">{indicators}</ul>
        </article>
    }
    .into_any()
}

#[component]
fn Messages() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let used = move || app.chain.with(|chain| counted(i18n, "message", messages(chain)));
    let some = memo(move || app.chain.with(|chain| !messages(chain).is_empty()));
    live(move || some.get().then(|| part(words!(i18n, sectors.messages), used())))
}

fn part(heading: Text, list: Vec<AnyView>) -> AnyView {
    view! {
        <section class="stack stack-tight">
            <h2>{heading}</h2>
            <ul class="points">{list}</ul>
        </section>
    }
    .into_any()
}

fn counted(i18n: I18n, list: &'static str, all: Vec<(String, u32)>) -> Vec<AnyView> {
    let one = |(code, count): (String, u32)| {
        let words = derive(move || forms::code(i18n, list, &code));
        view! { <li><strong class="num">{count}</strong> " × " {words}</li> }.into_any()
    };
    all.into_iter().map(one).collect()
}
