//! What stands around every screen: who and where, how the queue stands, the way to the other screens.

mod banners;
mod prompt;
mod sync_chip;
mod tabs;

use leptos::prelude::*;

use crate::i18n::use_i18n;
use crate::routes::Screens;
use crate::screens::Ringer;
use crate::state::AppState;
use crate::ui::{Icon, ToastRegion, live, lu};
use crate::{routes, words};
pub use banners::Banners;
use prompt::Prompt;
use sync_chip::SyncChip;
use tabs::Tabs;

#[component]
pub fn Shell() -> impl IntoView {
    let app = AppState::get();
    let i18n = use_i18n();
    let org = move || app.person().map(|person| person.org_name);
    view! {
        <div class="shell" data-sync=move || app.sync.with(|sync| sync.phase.code())>
            <a class="skip" href="#main">
                {words!(i18n, nav.skip)}
            </a>
            <header class="top">
                <div class="brand">
                    <span class="blaze" aria-hidden="true"></span>
                    <span class="brand-words">
                        <span class="brand-name">"Waymark"</span>
                        <span class="brand-org">{live(org)}</span>
                    </span>
                </div>
                <SyncChip />
                // Five tabs fit under a thumb; on a wide screen this is one of them.
                <a class="gear" href=routes::SETTINGS aria-label=words!(i18n, nav.settings)>
                    <Icon icon=lu::LuSettings />
                </a>
            </header>
            <main class="main" id="main" tabindex="-1">
                <Banners />
                <Screens />
            </main>
            <Tabs />
            <ToastRegion />
            <Ringer />
            <Prompt />
        </div>
    }
    .into_any()
}
