use leptos::prelude::*;
use waymark_core::event::form::form_named;
use waymark_core::rules::authority::may_write;
use waymark_core::view::chain::Item;
use waymark_core::view::readiness::{Practised, Standing, Trained, practised, trained};

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::screens::parts::forms;
use crate::state::AppState;
use crate::ui::{Chip, LinkButton, Tone, live, lu, time};
use crate::{say, words};

/// So many people are listed; what runs out first stands at the top.
const MOST: usize = 60;

/// Training that holds or runs out, and plans that were practised or wait for it; for those who watch.
#[component]
pub fn Readiness() -> impl IntoView {
    let app = AppState::get();
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    live(move || watches.get().then(|| view! { <Drills /> <Training /> }))
}

#[component]
fn Training() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let lines = move || {
        hour.track();
        let now = untrack(|| app.server_now());
        app.chain.with(|chain| {
            let all = trained(chain, now);
            all.iter().take(MOST).map(|one| training(i18n, one, now.0)).collect::<Vec<_>>()
        })
    };
    let none = memo(move || app.chain.with(|chain| chain.of_form("training").is_empty()));
    view! {
        <section class="stack stack-tight" data-part="training">
            <div class="bar">
                <h2>{words!(i18n, checklists.training)}</h2>
                {record("training")}
            </div>
            {live(move || none.get().then(|| view! { <p class="soft">{words!(i18n, checklists.training_none)}</p> }))}
            <ul class="rows">{live(lines)}</ul>
        </section>
    }
    .into_any()
}

/// The way to a form, for those who may write it.
fn record(name: &'static str) -> AnyView {
    let app = AppState::get();
    let i18n = use_i18n();
    let may = move || {
        let role = app.person()?.role;
        let form = form_named(name)?;
        may_write(role, &form.kind).is_ok().then(|| {
            view! { <LinkButton label=words!(i18n, checklists.record) href=routes::report(name) icon=lu::LuPlus /> }
        })
    };
    live(may)
}

fn standing(i18n: I18n, standing: Standing) -> AnyView {
    let (text, icon, tone) = match standing {
        Standing::Overdue => (say!(i18n, checklists.overdue), lu::LuTriangleAlert, Tone::Danger),
        Standing::Soon => (say!(i18n, checklists.soon), lu::LuClock, Tone::Warn),
        Standing::Good => (say!(i18n, checklists.holds_good), lu::LuCheck, Tone::Accent),
    };
    view! { <Chip text=Signal::stored(text) icon tone /> }.into_any()
}

fn training(i18n: I18n, one: &Trained<'_>, now: i64) -> AnyView {
    let item = one.item;
    let person = item.now.person("person").map(|person| person.name).unwrap_or_default();
    let course = forms::code(i18n, "course", item.now.text("course").unwrap_or_default());
    let until = item.now.moment("expires");
    let until = until.map(|at| say!(i18n, checklists.until, time = time::day(intl(i18n), at.0, now)));
    row(i18n, one.standing, item, format!("{person} · {course}"), until)
}

/// One record that holds for a time, how that stands, and words about it.
pub(super) fn row(i18n: I18n, holds: Standing, item: &Item, title: String, words: Option<String>) -> AnyView {
    view! {
        <li class="row" data-standing=holds.code()>
            <div class="out-words">
                <a class="row-link row-title" dir="auto" href=routes::record(item.id)>
                    {title}
                </a>
                <p class="convoy-chips">{standing(i18n, holds)}</p>
                {words.map(|words| view! { <p class="row-sub">{words}</p> })}
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Drills() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let hour = memo(move || app.server_now().0 / 3_600_000);
    let lines = move || {
        hour.track();
        let now = untrack(|| app.server_now());
        app.guidance.with(|library| {
            app.chain.with(|chain| {
                let all = practised(chain, &library.plans, now);
                all.iter().map(|one| drill(i18n, one, now.0)).collect::<Vec<_>>()
            })
        })
    };
    view! {
        <section class="stack stack-tight" data-part="drills">
            <h2>{words!(i18n, checklists.drills)}</h2>
            <ul class="rows">{live(lines)}</ul>
        </section>
    }
    .into_any()
}

fn drill(i18n: I18n, one: &Practised<'_>, now: i64) -> AnyView {
    let title =
        one.plan.text(i18n.get_locale().as_str()).map(|(_, text)| text.title.clone()).unwrap_or_default();
    let last = match one.last {
        None => say!(i18n, checklists.never),
        Some(item) => {
            let time = time::moment(intl(i18n), item.happened().0, now);
            let result = forms::code(i18n, "drill_result", item.now.text("result").unwrap_or_default());
            say!(i18n, checklists.last, time = time, result = result)
        }
    };
    let query = format!("?plan={}&title={}", routes::encoded(&one.plan.id), routes::encoded(&title));
    let href = format!("{}{query}", routes::report("drill"));
    let held = one.last.map(|item| {
        view! { <a class="row-sub" href=routes::record(item.id)>{say!(i18n, checklists.lessons)}</a> }
    });
    view! {
        <li class="row" data-plan=one.plan.id.clone() data-standing=one.standing.code()>
            <div class="out-words">
                <a class="row-title" href=routes::contingency(&one.plan.id)>
                    {title}
                </a>
                <p class="convoy-chips">{standing(i18n, one.standing)}</p>
                <p class="row-sub">{last}</p>
                {held}
                <LinkButton label=words!(i18n, checklists.record_drill) href icon=lu::LuPlus />
            </div>
        </li>
    }
    .into_any()
}
