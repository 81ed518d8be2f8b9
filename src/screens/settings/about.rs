use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::screens::parts::words;
use crate::state::AppState;
use crate::ui::{Fact, Facts, SheetRow, live};
use crate::{say, words};

/// Whose phone this is to the organisation.
#[component]
pub fn Who() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let facts = move || {
        app.person().map_or_else(Vec::new, |person| {
            vec![
                Fact::new(say!(i18n, settings.name), person.name),
                Fact::new(say!(i18n, settings.role), words::role(i18n, person.role)),
                Fact::new(say!(i18n, settings.org), person.org_name),
                Fact::code(say!(i18n, settings.device), person.device),
            ]
        })
    };
    view! {
        <SheetRow heading=words!(i18n, settings.who)>
            <Facts facts=derive(facts) />
        </SheetRow>
    }
    .into_any()
}

/// Said openly, so that nobody relies on what is not there.
#[component]
pub fn About() -> impl IntoView {
    let i18n = use_i18n();
    let version = move || say!(i18n, settings.version, number = env!("CARGO_PKG_VERSION"));
    view! {
        <SheetRow heading=words!(i18n, settings.about)>
            <p>{words!(i18n, settings.about_text)}</p>
            <h3>{words!(i18n, settings.cannot)}</h3>
            <ul class="points">
                <li>{words!(i18n, settings.cannot_track)}</li>
                <li>{words!(i18n, settings.cannot_ring)}</li>
                <li>{words!(i18n, settings.cannot_watch)}</li>
            </ul>
            <p class="small soft">{live(version)}</p>
        </SheetRow>
    }
    .into_any()
}
