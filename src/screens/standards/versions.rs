use leptos::prelude::*;
use leptos::task::spawn_local;
use waymark_core::backend::standards::{Changes, Version};
use waymark_core::guidance::ORIGINAL;
use waymark_core::rules::Role;

use super::changes;
use crate::actions;
use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::{derive, memo};
use crate::screens::parts::words::role;
use crate::state::AppState;
use crate::ui::{Chip, Empty, LateFold, Tone, live, lu, rows, time};
use crate::{say, words};

/// What is published, the latest first; each tells what has changed with it.
#[component]
pub fn Versions(central: bool) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let all = memo(move || app.standards.with(|seen| seen.told.as_ref().map(|told| told.versions.clone())));
    let key = move || {
        let key = app.standards.with(|seen| seen.told.as_ref()?.key)?;
        Some(
            view! { <p class="small soft">{say!(i18n, standards.key)} " " <bdi dir="ltr" class="num">{key.short()}</bdi></p> },
        )
    };
    let none = move || {
        let none = all.with(|all| all.as_ref().is_some_and(Vec::is_empty));
        none.then(|| {
            let who = derive(move || {
                if central {
                    say!(i18n, standards.none_central)
                } else {
                    say!(i18n, standards.none_other, role = role(i18n, Role::Central))
                }
            });
            view! {
                <Empty title=words!(i18n, standards.none) text=words!(i18n, standards.none_text)>
                    <p>{who}</p>
                </Empty>
            }
        })
    };
    let built_in = move || {
        let manifest = app.guidance.standing.with(|standing| standing.built_in.clone())?;
        let version = manifest.version.to_string();
        let below = all.with(|all| all.as_ref().is_some_and(|all| !all.is_empty()));
        let words = if below {
            say!(i18n, standards.built_in, version = version)
        } else {
            say!(i18n, standards.built_in_force, version = version)
        };
        Some(view! { <p class="small soft">{words}</p> })
    };
    let latest = memo(move || all.with(|all| all.as_ref()?.first().map(|own| own.version)));
    view! {
        <section class="stack stack-tight" data-part="versions">
            <h2>{words!(i18n, standards.versions)}</h2>
            {live(none)}
            <ul class="rows">
                {rows(
                    move || all.get().unwrap_or_default(),
                    |own| own.version,
                    move |own| row(i18n, &own, latest),
                )}
            </ul>
            {live(key)}
            {live(built_in)}
        </section>
    }
    .into_any()
}

fn row(i18n: I18n, own: &Version, latest: Memo<Option<u32>>) -> AnyView {
    let app = AppState::get();
    let version = own.version;
    let title = own.title.clone();
    let title = move || {
        let language = i18n.get_locale().as_str();
        let title = title.get(language).or_else(|| title.get(ORIGINAL)).cloned().unwrap_or_default();
        say!(i18n, standards.version, version = version.to_string(), title = title)
    };
    let (published, expires) = (own.published.0, own.expires.0);
    let dates = move || {
        let now = app.minute.get();
        let published = time::moment(intl(i18n), published, now);
        let expires = time::day(intl(i18n), expires, now);
        say!(i18n, standards.dates, published = published, expires = expires)
    };
    let chip = move || {
        let current = latest.get() == Some(version);
        let old = expires < app.minute.get();
        let (text, icon, tone) = match (current, old) {
            (true, true) => (say!(i18n, standards.expired), lu::LuClock, Tone::Warn),
            (true, false) => (say!(i18n, standards.in_force), lu::LuCheck, Tone::Accent),
            (false, _) => return None,
        };
        Some(view! { <p class="convoy-chips"><Chip text=Signal::stored(text) icon tone /></p> })
    };
    let make = Callback::new(move |()| {
        spawn_local(actions::open_changes(app, version));
        view! { <Changed version /> }.into_any()
    });
    view! {
        <li class="row" data-version=version.to_string()>
            <div class="out-words">
                <p class="row-title">{title}</p>
                {live(chip)}
                <p class="row-sub">{dates}</p>
                <LateFold
                    part="changes"
                    heading=words!(i18n, standards.changes)
                    holds=Signal::stored(String::new())
                    make
                />
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Changed(version: u32) -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let own = memo(move || {
        app.standards.with(|seen| seen.changes.iter().find(|own| own.version == version).cloned())
    });
    live(move || match own.get() {
        // Why it did not come stands above.
        None if app.standards.with(|seen| seen.trouble.is_some()) => ().into_any(),
        None => view! { <p class="soft" role="status">{words!(i18n, standards.asking)}</p> }.into_any(),
        Some(Changes { before: 0, .. }) => {
            view! { <p class="soft">{words!(i18n, standards.first)}</p> }.into_any()
        }
        Some(Changes { before, changes: found, .. }) => {
            let since = derive(move || say!(i18n, standards.since, version = before.to_string()));
            let nothing = found.is_empty().then(|| view! { <li>{words!(i18n, change.nothing)}</li> });
            let lines: Vec<_> = found
                .into_iter()
                .map(|change| {
                    let deep = change.within.then_some("");
                    let text = derive(move || changes::line(i18n, &change));
                    view! { <li data-deep=deep dir="auto">{text}</li> }.into_any()
                })
                .collect();
            view! {
                <p class="small soft">{since}</p>
                <ul class="change-lines">{nothing} {lines}</ul>
            }
            .into_any()
        }
    })
}
