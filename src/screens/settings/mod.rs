//! What this phone is set to, how it stands, and what this app cannot do.

mod about;
mod backends;
mod connection;
mod emergency;
mod photos;
mod queue;
mod storage;

use leptos::prelude::*;

use crate::actions;
use crate::i18n::use_i18n;
use crate::reactive::derive;
use crate::screens::parts::LanguageChoices;
use crate::state::{AppState, Theme};
use crate::ui::{Choice, Choices, PageTitle, SheetRow, live, lu};
use crate::{say, words};
use about::{About, Who};
use backends::BackendsRow;
use connection::ConnectionRow;
use emergency::EmergencyRow;
use photos::PhotosRow;
use queue::QueueRow;
use storage::StorageRow;

#[component]
pub fn Settings() -> impl IntoView {
    let i18n = use_i18n();
    let draft_notice = move || {
        let notice = say!(i18n, meta.draft_notice);
        (!notice.is_empty()).then(|| view! { <p class="small soft">{notice}</p> })
    };
    view! {
        <div class="page page-narrow">
            <PageTitle text=words!(i18n, settings.title) />
            <div class="sheet">
                <QueueRow />
                <ConnectionRow />
                <BackendsRow />
                <SheetRow heading=words!(i18n, settings.language)>
                    <LanguageChoices />
                    {live(draft_notice)}
                </SheetRow>
                <SheetRow heading=words!(i18n, settings.theme)>
                    <Themes />
                </SheetRow>
                <PhotosRow />
                <EmergencyRow />
                <StorageRow />
                <Who />
                <About />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Themes() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let option = move |theme: Theme| {
        let (label, icon) = match theme {
            Theme::System => (say!(i18n, settings.theme_system), lu::LuSmartphone),
            Theme::Light => (say!(i18n, settings.theme_light), lu::LuSun),
            Theme::Dark => (say!(i18n, settings.theme_dark), lu::LuMoon),
            Theme::Sun => (say!(i18n, settings.theme_sun), lu::LuContrast),
        };
        Choice { value: theme.code().to_owned(), label, icon: Some(icon), ..Choice::default() }
    };
    view! {
        <Choices
            name="theme"
            label=words!(i18n, settings.theme)
            options=derive(move || Theme::ALL.map(option).to_vec())
            value=derive(move || app.device.theme.get().code().to_owned())
            on_choose=Callback::new(move |code: String| actions::set_theme(app, Theme::from_code(&code)))
        />
    }
    .into_any()
}
