use leptos::prelude::*;
use waymark_core::event::Kind;
use waymark_core::rules::go_no_go::{Check, CheckState};
use waymark_core::view::chain::Item;

use super::item::{ItemRow, item_key};
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::state::AppState;
use crate::ui::{Chip, LinkButton, Tone, live, lu, rows, time};
use crate::{say, words};

/// So many are listed.
const SHOWN: usize = 20;

/// The checklists that were gone through last.
#[component]
pub fn ChecksDone() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || {
        app.chain.with(|chain| {
            let own = |item: &&Item| item.form.kind == Kind::ChecklistCompleted;
            let mut all: Vec<&Item> = chain.items().filter(own).collect();
            waymark_core::view::chain::newest_first(&mut all);
            all.into_iter().take(SHOWN).cloned().collect::<Vec<_>>()
        })
    });
    let some = memo(move || all.with(|all| !all.is_empty()));
    let row = move |item: Item| {
        let more = gaps_words(i18n, item.now.list("gaps").len());
        view! { <ItemRow item more /> }
    };
    live(move || {
        some.get().then(|| {
            view! {
                <section class="stack stack-tight" data-part="checks-done">
                    <h2>{words!(i18n, checklists.done)}</h2>
                    <ul class="rows">{rows(move || all.get(), item_key, row)}</ul>
                </section>
            }
        })
    })
}

pub fn gaps_words(i18n: I18n, gaps: usize) -> String {
    match gaps {
        0 => say!(i18n, checklists.clear),
        count => say!(i18n, checklists.gaps, count = count),
    }
}

/// How one checklist of a movement stands, and the way to fill it in.
pub fn check_row(i18n: I18n, check: &Check<'_>, movement: waymark_core::event::EventId, now: i64) -> AnyView {
    let title =
        check.list.text(i18n.get_locale().as_str()).map(|(_, text)| text.title.clone()).unwrap_or_default();
    let by = |item: &Item| {
        let time = time::moment(intl(i18n), item.happened().0, now);
        say!(i18n, chain.reported_by, name = item.by.name, time = time)
    };
    let (state, icon, tone, more) = match check.state {
        CheckState::Missing => (say!(i18n, checklists.missing), lu::LuCircleDashed, Tone::Warn, None),
        CheckState::Old(item) => (say!(i18n, checklists.old), lu::LuClock, Tone::Warn, Some(by(item))),
        CheckState::Done { item, gaps: 0, .. } => {
            (say!(i18n, checklists.clear), lu::LuCheck, Tone::Accent, Some(by(item)))
        }
        CheckState::Done { item, gaps, must } => {
            let words =
                if must { say!(i18n, checklists.gaps_must, count = gaps) } else { gaps_words(i18n, gaps) };
            let tone = if must { Tone::Danger } else { Tone::Warn };
            (words, lu::LuTriangleAlert, tone, Some(by(item)))
        }
    };
    let code = match check.state {
        CheckState::Missing => "missing",
        CheckState::Old(_) => "old",
        CheckState::Done { gaps: 0, .. } => "clear",
        CheckState::Done { .. } => "gaps",
    };
    let id = check.item().map(|item| item.id);
    let title = id.map_or_else(
        || view! { <span class="row-title">{title.clone()}</span> }.into_any(),
        |id| view! { <a class="row-title" href=routes::record(id)>{title.clone()}</a> }.into_any(),
    );
    let name = routes::encoded(&check.name);
    let href = format!("{}?name={name}&movement={movement}", routes::checklist(&check.list.id));
    let again = !matches!(check.state, CheckState::Done { gaps: 0, .. });
    let go = again
        .then(|| view! { <LinkButton label=words!(i18n, checklists.fill) href icon=lu::LuListChecks /> });
    view! {
        <li class="row" data-check=check.list.id.clone() data-state=code>
            <div class="out-words">
                <p>{title} " · " <strong dir="auto">{check.name.clone()}</strong></p>
                <p class="convoy-chips">
                    <Chip text=Signal::stored(state) icon tone />
                </p>
                {more.map(|more| view! { <p class="row-sub">{more}</p> })}
                {go}
            </div>
        </li>
    }
    .into_any()
}
