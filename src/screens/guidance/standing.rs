use leptos::prelude::*;
use waymark_core::guidance::{Manifest, ORIGINAL};

use crate::i18n::{I18n, intl, use_i18n};
use crate::reactive::memo;
use crate::routes;
use crate::state::{AppState, PackTrouble};
use crate::ui::{Banner, Tone, live, lu, time};
use crate::{say, words};

/// Which pack is in force, how old it is, what of it has changed, and what keeps a newer one out.
#[component]
pub fn Standing() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let own = memo(move || app.guidance.standing.with(|standing| standing.own.clone()));
    let refused = move || {
        app.guidance.standing.with(|standing| {
            let text = match (&standing.refused, &standing.trouble) {
                // What was kept here is not shown.
                (Some(_), _) => say!(i18n, guidance.damaged),
                (None, Some(PackTrouble::Refused(refusal))) => {
                    let why = crate::i18n::named(i18n, "refusals", refusal.code()).unwrap_or_default();
                    say!(i18n, guidance.refused, why = why)
                }
                (None, Some(PackTrouble::Full)) => say!(i18n, guidance.full),
                (None, Some(PackTrouble::Incomplete(count))) if *count > 0 => {
                    say!(i18n, guidance.incomplete, count = *count)
                }
                _ => return None,
            };
            let wrong = !matches!(standing.trouble, Some(PackTrouble::Incomplete(_)));
            let tone = if wrong { Tone::Danger } else { Tone::None };
            Some(view! { <Banner tone icon=lu::LuShieldAlert text=Signal::stored(text) /> })
        })
    };
    let old = move || {
        let now = app.server_now();
        let old = own.with(|own| own.as_ref().is_some_and(|own| own.is_old(now)));
        old.then(|| view! { <Banner tone=Tone::Warn icon=lu::LuClock text=words!(i18n, guidance.old) /> })
    };
    let line = move || {
        own.with(|own| {
            let own = own.as_ref()?;
            let time = time::moment(intl(i18n), own.issued.0, app.minute.get());
            let version = own.version.to_string();
            let words =
                say!(i18n, guidance.version, title = title(i18n, own), version = version, time = time);
            let key = app.guidance.standing.with(|standing| standing.key.clone());
            let key = key.map(|key| view! { <span dir="ltr">{say!(i18n, guidance.key, key = key)}</span> });
            Some(view! { <p class="small soft" data-part="pack" data-version=version.clone()>{words} " · " {key}</p> })
        })
    };
    let watches = memo(move || app.person().is_some_and(|person| person.role.watches()));
    let more = move || {
        watches
            .get()
            .then(|| view! { <a class="small" href=routes::STANDARDS>{words!(i18n, standards.link)}</a> })
    };
    view! {
        {live(refused)}
        {live(old)}
        {live(line)}
        {live(more)}
        <Changed />
    }
    .into_any()
}

fn title(i18n: I18n, manifest: &Manifest) -> String {
    let own = manifest.title.get(i18n.get_locale().as_str()).or_else(|| manifest.title.get(ORIGINAL));
    own.cloned().unwrap_or_else(|| manifest.pack.clone())
}

#[component]
fn Changed() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let cards = memo(move || {
        let changed = app.guidance.standing.with(|standing| standing.changed.clone());
        let language = i18n.get_locale().as_str();
        app.guidance.with(|library| {
            let titled = |id: String| {
                let title = library.card(&id)?.text(language)?.1.title.clone();
                Some((id, title))
            };
            changed.into_iter().filter_map(titled).collect::<Vec<_>>()
        })
    });
    let links = move || {
        cards.with(|cards| {
            let link = |(id, title): &(String, String)| {
                view! { <li><a href=routes::card(id)>{title.clone()}</a></li> }.into_any()
            };
            cards.iter().map(link).collect::<Vec<_>>()
        })
    };
    let some = memo(move || cards.with(|cards| !cards.is_empty()));
    live(move || {
        some.get().then(|| {
            view! {
                <section class="panel panel-tight" data-part="changed">
                    <h2>{words!(i18n, guidance.changed)}</h2>
                    <ul class="points">{live(links)}</ul>
                </section>
            }
        })
    })
}
